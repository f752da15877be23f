/**
 * People who stand in a folder under two names, as some of LFW do: their photos would count as strangers who are let in, and the rarest
 * rates would be measured on nothing else. Pure.
 */
import type { PersonPhoto } from '../../scripts/photos/people.ts'

/** "A=B,C=D"; undefined for anything else. */
export function readOnePerson(text: string): (readonly string[])[] | undefined {
  const groups = text.split(',').map((group) => group.split('='))
  return groups.every((names) => names.length > 1 && names.every((name) => name !== ''))
    ? groups
    : undefined
}

/** All photos of a group under its last name. */
export function asOnePerson(
  photos: readonly PersonPhoto[],
  groups: readonly (readonly string[])[],
): PersonPhoto[] {
  const nameOf = new Map(groups.flatMap((names) => names.map((name) => [name, names.at(-1)!])))
  return photos.map((photo) => ({ ...photo, person: nameOf.get(photo.person) ?? photo.person }))
}
