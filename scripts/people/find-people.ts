/** People in a folder: a file is a person, and so is a folder with all photos under it. */
import { stat } from 'node:fs/promises'
import { basename, extname, relative, sep } from 'node:path'
import { findPhotos } from '../photos/photos.ts'

export async function findPeople(folder: string): Promise<Map<string, string[]>> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) {
    throw new Error(`${folder}: there is no such folder`)
  }
  const people = new Map<string, string[]>()
  for (const photo of await findPhotos([folder])) {
    const [first] = relative(folder, photo).split(sep)
    const identity = first === basename(photo) ? basename(first, extname(first)) : first!
    people.set(identity, [...(people.get(identity) ?? []), photo])
  }
  return people
}
