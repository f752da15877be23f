/**
 * The photos of one enrollment become encodings, all or none. Every photo is checked even when an earlier one is bad, so that
 * the refusal lists the outcome of each: `encoded`, the code that refused it, or `photos_differ` when it shows another
 * person. Encoding and checking are two steps: the second is repeated when the person changed in the meantime.
 */

import { defaultFmr } from '../decision/calibration-table.ts'
import type { Thresholds } from '../decision/thresholds.ts'
import { encodeFace } from '../engine/encode-face.ts'
import type { FaceEngine } from '../engine/face-engine.ts'
import type { EncodedPhoto } from '../engine/pipeline.ts'
import { errorTable } from '../errors/error-table.ts'
import { FaceError, type ImageOutcome } from '../errors/face-error.ts'
import { maxEncodings } from '../identity/record.ts'
import { findStrangers } from './find-strangers.ts'
import { addEncodings } from './merge.ts'

/** The false-match rate by whose threshold photos show one person or not: independent of the service's own. */
const differingFmr = defaultFmr

/** Result of one photo. */
export type PhotoOutcome = EncodedPhoto | FaceError

/** In the order sent. */
export async function encodePhotos(
  engine: FaceEngine,
  photos: readonly Uint8Array[],
): Promise<readonly PhotoOutcome[]> {
  const outcomes: PhotoOutcome[] = []
  // One after the other: the engine works on one photo at a time, so only one decoded photo is in memory.
  for (const photo of photos) outcomes.push(await encodeOrFault(engine, photo))
  return outcomes
}

/**
 * @param known the person's stored encodings
 * @param allowDifferent whether photos may differ as much as /verify lets in; otherwise two people who resemble each other are
 *   told apart as in the search for duplicates, and some photos of one person too
 */
export function requireOnePerson(
  outcomes: readonly PhotoOutcome[],
  known: readonly Float32Array[],
  { model }: Pick<FaceEngine, 'model'>,
  thresholds: Thresholds,
  allowDifferent = false,
): readonly EncodedPhoto[] {
  const encoded = outcomes.filter(isEncoded)
  const encodings = encoded.map(({ encoding }) => encoding)
  requireRoom(addEncodings(known, encodings).length)
  const strangers = findStrangers(known, encodings, (count) => {
    const verification = thresholds.verification(model, { encodings: count })
    if (allowDifferent) return verification
    const amongPhotos = { fmr: differingFmr, people: maxEncodings }
    const identification = thresholds.identification(model, amongPhotos)
    return identification.threshold < verification.threshold ? identification : verification
  })
  const strangePhotos = new Set([...strangers].map((i) => encoded[i]))
  const checked = outcomes.map((outcome) =>
    isEncoded(outcome) && strangePhotos.has(outcome) ? photosDiffer(known.length) : outcome,
  )
  refuseFaults(checked)
  return encoded
}

async function encodeOrFault(engine: FaceEngine, photo: Uint8Array): Promise<PhotoOutcome> {
  try {
    return await encodeFace(engine, photo, { mirror: true, purpose: 'enrollment' })
  } catch (error) {
    // A service fault is not the photo's, and the next photo would meet it too.
    if (!(error instanceof FaceError) || errorTable[error.code].status >= 500) throw error
    return error
  }
}

/** Throws the first fault, with the outcome of every photo. */
function refuseFaults(outcomes: readonly PhotoOutcome[]): void {
  const first = outcomes.findIndex((outcome) => !isEncoded(outcome))
  const fault = outcomes[first]
  if (fault === undefined || isEncoded(fault)) return
  const detail = `photo ${first + 1} of ${outcomes.length}: ${fault.message}`
  throw new FaceError(fault.code, detail, { cause: fault.cause, images: outcomes.map(report) })
}

function report(outcome: PhotoOutcome): ImageOutcome {
  if (isEncoded(outcome)) return { outcome: 'encoded' }
  return { outcome: outcome.code, detail: outcome.message }
}

function isEncoded(outcome: PhotoOutcome): outcome is EncodedPhoto {
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
