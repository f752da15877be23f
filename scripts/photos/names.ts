/**
 * Who is on a photo, by its path below the folder: the one rule of names that every command reads a folder of people by.
 * images/README.md says it in words. Pure.
 */
import { basename, extname, sep } from 'node:path'
import { identityId } from '../../src/people/person-fields.ts'

/** A person, or `null`: a photo of a camera, whose name does not say who is on it. */
export function personOn(path: string): string | null {
  const [first, ...rest] = path.split(sep)
  // A folder is always a person, also one called camera_0.
  if (rest.length > 0) return first!.normalize('NFC')
  const name = basename(path, extname(path)).normalize('NFC')
  if (isProbeName(name)) return null
  return withoutNumber(name)
}

/** `camera_0`, `probe-eve`, `Camera 3`, `camera12`; a person may be called `camera`, or `cameron`. */
function isProbeName(name: string): boolean {
  return /^(camera|probe)\P{L}/iu.test(name)
}

/** `ada_0001`, `ada-2`, `ada 3` and `ada (4)` are photos of ada; in `user42` the number is a part of the name. */
function withoutNumber(name: string): string {
  return name.replace(/[ _-]+(\d+|\(\d+\))$/, '') || name
}

/** Why nobody can be enrolled under this name, with one that would do; null when they can. */
export function identityFault(person: string): string | null {
  const { error } = identityId.safeParse(person)
  if (!error) return null
  const other = nearestIdentity(person)
  const advice =
    other === null ? otherLetters : `; rename the photo or folder, to ${other} for instance`
  return `the name cannot be an identity: ${error.issues[0]!.message}${advice}`
}

/** For names without any letter that an identity may have. */
const otherLetters = ', as in person-1 (at /admin the person can be given a name in any letters)'

function nearestIdentity(person: string): string | null {
  const plain = person
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .slice(0, 128)
  const isName = /[A-Za-z0-9]/.test(plain) && identityId.safeParse(plain).success
  return isName ? plain : null
}

export interface RefusedName {
  readonly identity: string
  readonly photos: number
  readonly failure: string
}

/** Who can be enrolled under the name of their photos, and who cannot: no request is made for those. */
export function splitByName(everybody: ReadonlyMap<string, readonly string[]>) {
  const people = new Map(everybody)
  const refused: RefusedName[] = []
  for (const [identity, photos] of everybody) {
    const failure = identityFault(identity)
    if (failure === null) continue
    people.delete(identity)
    refused.push({ identity, photos: photos.length, failure })
  }
  return { people, refused }
}
