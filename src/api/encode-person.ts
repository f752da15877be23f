/**
 * The photos of one enrolment become encodings, all or none. Every photo is looked at even when an earlier one is bad, so that
 * the refusal lists what became of each: `encoded`, the code that refused it, or `photos_differ` when it is not of the person
 * that the others show.
 */
import type { Thresholds } from '../decision/thresholds.ts'
import { errorTable, FaceError, type ImageOutcome } from '../errors.ts'
import type { FaceEngine } from '../face-engine.ts'
import { findStrangers } from '../identity/find-strangers.ts'
import { addEncodings } from '../identity/merge.ts'
import { maxEncodings } from '../identity/record.ts'
import type { EncodedPhoto } from '../pipeline.ts'
import { encodeFace } from './encode-face.ts'

type Outcome = EncodedPhoto | FaceError

/** @param known encodings that the person has already */
export async function encodePerson(
  engine: FaceEngine,
  photos: readonly Uint8Array[],
  known: readonly Float32Array[],
  thresholds: Thresholds,
): Promise<EncodedPhoto[]> {
  const outcomes: Outcome[] = []
  // One after the other: the engine works on one photo at a time, and so only one is held decoded.
  for (const photo of photos) outcomes.push(await encodeOrFault(engine, photo))
  const encoded = outcomes.filter(isEncoded)
  const encodings = encoded.map(({ encoding }) => encoding)
  requireRoom(addEncodings(known, encodings).length)
  const strangers = findStrangers(known, encodings, (count) =>
    thresholds.verification(engine.model, { encodings: count }),
  )
  const strangePhotos = new Set([...strangers].map((i) => encoded[i]))
  const checked = outcomes.map((outcome) =>
    isEncoded(outcome) && strangePhotos.has(outcome) ? photosDiffer(known.length) : outcome,
  )
  refuseFaults(checked)
  return encoded
}

async function encodeOrFault(engine: FaceEngine, photo: Uint8Array): Promise<Outcome> {
  try {
    return await encodeFace(engine, photo, { mirror: true })
  } catch (error) {
    // A fault of ours is none of the photo, and the next one would meet it too.
    if (!(error instanceof FaceError) || errorTable[error.code].status >= 500) throw error
    return error
  }
}

/** Throws the first fault, with what became of every photo. */
function refuseFaults(outcomes: readonly Outcome[]): void {
  const first = outcomes.findIndex((outcome) => !isEncoded(outcome))
  const fault = outcomes[first]
  if (fault === undefined || isEncoded(fault)) return
  const detail = `photo ${first + 1} of ${outcomes.length}: ${fault.message}`
  throw new FaceError(fault.code, detail, { cause: fault.cause, images: outcomes.map(tell) })
}

function tell(outcome: Outcome): ImageOutcome {
  if (isEncoded(outcome)) return { outcome: 'encoded' }
  return { outcome: outcome.code, detail: outcome.message }
}

function isEncoded(outcome: Outcome): outcome is EncodedPhoto {
  return 'encoding' in outcome
}

function photosDiffer(known: number): FaceError {
  const others = known > 0 ? 'those that are stored' : 'the others'
  return new FaceError('photos_differ', `The photo does not show the same person as ${others}.`)
}

function requireRoom(encodings: number): void {
  if (encodings <= maxEncodings) return
  throw new FaceError(
    'too_many_images',
    `The person would have ${encodings} encodings; ${maxEncodings} at most.`,
  )
}
