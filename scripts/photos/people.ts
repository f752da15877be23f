/**
 * Who is on which photo, by where the photo lies: <folder>/<person>/**.jpg, or <folder>/<person>.jpg with a number at the
 * end of the name where a person has several, as in ada_0001.jpg.
 */
import { basename, extname, relative, sep } from 'node:path'
import { photoExtensions } from '../../src/image/decode/formats.ts'
import { findPhotos } from './photos.ts'

export interface PersonPhoto {
  readonly person: string
  readonly file: string
}

/**
 * In the order of the files' names.
 *
 * @throws Error when there is no such folder, or no photo in it
 */
export async function findPersonPhotos(folder: string): Promise<PersonPhoto[]> {
  const files = await findPhotos([folder])
  if (files.length === 0)
    throw new Error(`${folder}: there is no photo (${photoExtensions.join(', ')})`)
  return files.map((file) => ({ person: personOf(folder, file), file }))
}

function personOf(folder: string, file: string): string {
  const [first, ...rest] = relative(folder, file).split(sep)
  if (rest.length > 0) return first!
  return basename(file, extname(file)).replace(/[_-]?\d+$/, '') || basename(file, extname(file))
}
