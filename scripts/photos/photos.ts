/** Finds photos on disk: files as given, folders searched to any depth, in the order of their names. */
import type { Dirent, Stats } from 'node:fs'
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
  /** Links to folders, which might lead round in a circle, and to nothing. */
  readonly otherLinks: readonly string[]
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

/** Without what is hidden. Throws when the folder, or one in it, cannot be read. */
export async function listFolder(folder: string): Promise<FolderListing> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const seen = await Promise.all(entries.map(targetOf))
  const pathsOf = (isWanted: (entry: Dirent, target: Dirent | Stats | null) => boolean): string[] =>
    entries
      .filter((entry, i) => isWanted(entry, seen[i]!))
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => !isHidden(relative(folder, path)))
      .sort()
  const files = pathsOf((_, target) => target?.isFile() ?? false)
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
    otherLinks: pathsOf((entry, target) => entry.isSymbolicLink() && !target?.isFile()),
  }
}

/** What an entry is, or what it links to; null for a link to nothing. */
async function targetOf(entry: Dirent): Promise<Dirent | Stats | null> {
  if (!entry.isSymbolicLink()) return entry
  return stat(join(entry.parentPath, entry.name)).catch(() => null)
}

function isHidden(path: string): boolean {
  return path.split(sep).some((part) => part.startsWith('.'))
}
