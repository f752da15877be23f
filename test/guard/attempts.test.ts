import { describe, expect, it } from 'vitest'
import {
  type AttemptOutcome,
  type AttemptTicket,
  beginAttempt,
  lockoutMs,
  maxGivenBack,
  noAttempts,
  settleAttempt,
  unlockAttempts,
} from '../../src/guard/attempts.ts'
import type { LockoutPolicy } from '../../src/guard/policy.ts'

const usual: LockoutPolicy = { after: 5, firstSeconds: 30, maxSeconds: 3600 }

/** One identity, with a clock that stands still unless it is moved. */
function createIdentity(policy: LockoutPolicy = usual) {
  let state = noAttempts
  let nowMs = Date.UTC(2026, 10, 24)
  const identity = {
    state: () => state,
    wait(ms: number) {
      nowMs += ms
    },
    /** A ticket, or how long the identity is locked for. */
    begin(): AttemptTicket | number {
      const result = beginAttempt(state, policy, nowMs)
      if (result.kind === 'disabled') return Number.POSITIVE_INFINITY
      if (result.kind !== 'begun') return result.retryAfterMs
      state = result.state
      return result.ticket
    },
    settle(ticket: AttemptTicket | number, outcome: AttemptOutcome) {
      if (typeof ticket === 'number') throw new Error(`locked for ${ticket} ms`)
      state = settleAttempt(state, ticket, outcome, policy, nowMs)
    },
    unlock() {
      state = unlockAttempts(state)
    },
    /** Begin and end of one attempt. */
    attempt(outcome: AttemptOutcome) {
      identity.settle(identity.begin(), outcome)
    },
    fail(times: number) {
      for (let i = 0; i < times; i++) identity.attempt('no_match')
    },
  }
  return identity
}

describe('failures', () => {
  it('lock for no longer than any lockout when the clock that set it was days ahead', () => {
    const identity = createIdentity()
    identity.fail(5)
    identity.wait(-59_000)
    expect(identity.begin()).toBe(89_000)
    identity.wait(-10 * 86_400_000)
    identity.fail(1)
    // They still count: it is the sixth.
    expect(identity.begin()).toBe(60_000)
  })

  it('lock for 30 s at the fifth in a row', () => {
    const identity = createIdentity()
    identity.fail(5)
    expect(identity.begin()).toBe(30_000)
    identity.wait(29_999)
    expect(identity.begin()).toBe(1)
    identity.wait(1)
    expect(identity.begin()).toBeTypeOf('object')
  })

  it('lock for twice as long each further time, up to an hour', () => {
    const identity = createIdentity()
    identity.fail(5)
    const seconds: number[] = []
    for (let i = 0; i < 10; i++) {
      const retryAfterMs = Number(identity.begin())
      seconds.push(retryAfterMs / 1000)
      identity.wait(retryAfterMs)
      identity.fail(1)
    }
    expect(seconds).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
  })

  it('lock for an hour at most, however many there were', () => {
    expect(lockoutMs(4, usual)).toBe(0)
    expect(lockoutMs(5, usual)).toBe(30_000)
    expect(lockoutMs(5000, usual)).toBe(3_600_000)
  })

  it('are not made longer by attempts that are refused meanwhile', () => {
    const identity = createIdentity()
    identity.fail(5)
    for (let i = 0; i < 100; i++) expect(identity.begin()).toBe(30_000)
  })

  it('do not fade with time', () => {
    const identity = createIdentity()
    identity.fail(4)
    identity.wait(365 * 86_400_000)
    identity.fail(1)
    expect(identity.begin()).toBe(30_000)
  })
})

describe('a match', () => {
  it('starts the count anew', () => {
    const identity = createIdentity()
    identity.fail(4)
    identity.attempt('match')
    identity.fail(4)
    expect(identity.begin()).toBeTypeOf('object')
  })

  it('starts the lockouts anew too', () => {
    const identity = createIdentity()
    identity.fail(5)
    identity.wait(30_000)
    identity.attempt('match')
    identity.fail(5)
    expect(identity.begin()).toBe(30_000)
  })

  it('in the last attempt before a lockout brings none', () => {
    const identity = createIdentity()
    identity.fail(4)
    const last = identity.begin()
    expect(identity.begin()).toBe(30_000)
    identity.settle(last, 'match')
    expect(identity.begin()).toBeTypeOf('object')
  })

  it('does not forgive what fails after it', () => {
    const identity = createIdentity()
    const running = [identity.begin(), identity.begin(), identity.begin(), identity.begin()]
    identity.attempt('match')
    for (const ticket of running) identity.settle(ticket, 'no_match')
    expect(identity.state().failures).toBe(4)
    identity.fail(1)
    expect(identity.begin()).toBe(30_000)
  })
})

describe('attempts at once', () => {
  it('are counted before they end: 5 of 50 are taken', () => {
    const identity = createIdentity()
    const begun = Array.from({ length: 50 }, () => identity.begin())
    const taken = begun.filter((ticket) => typeof ticket === 'object')
    expect(taken).toHaveLength(5)
    expect(begun.slice(5)).toEqual(Array(45).fill(30_000))
    for (const ticket of taken) identity.settle(ticket, 'no_match')
    expect(identity.state().failures).toBe(5)
    expect(identity.begin()).toBe(30_000)
  })

  it('that never end have failed', () => {
    const identity = createIdentity()
    for (let i = 0; i < 5; i++) identity.begin()
    expect(identity.begin()).toBe(30_000)
    identity.wait(30_000)
    identity.begin()
    expect(identity.begin()).toBe(60_000)
  })

  it('that end unusable after a match take nothing back from the count since', () => {
    const identity = createIdentity()
    const running = identity.begin()
    identity.attempt('match')
    identity.fail(4)
    identity.settle(running, 'unusable')
    expect(identity.state().failures).toBe(4)
    identity.fail(1)
    identity.wait(30_000)
    const fault = identity.begin()
    identity.unlock()
    identity.fail(3)
    identity.settle(fault, 'fault')
    expect(identity.state().failures).toBe(3)
  })

  it('that end unusable late do not end a lockout that others brought', () => {
    const identity = createIdentity()
    const late = identity.begin()
    identity.fail(4)
    identity.wait(30_000)
    identity.fail(1)
    identity.settle(late, 'unusable')
    expect(identity.state().failures).toBe(5)
    expect(identity.begin()).toBe(60_000)
  })
})

describe.each(['unusable', 'fault'] as const)('an attempt that ends as %s', (outcome) => {
  it('is given back', () => {
    const identity = createIdentity()
    identity.fail(4)
    for (let i = 0; i < maxGivenBack; i++) identity.attempt(outcome)
    identity.fail(1)
    expect(identity.begin()).toBe(30_000)
  })

  it('takes back the lockout that it brought, and no count before it', () => {
    const identity = createIdentity()
    identity.fail(5)
    identity.wait(30_000)
    identity.attempt(outcome)
    expect(identity.state().failures).toBe(5)
    identity.fail(1)
    expect(identity.begin()).toBe(60_000)
  })
})

describe('unusable photos', () => {
  it('count as failures beyond 20 in a row', () => {
    const identity = createIdentity()
    for (let i = 0; i < maxGivenBack; i++) identity.attempt('unusable')
    expect(identity.state().failures).toBe(0)
    identity.attempt('unusable')
    expect(identity.state().failures).toBe(1)
  })

  it('cannot be sent for ever: 105 without a match lock, and 21 each further time', () => {
    const identity = createIdentity()
    for (let i = 0; i < 105; i++) identity.attempt('unusable')
    expect(identity.begin()).toBe(30_000)
    identity.wait(30_000)
    for (let i = 0; i < 21; i++) identity.attempt('unusable')
    expect(identity.begin()).toBe(60_000)
  })

  it('may be sent anew after a failure or a match', () => {
    const identity = createIdentity()
    for (const outcome of ['no_match', 'match'] as const) {
      for (let i = 0; i < maxGivenBack; i++) identity.attempt('unusable')
      identity.attempt(outcome)
      const { failures } = identity.state()
      identity.attempt('unusable')
      expect(identity.state().failures).toBe(failures)
      identity.unlock()
    }
  })
})

describe('faults of the service', () => {
  it('lock nobody out, however often they happen', () => {
    const identity = createIdentity()
    identity.fail(4)
    for (let i = 0; i < 1000; i++) identity.attempt('fault')
    expect(identity.state().failures).toBe(4)
  })
})

describe('a policy that disables', () => {
  const strict = { ...usual, disableAfter: 7 }

  it('takes no attempt after so many failures, however long one waits', () => {
    const identity = createIdentity(strict)
    identity.fail(5)
    for (let i = 0; i < 2; i++) {
      identity.wait(3_600_000)
      identity.fail(1)
    }
    identity.wait(365 * 86_400_000)
    expect(identity.begin()).toBe(Number.POSITIVE_INFINITY)
    identity.unlock()
    expect(identity.begin()).toBeTypeOf('object')
  })

  it('takes the last attempt, and a match in it disables nothing', () => {
    const identity = createIdentity(strict)
    identity.fail(5)
    identity.wait(3_600_000)
    identity.fail(1)
    identity.wait(3_600_000)
    identity.attempt('match')
    identity.fail(4)
    expect(identity.begin()).toBeTypeOf('object')
  })
})

describe('unlocking', () => {
  it('lets the person try again at once, from the beginning', () => {
    const identity = createIdentity()
    identity.fail(5)
    identity.unlock()
    identity.fail(4)
    expect(identity.begin()).toBeTypeOf('object')
  })
})

describe('an attempt that ends near', () => {
  it('is no failure, and forgets none', () => {
    const identity = createIdentity()
    identity.fail(4)
    for (let i = 0; i < 50; i++) identity.attempt('near')
    expect(identity.state().failures).toBe(4)
    identity.fail(1)
    expect(identity.begin()).toBe(30_000)
  })

  it('after a lockout ends no lockout that follows', () => {
    const identity = createIdentity()
    identity.fail(5)
    identity.wait(30_000)
    identity.attempt('near')
    identity.fail(1)
    expect(identity.begin()).toBe(60_000)
  })
})

describe('an hour', () => {
  const hourly = { ...usual, attemptsPerHour: 8 }

  it('takes so many attempts, those that match and those that come near included', () => {
    const identity = createIdentity(hourly)
    for (const outcome of ['match', 'near', 'no_match', 'match'] as const) {
      identity.attempt(outcome)
      identity.attempt(outcome)
    }
    identity.wait(1000)
    expect(identity.begin()).toBe(3_599_000)
    identity.wait(3_598_999)
    expect(identity.begin()).toBe(1)
    identity.wait(1)
    for (let i = 0; i < 8; i++) identity.attempt('match')
    expect(identity.begin()).toBe(3_600_000)
  })

  it('counts attempts that were begun at once: 8 of 50', () => {
    const identity = createIdentity({ ...hourly, after: 100 })
    const begun = Array.from({ length: 50 }, () => identity.begin())
    expect(begun.filter((ticket) => typeof ticket === 'object')).toHaveLength(8)
    expect(begun.slice(8)).toEqual(Array(42).fill(3_600_000))
  })

  it('does not count what was not compared', () => {
    const identity = createIdentity(hourly)
    for (let i = 0; i < 20; i++) identity.attempt(i % 2 === 0 ? 'unusable' : 'fault')
    for (let i = 0; i < 8; i++) identity.attempt('match')
    expect(identity.begin()).toBe(3_600_000)
  })

  it('that is over has nothing given back to the next', () => {
    const identity = createIdentity(hourly)
    const late = identity.begin()
    identity.wait(3_600_000)
    for (let i = 0; i < 8; i++) identity.attempt('match')
    identity.settle(late, 'fault')
    expect(identity.begin()).toBe(3_600_000)
  })

  it('begins anew when an administrator unlocks', () => {
    const identity = createIdentity(hourly)
    for (let i = 0; i < 8; i++) identity.attempt('match')
    identity.unlock()
    expect(identity.begin()).toBeTypeOf('object')
  })

  it('is the same for an isolate whose clock is a little late, another for one that is hours off', () => {
    const identity = createIdentity(hourly)
    for (let i = 0; i < 8; i++) identity.attempt('match')
    identity.wait(-5)
    expect(identity.begin()).toBe(3_600_005)
    identity.wait(-7_200_000)
    expect(identity.begin()).toBeTypeOf('object')
  })
})

describe('misses', () => {
  const missesOf = (identity: ReturnType<typeof createIdentity>): number => {
    const ticket = identity.begin()
    if (typeof ticket === 'number') throw new Error('locked')
    identity.settle(ticket, 'fault')
    return ticket.misses
  }

  it('are counted over every match: who unlocks now and then gives nobody new guesses', () => {
    const identity = createIdentity()
    identity.fail(3)
    identity.attempt('match')
    identity.fail(2)
    identity.attempt('match')
    expect(missesOf(identity)).toBe(6)
  })

  it('are those that told how near a face came: near ones, and none that was not compared', () => {
    const identity = createIdentity()
    identity.attempt('near')
    identity.attempt('unusable')
    identity.attempt('fault')
    expect(missesOf(identity)).toBe(2)
  })

  it('begin anew when an administrator unlocks', () => {
    const identity = createIdentity()
    identity.fail(3)
    identity.unlock()
    expect(missesOf(identity)).toBe(1)
  })
})
