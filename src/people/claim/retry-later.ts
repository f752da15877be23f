/** Refusals that end by themselves: when, their text and Retry-After say alike. */
import type { ErrorCode } from '../../errors/error-table.ts'
import { FaceError } from '../../errors/face-error.ts'

/** @param what why, and what will be done then; the time ends the sentence */
export function retryLater(code: ErrorCode, what: string, retryAfterMs: number): FaceError {
  const retryAfterSeconds = Math.ceil(retryAfterMs / 1000)
  const detail = `${what} in ${retryAfterSeconds} s.`
  return new FaceError(code, detail, { retryAfterSeconds })
}
