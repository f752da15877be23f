/**
 * People with their photos, as the commands read them: from a folder, whose names say who is who (names.ts), or from an h5 file,
 * whose labels do. Photos of cameras are probes: nobody is enrolled with them, or trained or calibrated on them.
 */
import { stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { photoExtensions, photoFormatList } from '../../src/image/decode/formats.ts'
import { CommandFault } from '../front/fault.ts'
import { isH5Name } from '../front/h5-name.ts'
import type { GivenKeys } from './h5-dataset.ts'
import { personOn } from './names.ts'
import { type FolderListing, listFolder } from './photos.ts'
import { photosOfH5 } from './photos-of-h5.ts'
import { readProbeLabels } from './probe-labels.ts'

export interface PersonPhoto {
  readonly person: string
  readonly file: string
  /** A camera's photo, of which a list says who is on it: to be compared with people, never one of theirs. */
  readonly isProbe?: true
}

export interface Probe {
  readonly file: string
  /** By the folder's list; null: somebody of whom there is no photo, absent: not known. */
  readonly person?: string | null
}

export interface PeopleAndProbes {
  /** In the order of the files' names. */
  readonly photos: readonly PersonPhoto[]
  readonly probes: readonly Probe[]
  /** What else was left out and why, a line each. */
  readonly left: readonly string[]
}

/**
 * @param source a folder, or an h5 file
 * @throws Error when there is none, or the h5 file or the list of probes is wrong
 */
export async function readPeople(source: string, keys: GivenKeys = {}): Promise<PeopleAndProbes> {
  const found = await stat(source).catch(() => null)
  if (found?.isFile() && isH5Name(source)) {
    const photos = await photosOfH5(source, keys)
    return { photos, probes: [], left: labelsWithoutNames(source, photos) }
  }
  if (!found?.isDirectory()) throw new Error(`${source}: there is no such folder`)
  const listing = await listFolder(source)
  const below = (file: string): string => relative(source, file)
  const people: PersonPhoto[] = []
  const cameras: string[] = []
  for (const file of listing.photos) {
    const person = personOn(below(file))
    if (person === null) cameras.push(file)
    else people.push({ person, file })
  }
  const labels = await readProbeLabels(source, cameras, new Set(people.map(({ person }) => person)))
  return {
    photos: people,
    probes: cameras.map((file) => ({ file, ...labels.get(file) })),
    left: [...describeNested(source, people), ...describeUnread(source, listing)],
  }
}

/** A folder of people inside the one that was named, as after unpacking, looks like the photos of one person. */
function describeNested(source: string, people: readonly PersonPhoto[]): string[] {
  const [first] = people
  if (!first || people.length === 1 || people.some(({ person }) => person !== first.person))
    return []
  const inner = join(source, first.person)
  const isBelow = people.every(({ file }) => file.startsWith(inner + sep))
  const isDeeper = people.some(({ file }) => dirname(file) !== inner)
  if (!isBelow || !(isDeeper || first.person === basename(resolve(source)))) return []
  return [
    `all ${people.length} photos are taken for those of one person, ${first.person}; if several people are on them, name ${inner}`,
  ]
}

/** @throws CommandFault when there is no photo of anybody */
export function requireSomebody(source: string, found: PeopleAndProbes): PeopleAndProbes {
  if (found.photos.length > 0) return found
  const but = found.probes.length > 0 ? ' but those of cameras' : ''
  throw new CommandFault(
    `${source} holds no photos${but}; expected <person>.jpg or <person>/*.jpg (${photoExtensions.join(', ')})`,
  )
}

/** By person, in the order in which they come. */
export function byPerson(photos: readonly PersonPhoto[]): Map<string, string[]> {
  const people = Map.groupBy(photos, ({ person }) => person)
  return new Map([...people].map(([person, own]) => [person, own.map(({ file }) => file)]))
}

/** Everybody in a folder, by name, with the files of their photos. */
export async function findPeople(source: string, keys?: GivenKeys): Promise<Map<string, string[]>> {
  return byPerson((await readPeople(source, keys)).photos)
}

/** What a command did not take for photos of people, a line each. */
export function describeLeft({ probes, left }: PeopleAndProbes): string[] {
  const names = probes.map(({ file }) => basename(file))
  const probe = names.length === 1 ? 'a probe' : 'probes'
  return [...lineOf('camera photo', `left as ${probe}`, names), ...left]
}

/** Pictures and folders that give no photo, a line each. */
export function describeUnread(
  folder: string,
  { otherPictures, emptyFolders, otherLinks }: Omit<FolderListing, 'photos'>,
): string[] {
  const below = (paths: readonly string[]): string[] => paths.map((path) => relative(folder, path))
  return [
    ...lineOf('file', `left, not ${photoFormatList} (convert to JPEG first)`, below(otherPictures)),
    ...lineOf('folder', 'left, without a photo', emptyFolders),
    ...lineOf('link', 'left, since only links to photos are followed', below(otherLinks)),
  ]
}

/** The exercise's test_happy.h5 has such labels, and they say who smiles. */
function labelsWithoutNames(source: string, photos: readonly PersonPhoto[]): string[] {
  const people = [...new Set(photos.map(({ person }) => person))].sort()
  if (!people.every((person) => /^\d+$/.test(person))) return []
  const more = people.length > mostNamed ? ', ...' : ''
  const labels = people.slice(0, mostNamed).join(', ') + more
  return [`${source}: the labels are numbers without names, each taken for a person: ${labels}`]
}

const mostNamed = 3

function lineOf(what: string, became: string, names: readonly string[]): string[] {
  if (names.length === 0) return []
  const [count, verb] =
    names.length === 1 ? [`1 ${what}`, 'was'] : [`${names.length} ${what}s`, 'were']
  const others = names.length - mostNamed
  const named = names.slice(0, mostNamed).join(', ') + (others > 0 ? ` and ${others} more` : '')
  return [`${count} ${verb} ${became}: ${named}`]
}
