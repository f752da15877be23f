/**
 * Every way a call can fail, as one class. A refusal of the service carries what its problem said; what went wrong before
 * any answer came has a code of the client's own. There is no failure that looks like a decision.
 */
import type { ErrorCode, ImageOutcome } from './contract.ts'

/** Codes of failures that the client itself detects. */
export type ClientErrorCode = 'network_failed' | 'timed_out' | 'aborted' | 'unexpected_answer'

/** A newer service may have codes that this client does not know. */
export type FacegateErrorCode = ErrorCode | ClientErrorCode | (string & {})

export interface FacegateErrorInit {
  readonly code: FacegateErrorCode
  /** For whoever writes the caller. */
  readonly detail: string
  /** What the person holding the phone can do. */
  readonly hint: string
  /** Whether the same request may succeed later. */
  readonly retryable: boolean
  /** The HTTP status; absent when no answer came. */
  readonly status?: number
  /** Names the request in the service's log; absent when no answer came. */
  readonly requestId?: string
  /** How long to wait before the next try, when the service said so. */
  readonly retryAfterSeconds?: number
  /** What became of each photo of an enrollment that was refused for its photos. */
  readonly images?: readonly ImageOutcome[]
  readonly cause?: unknown
}

export class FacegateError extends Error implements FacegateErrorInit {
  override readonly name = 'FacegateError'
  readonly code: FacegateErrorCode
  readonly detail: string
  readonly hint: string
  readonly retryable: boolean
  readonly status?: number
  readonly requestId?: string
  readonly retryAfterSeconds?: number
  readonly images?: readonly ImageOutcome[]

  constructor(init: FacegateErrorInit) {
    super(`${init.code}: ${init.detail}`, { cause: init.cause })
    this.code = init.code
    this.detail = init.detail
    this.hint = init.hint
    this.retryable = init.retryable
    this.status = init.status
    this.requestId = init.requestId
    this.retryAfterSeconds = init.retryAfterSeconds
    this.images = init.images
  }
}

/** What the client says of its own codes. */
const clientErrors: Readonly<Record<ClientErrorCode, { hint: string; retryable: boolean }>> = {
  network_failed: { hint: 'Check the connection and try again.', retryable: true },
  timed_out: { hint: 'Check the connection and try again.', retryable: true },
  aborted: { hint: 'Start again.', retryable: false },
  unexpected_answer: {
    hint: 'Update the app, or tell the people who run it.',
    retryable: false,
  },
}

export function clientError(
  code: ClientErrorCode,
  detail: string,
  more: Pick<FacegateErrorInit, 'cause' | 'status' | 'requestId'> = {},
): FacegateError {
  return new FacegateError({ code, detail, ...clientErrors[code], ...more })
}
