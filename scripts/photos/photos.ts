/** Finds photos on disk: files as given, folders searched to any depth, in the order of their names. */
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { photoExtensions } from '../../src/image/decode/formats.ts'

const photoName = new RegExp(`(${photoExtensions.join('|').replaceAll('.', '\\.')})$`, 'i')
/** Pictures that somebody may take for photos which are read. */
const pictureName = /\.(heic|heif|avif|jfif|jpe|jp2|jxl|gif|bmp|tiff?|dng|cr[23]|nef|arw|raw)$/i

export interface FolderListing {
  readonly photos: readonly string[]
  /** Pictures of other formats. */
  readonly otherPictures: readonly string[]
  /** Folders at the top with no photo in them. */
  readonly emptyFolders: readonly string[]
}

/** Throws when a path does not exist. A file named directly is taken whatever its name. */
export async function findPhotos(paths: readonly string[]): Promise<string[]> {
  const photos: string[] = []
  for (const path of paths) {
    const found = await stat(path).catch(() => null)
    if (!found) throw new Error(`${path}: there is no such file or folder`)
    if (found.isDirectory()) photos.push(...(await listFolder(path)).photos)
    else photos.push(path)
  }
  return photos
}

/** Without what is hidden. Throws when there is no such folder. */
export async function listFolder(folder: string): Promise<FolderListing> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new Error(`${folder}: there is no such folder`)
  })
  const isThere = await Promise.all(entries.map(isFile))
  const files = entries
    .filter((_, i) => isThere[i])
    .map(pathOf)
    .filter((file) => !isHidden(relative(folder, file)))
    .sort()
  const photos = files.filter((file) => photoName.test(file))
  const full = new Set(photos.map((file) => relative(folder, file).split(sep)[0]!))
  return {
    photos,
    otherPictures: files.filter((file) => pictureName.test(file)),
    emptyFolders: entries
      .filter((entry) => entry.isDirectory() && relative(folder, entry.parentPath) === '')
      .map(({ name }) => name)
      .filter((name) => !full.has(name) && !isHidden(name))
      .sort(),
  }
}

function pathOf({ parentPath, name }: Dirent): string {
  return join(parentPath, name)
}

/** Or a link to one. */
async function isFile(entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile()
  const target = await stat(pathOf(entry)).catch(() => null)
  return target?.isFile() ?? false
}

function isHidden(path: string): boolean {
  return path.split(sep).some((part) => part.startsWith('.'))
}
