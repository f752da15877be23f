/** Finds photos on disk: files as given, folders searched to any depth, in the order of their names. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { photoExtensions } from '../../src/image/decode/formats.ts'

const photoName = new RegExp(`(${photoExtensions.join('|').replaceAll('.', '\\.')})$`, 'i')

/** Throws when a path does not exist. A file named directly is taken whatever its name. */
export async function findPhotos(paths: readonly string[]): Promise<string[]> {
  const photos: string[] = []
  for (const path of paths) {
    const found = await stat(path).catch(() => null)
    if (!found) throw new Error(`${path}: there is no such file or folder`)
    if (!found.isDirectory()) {
      photos.push(path)
      continue
    }
    const files = await readdir(path, { recursive: true, withFileTypes: true })
    photos.push(
      ...files
        .filter((file) => file.isFile() && photoName.test(file.name) && !file.name.startsWith('.'))
        .map((file) => join(file.parentPath, file.name))
        .sort(),
    )
  }
  return photos
}
