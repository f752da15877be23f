/** What a compared attempt leaves behind, how an attempt counts that was not compared, and what the holder of a spent session gets. */
import { type ErrorCode, errorTable } from '../../errors/error-table.ts'
import { FaceError, invalidRequest } from '../../errors/face-error.ts'
import type { AttemptOutcome } from '../../guard/attempts.ts'
import type { Decided } from '../../guard/session.ts'
import { countOf } from '../../lib/count-of.ts'
import type { FacePrint } from '../../liveness/frames/face-print.ts'

export interface Compared<Outcome extends AttemptOutcome> {
  /** How the attempt counts. */
  readonly counts: Outcome
  /** What a session's record keeps of it. */
  readonly decided: Decided
  /** When; the receipt is of that moment. */
  readonly decidedMs: number
  /** Of frames that must not come again after a match. */
  readonly prints?: readonly FacePrint[]
}

/** Of a claim to be somebody. */
export type Counted = Compared<Extract<AttemptOutcome, 'match' | 'no_match' | 'near'>>

/** How an attempt counts that ended in an error: the photo could not be compared, or the service failed. */
export function failureOf(error: unknown): {
  readonly outcome: Extract<AttemptOutcome, 'unusable' | 'fault'>
  readonly code: ErrorCode
} {
  const code = error instanceof FaceError ? error.code : 'internal'
  return { outcome: errorTable[code].about === 'photo' ? 'unusable' : 'fault', code }
}

/** One answer for all reasons: which it was is nothing that the holder of a token need know. */
export function sessionOver(): FaceError {
  return new FaceError(
    'session_over',
    'The session has matched, has no try left, has expired, was revoked, or was deleted with its person.',
  )
}

/** The photos are not looked at, and no try is spent. */
export function posesOver(): FaceError {
  return new FaceError(
    'poses_over',
    'No poses were drawn for these photos, their time is over, or photos were sent for them already.',
  )
}

/** Another number of photos than poses: no try is spent, and the poses may be sent again. */
export function otherNumber(photos: number, expected: string): FaceError {
  const sent = `${countOf(photos, 'photo')} ${photos === 1 ? 'was' : 'were'} sent`
  return invalidRequest(`${sent}, expected ${expected}.`)
}

/** Whoever sends the photos of one session in another at the same moment is not let in twice. */
export function photosSeen(): FaceError {
  return new FaceError('poses_over', 'The photos were sent in another session at the same time.')
}
