/**
 * Who may call what. A key of the role `admin` may do everything that one of `app` may, and not the other way round. Failed
 * authentications are limited by client. A client over the limit gets nowhere with an admin key either, right or wrong, so
 * that guessing one is slow; an app key that is right always passes, so that one machine with an old key cannot shut out
 * those beside it.
 */
import { FaceError } from '../errors/face-error.ts'
import { type FailureLimit, failurePeriodSeconds } from './failure-limit.ts'
import { type Caller, findCaller, type KeyRing, type Role, readShownKey } from './keys.ts'

export interface Credentials {
  /** The header as sent, null when there was none. */
  readonly authorization: string | null
  /** Whom to count a failure by (client-address.ts). */
  readonly client: string
}

export interface Doorkeeper {
  readonly keys: KeyRing
  readonly failures: FailureLimit
}

/** Returns the caller, or throws `unauthorized` (no live key) or `rate_limited` (no live key too often). */
export async function authenticate(
  { authorization, client }: Credentials,
  { keys, failures }: Doorkeeper,
  nowMs: number,
): Promise<Caller> {
  const shown = readShownKey(authorization)
  const caller = shown === null ? null : await findCaller(shown, keys)
  if (caller?.role !== 'app') {
    // Right and wrong keys part only after this: neither words, nor times, nor Retry-After tell them apart.
    const exceededForMs = failures.exceededForMs(client, nowMs)
    if (exceededForMs > 0) throw rateLimited(exceededForMs / 1000)
  }
  if (caller === null) {
    if (await failures.count(client, nowMs)) throw rateLimited(failurePeriodSeconds)
    throw unauthorized(shown)
  }
  return caller
}

/** Throws `forbidden` for a caller who may not do what asks for this role. */
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
