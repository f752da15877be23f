/** Merges added encodings into a person's, and tells whether anything changed. Pure. */
import { distance } from '../encoding/distance.ts'
import { type IdentityRecord, inModel, type ModelEncodings } from '../identity/record.ts'

/**
 * Encodings nearer than this are of the same photo: it allows for rounding that differs between processors, and is far
 * below the distance of any two photos of one person.
 */
const samePhotoDistance = 0.001

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
 * True when both say the same about a person, apart from dates; the first may also have encodings of a network that the
 * second lacks.
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

function isSamePhoto(a: Float32Array, b: Float32Array): boolean {
  return distance(a, b) < samePhotoDistance
}
