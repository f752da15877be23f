/**
 * Which of the directory's objects a person is listed in: a hash of the identity decides, so that the objects have about as many
 * people each, however identities are made up. Pure.
 */

/** How many objects there are. Another number would be another directory, and nobody would be found in it. */
export const directoryParts = 8

/** 0 to `directoryParts` - 1. FNV-1a, its bits mixed at the end: the low ones alone would follow the last characters. */
export function partOf(identity: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < identity.length; i++) {
    hash = Math.imul(hash ^ identity.charCodeAt(i), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % directoryParts
}

export function partName(part: number): string {
  return `directory-${part}`
}

export const partNames = Array.from({ length: directoryParts }, (_, part) => partName(part))

/** The one object that everybody was listed in before there were parts (hand-over.ts). */
export const undividedName = 'directory'
