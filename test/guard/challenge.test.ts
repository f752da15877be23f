import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  type Challenge,
  digestChallenge,
  formatChallenge,
  issueChallenge,
  maxOutstanding,
  spendChallenge,
} from '../../src/guard/challenge.ts'

const now = Date.UTC(2026, 10, 24)
const lifeMs = 60_000

function challenge(digest: string, issuedMs = now, keyId = 'shop'): Challenge {
  return { digest, expiresMs: issuedMs + lifeMs, keyId }
}

describe('a token', () => {
  it('is 256 random bits in 43 characters that need no escaping', () => {
    const random = Uint8Array.from(randomBytes(32))
    const token = formatChallenge(random)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(Buffer.from(token, 'base64url')).toEqual(Buffer.from(random))
    expect(() => formatChallenge(random.subarray(1))).toThrow('expected 32 random bytes, got 31')
  })

  it('is kept as its SHA-256 only', async () => {
    const digest = await digestChallenge('a-token')
    expect(digest).toBe(createHash('sha256').update('a-token').digest('base64url'))
  })
})

describe('a challenge', () => {
  it('is spent once', () => {
    const issued = issueChallenge([challenge('one')], challenge('two'), now)
    const left = spendChallenge(issued, 'two', now + 1)
    expect(left).toEqual([challenge('one')])
    expect(spendChallenge(left!, 'two', now + 2)).toBeNull()
    expect(spendChallenge(left!, 'one', now + 2)).toEqual([])
  })

  it('that was never issued is not spent', () => {
    expect(spendChallenge([], 'one', now)).toBeNull()
    expect(spendChallenge([challenge('one')], 'on', now)).toBeNull()
  })

  it('is good until its end, and not at it', () => {
    expect(spendChallenge([challenge('one')], 'one', now + lifeMs - 1)).toEqual([])
    expect(spendChallenge([challenge('one')], 'one', now + lifeMs)).toBeNull()
  })

  it('is forgotten once it is over', () => {
    const later = now + lifeMs
    expect(issueChallenge([challenge('one')], challenge('two', later), later)).toEqual([
      challenge('two', later),
    ])
    const old = [challenge('one'), challenge('two', now + 1)]
    expect(spendChallenge(old, 'two', later)).toEqual([])
  })

  it('gives way to none of another key, however many that asks for', () => {
    let outstanding = [challenge('one')]
    for (let i = 0; i < 2 * maxOutstanding; i++) {
      outstanding = issueChallenge(outstanding, challenge(`${i}`, now + i, 'gate'), now + i)
    }
    expect(outstanding).toHaveLength(1 + maxOutstanding)
    expect(spendChallenge(outstanding, 'one', now + 1)).toHaveLength(maxOutstanding)
  })

  it('gives way when too many are outstanding, the oldest first', () => {
    let outstanding: Challenge[] = []
    for (let i = 0; i < maxOutstanding + 2; i++) {
      outstanding = issueChallenge(outstanding, challenge(`${i}`, now + i), now + i)
      expect(outstanding.length).toBe(Math.min(i + 1, maxOutstanding))
    }
    const later = now + maxOutstanding + 2
    expect(spendChallenge(outstanding, '1', later)).toBeNull()
    expect(spendChallenge(outstanding, '2', later)).toHaveLength(maxOutstanding - 1)
    expect(spendChallenge(outstanding, `${maxOutstanding + 1}`, later)).not.toBeNull()
  })
})
