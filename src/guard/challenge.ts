/**
 * Tokens that tie an answer to one fresh request: issued by POST /challenge for one identity, and spent once, soon, by a
 * /verify of that identity. Only their SHA-256 is stored with the identity, so a stored value cannot be spent. Pure except
 * for the digest: clock and random bytes are passed in.
 */
import { base64url } from 'jose'

export interface Challenge {
  /** SHA-256 of the token, in base64url. */
  readonly digest: string
  /** Expires at this time; milliseconds since 1970. */
  readonly expiresMs: number
  /** Id of the key that asked for it. */
  readonly keyId: string
}

/** Random bytes per token. */
export const challengeBytes = 32

/** Most outstanding challenges of one identity and one key; a new one replaces the key's next to expire, and none of another key. */
export const maxOutstanding = 16

/** The token of 256 bits, 43 characters of base64url. */
export function formatChallenge(random: Uint8Array): string {
  if (random.length !== challengeBytes) {
    throw new Error(`expected ${challengeBytes} random bytes, got ${random.length}`)
  }
  return base64url.encode(random)
}

/** The stored form of a token. */
export async function digestChallenge(token: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  return base64url.encode(new Uint8Array(digest))
}

/** Adds a challenge and drops expired ones. */
export function issueChallenge(
  outstanding: readonly Challenge[],
  issued: Challenge,
  nowMs: number,
): Challenge[] {
  const alive = dropExpired(outstanding, nowMs).sort((a, b) => a.expiresMs - b.expiresMs)
  const ofKey = alive.filter(({ keyId }) => keyId === issued.keyId)
  const surplus = new Set(ofKey.slice(0, Math.max(0, ofKey.length + 1 - maxOutstanding)))
  return [...alive.filter((challenge) => !surplus.has(challenge)), issued]
}

/** The challenges left after spending the token with this digest; null if no such challenge is outstanding. */
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
