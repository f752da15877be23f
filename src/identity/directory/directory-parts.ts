/**
 * Which of the directory's objects a person is listed in: a hash of the identity decides, so that the objects have about as many
 * people each, however identities are made up. Pure.
 */
import { hashText } from '../../lib/hash-text.ts'

/** How many objects there are. Another number would be another directory, and nobody would be found in it. */
export const directoryParts = 8

/** 0 to `directoryParts` - 1. */
export function partOf(identity: string): number {
  return hashText(identity) % directoryParts
}

export function partName(part: number): string {
  return `directory-${part}`
}

export const partNames = Array.from({ length: directoryParts }, (_, part) => partName(part))

/** The one object that everybody was listed in before there were parts (hand-over.ts). */
export const undividedName = 'directory'
