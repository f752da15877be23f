import { describe, expect, it } from 'vitest'
import { admit, type GuardState, unguarded } from '../../src/guard/admission.ts'
import type { LockoutPolicy } from '../../src/guard/policy.ts'

const nowMs = Date.UTC(2026, 10, 24)
const policy: LockoutPolicy = { after: 2, firstSeconds: 30, maxSeconds: 60 }
const challenged: GuardState = {
  ...unguarded,
  challenges: [{ digest: 'one', expiresMs: nowMs + 1000, keyId: 'shop' }],
}
const locked: GuardState = {
  ...challenged,
  attempts: { ...unguarded.attempts, failures: 2, lockedUntilMs: nowMs + 5000 },
}

describe('an attempt', () => {
  it('without a challenge is counted, and leaves those that are outstanding', () => {
    const admission = admit(challenged, { policy, challengeDigest: null }, nowMs)
    expect(admission).toMatchObject({
      kind: 'admitted',
      state: { attempts: { failures: 1 }, challenges: challenged.challenges },
    })
  })

  it('with one spends it and is counted, in one step', () => {
    const admission = admit(challenged, { policy, challengeDigest: 'one' }, nowMs)
    expect(admission).toMatchObject({
      kind: 'admitted',
      state: { attempts: { failures: 1 }, challenges: [] },
    })
  })

  it.each(['two', ''])('with another one (%j) is refused, and not counted', (challengeDigest) => {
    expect(admit(challenged, { policy, challengeDigest }, nowMs)).toEqual({
      kind: 'challenge_invalid',
    })
  })

  it('while locked is refused before its challenge is looked at', () => {
    for (const challengeDigest of [null, 'one', 'two']) {
      expect(admit(locked, { policy, challengeDigest }, nowMs)).toEqual({
        kind: 'locked',
        retryAfterMs: 5000,
      })
    }
  })

  it('of somebody disabled is refused', () => {
    const strict = { ...policy, disableAfter: 2 }
    const request = { policy: strict, challengeDigest: 'one' }
    expect(admit(locked, request, nowMs + 10_000)).toEqual({ kind: 'disabled' })
  })
})
