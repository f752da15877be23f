/**
 * Tokens that make an answer belong to one fresh request: asked for by POST /challenge for one identity, spent by the next
 * /verify of that identity, once, and soon. They are kept with the identity, as SHA-256 only, so that what is stored cannot
 * be spent. Pure but for the digest: clock and random bytes are passed in.
 */
import { base64url } from 'jose'

export interface Challenge {
  /** SHA-256 of the token, in base64url. */
  readonly digest: string
  /** It is not taken from this moment on; milliseconds since 1970. */
  readonly expiresMs: number
}

/** Random bytes that a token takes. */
export const challengeBytes = 32

/** Most challenges of one identity that may be outstanding; the one next to expire gives way to a new one. */
export const maxOutstanding = 16

/** The token of 256 bits, 43 characters of base64url. */
export function formatChallenge(random: Uint8Array): string {
  if (random.length !== challengeBytes) {
    throw new Error(`expected ${challengeBytes} random bytes, got ${random.length}`)
  }
  return base64url.encode(random)
}

/** What is kept of a token. */
export async function digestChallenge(token: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  return base64url.encode(new Uint8Array(digest))
}

/** The challenges with a new one among them, the expired ones gone. */
export function issueChallenge(
  outstanding: readonly Challenge[],
  issued: Challenge,
  nowMs: number,
): Challenge[] {
  const alive = dropExpired(outstanding, nowMs).sort((a, b) => a.expiresMs - b.expiresMs)
  return [...alive.slice(-(maxOutstanding - 1)), issued]
}

/** What is left once the token with this digest is spent; null when no such challenge is outstanding. */
export function spendChallenge(
  outstanding: readonly Challenge[],
  digest: string,
  nowMs: number,
): Challenge[] | null {
  const alive = dropExpired(outstanding, nowMs)
  const left = alive.filter((challenge) => challenge.digest !== digest)
  return left.length < alive.length ? left : null
}

function dropExpired(challenges: readonly Challenge[], nowMs: number): Challenge[] {
  return challenges.filter(({ expiresMs }) => expiresMs > nowMs)
}
