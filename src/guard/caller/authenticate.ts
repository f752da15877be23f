/**
 * Who may call what. The token of a session may do the one thing that its session is for. An `admin` key may do everything that an `app` key may, but not the other way round. Failed
 * authentications are limited per client. Over the limit, even a correct admin key is refused, so that guessing one is slow.
 * A correct app key always passes, so one machine with an old key cannot shut out others at the same address.
 */
import { FaceError } from '../../errors/face-error.ts'
import type { SessionClaims } from '../session.ts'
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
  /** What the token of a session says; null for a text that is none, `unread` for one that says what this version does not know. */
  readonly openToken: (shown: string) => Promise<SessionClaims | 'unread' | null>
}

/**
 * Returns the caller, or throws `unauthorized` (no valid key), `rate_limited` (too many failures), or `session_over` for a token that this
 * service sealed and no longer accepts.
 */
export async function authenticate(
  { authorization, client }: Credentials,
  door: Doorkeeper,
  nowMs: number,
): Promise<Caller> {
  const { failures } = door
  const shown = readShownKey(authorization)
  const caller = shown === null ? null : await findHolder(shown, door)
  if (caller === null || caller.role === 'admin') {
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

async function findHolder(shown: string, { keys, openToken }: Doorkeeper): Promise<Caller | null> {
  const holder = await findCaller(shown, keys)
  if (holder !== null) return holder
  const session = await openToken(shown)
  if (session === null) return null
  // A key that was withdrawn takes its sessions with it. No guess: else phones with open sessions would block their address.
  const isLive = session !== 'unread' && keys.some(({ keyId }) => keyId === session.keyId)
  if (!isLive) throw tokenOver()
  return { role: 'session', keyId: session.keyId, session }
}

/** What sessions may call: those for one person, or those for whoever is recognized. */
export type SessionUse = 'person' | 'anybody'

/**
 * Throws `forbidden` for a caller who may not call this.
 *
 * @param sessions that may call it too; none unless given
 */
export function requireRole(caller: Caller, needed: Role, sessions?: SessionUse): void {
  if (caller.role === 'session') {
    const use = useOf(caller.session)
    if (sessions === use) return
    const path = use === 'person' ? '/verify' : '/recognize'
    throw new FaceError('forbidden', `The token of this session is only for POST ${path}.`)
  }
  if (needed === 'app' || caller.role === 'admin') return
  throw new FaceError('forbidden', 'This endpoint needs a key of the role admin.')
}

function useOf({ identity }: SessionClaims): SessionUse {
  return identity === undefined ? 'anybody' : 'person'
}

function unauthorized(shown: string | null): FaceError {
  const detail =
    shown === null
      ? 'Expected the header "Authorization: Bearer <key>".'
      : 'The key is not a live key.'
  return new FaceError('unauthorized', detail)
}

function tokenOver(): FaceError {
  return new FaceError(
    'session_over',
    'The key that opened the session was withdrawn, or another version of this service opened it.',
  )
}

function rateLimited(retryAfterSeconds: number): FaceError {
  const detail = 'Too many requests without a live key came from this address.'
  return new FaceError('rate_limited', detail, { retryAfterSeconds })
}
