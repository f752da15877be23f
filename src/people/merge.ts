/** Merges added encodings into a person's, and tells whether anything changed. Pure. */

import { distance } from '../encoding/distance.ts'
import type { EncodedPhoto } from '../engine/pipeline.ts'
import { type IdentityRecord, inModel, type ModelEncodings } from '../identity/record.ts'

type BothEncodings = ModelEncodings & Pick<IdentityRecord, 'other'>

/**
 * Encodings nearer than this are of the same photo: it allows for rounding that differs between processors, and is far
 * below the distance of any two photos of one person.
 */
const samePhotoDistance = 0.001

/**
 * How suspect a person's photos are: as the most suspect one.
 *
 * @param known of those that are stored
 * @returns to two decimals; undefined where it is unknown of one
 */
export function suspicionTogether(
  added: readonly Pick<EncodedPhoto, 'suspicion'>[],
  known: Pick<ModelEncodings, 'suspicion'> = { suspicion: 0 },
): number | undefined {
  const all = [known.suspicion, ...added.map(({ suspicion }) => suspicion?.enrollment)]
  const most = all.reduce((one, other) =>
    one === undefined || other === undefined ? undefined : Math.max(one, other),
  )
  return most === undefined ? undefined : Math.ceil(most * 100) / 100
}

/** The known encodings, then the added ones whose photo is not stored yet. */
export function addEncodings(
  known: readonly Float32Array[],
  added: readonly Float32Array[],
): readonly Float32Array[] {
  const all = [...known]
  for (const encoding of added) {
    if (!all.some((other) => isSamePhoto(other, encoding))) all.push(encoding)
  }
  return all
}

/**
 * True when both say the same about a person, apart from dates and from how suspect the same photos are; the first may also have encodings of
 * a network that the second lacks.
 */
export function isSameEnrollment(
  a: Omit<IdentityRecord, 'version'>,
  b: Omit<IdentityRecord, 'version'>,
): boolean {
  const known = inModel(a, b.model)
  if (known === null || known.name !== b.name || known.expiresAt !== b.expiresAt) return false
  return areSamePhotos(known, b) && (b.other === undefined || areSamePhotos(known.other, b.other))
}

function areSamePhotos(a: ModelEncodings | undefined, b: ModelEncodings): boolean {
  return (
    a?.model === b.model &&
    a.encodings.length === b.encodings.length &&
    a.encodings.every((encoding, i) => isSamePhoto(encoding, b.encodings[i]))
  )
}

/**
 * What is known, with what is told of how suspect the same photos are. What nothing is told of stays.
 *
 * @param told the same enrollment
 * @returns null where that is nothing new
 */
export function learnSuspicion(known: IdentityRecord, told: BothEncodings): IdentityRecord | null {
  const same = inModel(known, told.model)
  if (same === null) return null
  const { other, suspicion } = same
  const ours = told.suspicion ?? suspicion
  const theirs = told.other?.suspicion ?? other?.suspicion
  if (areAsSuspect(suspicion, ours) && areAsSuspect(other?.suspicion, theirs)) return null
  return { ...same, suspicion: ours, ...(other && { other: { ...other, suspicion: theirs } }) }
}

/** But for what differs between processors. */
function areAsSuspect(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return Math.abs(a - b) < 0.02
}

function isSamePhoto(a: Float32Array, b: Float32Array): boolean {
  return distance(a, b) < samePhotoDistance
}
