/**
 * Who may call what. An `admin` key may do everything that an `app` key may, but not the other way round. Failed
 * authentications are limited per client. Over the limit, even a correct admin key is refused, so that guessing one is slow.
 * A correct app key always passes, so one machine with an old key cannot shut out others at the same address.
 */
import { FaceError } from '../errors/face-error.ts'
import { type FailureLimit, failurePeriodSeconds } from './failure-limit.ts'
import { type Caller, findCaller, type KeyRing, type Role, readShownKey } from './keys.ts'

export interface Credentials {
  /** The header as sent; null without one. */
  readonly authorization: string | null
  /** The client that a failure is counted for (client-address.ts). */
  readonly client: string
}

export interface Doorkeeper {
  readonly keys: KeyRing
  readonly failures: FailureLimit
}

/** Returns the caller, or throws `unauthorized` (no valid key) or `rate_limited` (too many failures). */
export async function authenticate(
  { authorization, client }: Credentials,
  { keys, failures }: Doorkeeper,
  nowMs: number,
): Promise<Caller> {
  const shown = readShownKey(authorization)
  const caller = shown === null ? null : await findCaller(shown, keys)
  if (caller?.role !== 'app') {
    // Correct and wrong keys are treated alike up to here: message, timing and Retry-After do not distinguish them.
    const exceededForMs = failures.exceededForMs(client, nowMs)
    if (exceededForMs > 0) throw rateLimited(exceededForMs / 1000)
  }
  if (caller === null) {
    if (await failures.count(client, nowMs)) throw rateLimited(failurePeriodSeconds)
    throw unauthorized(shown)
  }
  return caller
}

/** Throws `forbidden` for a caller without this role. */
export function requireRole({ role }: Caller, needed: Role): void {
  if (needed === 'app' || role === 'admin') return
  throw new FaceError('forbidden', 'This endpoint asks for a key of the role admin.')
}

function unauthorized(shown: string | null): FaceError {
  const detail =
    shown === null
      ? 'Expected the header "Authorization: Bearer <key>".'
      : 'The key is not a live key.'
  return new FaceError('unauthorized', detail)
}

function rateLimited(retryAfterSeconds: number): FaceError {
  const detail = 'Too many requests without a live key came from this address.'
  return new FaceError('rate_limited', detail, { retryAfterSeconds })
}
