/** Refusals that end by themselves: when, their text and Retry-After say alike. */
import type { ErrorCode } from '../../errors/error-table.ts'
import { FaceError } from '../../errors/face-error.ts'

/** @param why a sentence without its full stop, of attempts or of draws */
export function retryLater(code: ErrorCode, why: string, retryAfterMs: number): FaceError {
  const retryAfterSeconds = Math.ceil(retryAfterMs / 1000)
  const detail = `${why}: the next one is accepted in ${retryAfterSeconds} s.`
  return new FaceError(code, detail, { retryAfterSeconds })
}
