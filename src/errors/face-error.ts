/** How a stage fails: with a code of the error table and a detail for whoever sent the request. */
import type { ErrorCode } from './error-table.ts'

/** What became of one photo of a request that was refused as a whole. */
export interface ImageOutcome {
  readonly outcome: 'encoded' | ErrorCode
  /** Why, unless it was encoded. */
  readonly detail?: string
}

interface FaceErrorOptions {
  readonly cause?: unknown
  /** Every photo of the request, in the order sent. */
  readonly images?: readonly ImageOutcome[]
  /** For the header Retry-After; more than 0. */
  readonly retryAfterSeconds?: number
}

/** An expected failure. `detail` is public: it may name fields, limits and sizes, never photos, encodings or keys. */
export class FaceError extends Error {
  readonly code: ErrorCode
  readonly images?: readonly ImageOutcome[]
  readonly retryAfterSeconds?: number

  constructor(
    code: ErrorCode,
    detail: string,
    { images, retryAfterSeconds, ...options }: FaceErrorOptions = {},
  ) {
    super(detail, options)
    this.name = 'FaceError'
    this.code = code
    this.images = images
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export function invalidRequest(detail: string): FaceError {
  return new FaceError('invalid_request', detail)
}
