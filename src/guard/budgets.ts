/**
 * What one key of the role `app` may cost: so much work a minute, and so many failed guesses, of all its requests and of each
 * device that they name. A person's own count (attempts.ts) does not see who tries a few faces on everybody; this one does.
 * Rate Limiting bindings count, in each of Cloudflare's locations by itself and approximately: no object stands in the way
 * of every request. Administrators have no budget: whoever holds their key can end any lockout. The clock is passed in.
 */
import type { ErrorCode } from '../errors/error-table.ts'
import { FaceError } from '../errors/face-error.ts'
import { createFailureLimit, failurePeriodSeconds } from './failure-limit.ts'
import type { Caller } from './keys.ts'
import type { Pseudonym } from './pseudonym.ts'

export interface Limiters {
  /** Work, in photos, by key. */
  readonly keyWork: RateLimit
  /** Failed guesses, by key and by device. */
  readonly keyFailures: RateLimit
  readonly deviceFailures: RateLimit
}

/** The budget of one request. Everything throws `rate_limited` once there is nothing left. */
export interface RequestBudget {
  /** Before anything is done. @param units photos that are to be looked at */
  charge(units: number): Promise<void>
  /** Counts what the request comes to on this device too. */
  nameDevice(device: string): void
  /** One guess has failed. Throws in the place of the answer when it is one too many. */
  countFailure(): Promise<void>
  /** Before anything else is answered: others may have spent it meanwhile. */
  requireLeft(): void
}

export type Budgets = (caller: Caller) => RequestBudget

/** Errors that answer a guess: at who is enrolled, or at a challenge. */
export const guessErrors: ReadonlySet<ErrorCode> = new Set([
  'identity_not_found',
  'challenge_invalid',
])

const unlimited: RequestBudget = {
  charge: async () => {},
  nameDevice: () => {},
  countFailure: async () => {},
  requireLeft: () => {},
}

export function createBudgets(
  { keyWork, keyFailures, deviceFailures }: Limiters,
  pseudonym: Pseudonym,
  nowMs: () => number,
): Budgets {
  const ofKey = createFailureLimit(keyFailures)
  const ofDevice = createFailureLimit(deviceFailures)

  return ({ role, keyId }) => {
    if (role === 'admin') return unlimited
    const key = pseudonym('key', keyId)
    let device: string | undefined

    function requireLeft(): void {
      const exceeded = [
        ['key', ofKey.exceededForMs(key, nowMs())] as const,
        ['device', device === undefined ? 0 : ofDevice.exceededForMs(device, nowMs())] as const,
      ]
      for (const [whose, forMs] of exceeded)
        if (forMs > 0) throw tooManyFailures(whose, forMs / 1000)
    }

    return {
      async charge(units) {
        requireLeft()
        for (let unit = 0; unit < units; unit++) {
          // Whatever the binding throws: work that cannot be counted is too much.
          const { success } = await keyWork.limit({ key }).catch(() => ({ success: false }))
          if (!success) throw tooMuchWork()
        }
      },

      nameDevice(named) {
        // One phone may speak to several backends: each counts its own.
        device = pseudonym('device', `${keyId}\n${named}`)
        requireLeft()
      },

      async countFailure() {
        const [isKeyOver, isDeviceOver] = await Promise.all([
          ofKey.count(key, nowMs()),
          device === undefined ? false : ofDevice.count(device, nowMs()),
        ])
        if (isKeyOver) throw tooManyFailures('key', failurePeriodSeconds)
        if (isDeviceOver) throw tooManyFailures('device', failurePeriodSeconds)
      },

      requireLeft,
    }
  }
}

function tooManyFailures(whose: 'key' | 'device', seconds: number): FaceError {
  return new FaceError('rate_limited', `Too many attempts of this ${whose} failed in a minute.`, {
    retryAfterSeconds: Math.ceil(seconds),
  })
}

function tooMuchWork(): FaceError {
  return new FaceError('rate_limited', 'This key sent more photos than a minute may have.', {
    retryAfterSeconds: failurePeriodSeconds,
  })
}
