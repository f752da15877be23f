/** Photos to encode, whoever is on them: files, those of folders, and those of h5 files, each with what to call it. */
import { stat } from 'node:fs/promises'
import { isH5Name } from '../front/h5-name.ts'
import type { GivenKeys } from './h5-dataset.ts'
import { describeUnread } from './people.ts'
import { findPhotos, listFolder } from './photos.ts'
import { photosOfH5 } from './photos-of-h5.ts'

export interface NamedPhoto {
  readonly file: string
  readonly name: string
  /** Of an h5 file: what its label stands for. */
  readonly person?: string
}

/**
 * In the order of the paths.
 *
 * @param onLeft gets a line for what a folder holds that is not read
 */
export async function findNamedPhotos(
  paths: readonly string[],
  keys: GivenKeys,
  onLeft: (line: string) => void,
): Promise<NamedPhoto[]> {
  const photos: NamedPhoto[] = []
  for (const path of paths) {
    if (isH5Name(path)) {
      photos.push(...(await photosOfH5(path, keys)))
      continue
    }
    const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false
    if (isFolder) for (const line of describeUnread(path, await listFolder(path))) onLeft(line)
    photos.push(...(await findPhotos([path])).map((file) => ({ file, name: file })))
  }
  return photos
}
