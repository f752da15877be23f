/**
 * Limits of one `app` key: work per minute, and failed guesses, in total and per named device. A person's own count (attempts.ts) misses
 * a caller who tries a few faces on everybody; this one catches it. What a session does counts for the key that opened it, except requests
 * that cost no try, as with a token that is over: one phone must not use up what all others share, so those have a count of their own.
 * Neither must one phone at which unknown names are typed in: where the backend names its device, those are no failures of the key. They
 * have a count of the key of their own, only until the device has used up its limit: whoever invents devices learns no more names than
 * without, and stops only requests that name somebody. Rate Limiting bindings count approximately and per Cloudflare location, so no
 * single object slows every request. Administrators have no budget: their key can end any lockout anyway. The clock is passed in.
 */
import type { ErrorCode } from '../../errors/error-table.ts'
import { FaceError } from '../../errors/face-error.ts'
import { createFailureLimit, type FailureLimit, failurePeriodSeconds } from './failure-limit.ts'
import type { Caller } from './keys.ts'
import { type Pseudonym, pseudonymOfDevice } from './pseudonym.ts'

export interface Limiters {
  /** Work, in photos, by key. */
  readonly keyWork: RateLimit
  /** Failed guesses, by key and by device; the names that nobody has, by key, as many again. */
  readonly keyFailures: RateLimit
  readonly deviceFailures: RateLimit
}

/** The budget of one request. Each method throws `rate_limited` once nothing is left. */
export interface RequestBudget {
  /** First of all: a session whose token was sent too often for nothing waits. */
  enter(): void
  /** Before any work. @param units photos to process */
  charge(units: number): Promise<void>
  /** The photos of a session's try, once its object has admitted it; over the limit, the next ones are refused. */
  chargeTry(photos: number): Promise<void>
  /** Also counts the request's outcome for this device. */
  nameDevice(device: string): void
  /** The request names somebody, so its answer says whether they are enrolled. */
  nameIdentity(): void
  /** One guess has failed. Throws instead of the answer when it is one too many. */
  countFailure(): Promise<void>
  /** Nobody is enrolled under the name: of the key's count of those, and a failure of the device, or of the key where none is named. Throws likewise. */
  countUnknown(): Promise<void>
  /** A token was sent for nothing. Throws instead of the answer when that is one too many. */
  countVain(): Promise<void>
  /** Before any other answer: parallel requests may have spent the budget. */
  requireLeft(): void
}

export type Budgets = (caller: Caller) => RequestBudget

/**
 * Errors that cost the token of a session no try: it or its poses are over, its person is locked or has no draws left, or what was sent is
 * no request. Without a count of their own such requests could be sent without limit. A photo of a try that turns out too large or of
 * another format is counted here too.
 */
export const vainErrors: ReadonlySet<ErrorCode> = new Set([
  'session_over',
  'poses_over',
  'locked_out',
  'rate_limited',
  'invalid_request',
  'image_missing',
  'image_too_large',
  'image_unsupported',
  'too_many_images',
])

const unlimited: RequestBudget = {
  enter: () => {},
  charge: async () => {},
  chargeTry: async () => {},
  nameDevice: () => {},
  nameIdentity: () => {},
  countFailure: async () => {},
  countUnknown: async () => {},
  countVain: async () => {},
  requireLeft: () => {},
}

export function createBudgets(
  { keyWork, keyFailures, deviceFailures }: Limiters,
  pseudonym: Pseudonym,
  nowMs: () => number,
): Budgets {
  const ofKey = createFailureLimit(keyFailures)
  const ofDevice = createFailureLimit(deviceFailures)
  const ofSession = createFailureLimit(deviceFailures)
  const ofTries = createFailureLimit(keyWork)
  const ofUnknown = createFailureLimit(keyFailures)

  return (caller) => {
    const { role, keyId } = caller
    if (role === 'admin') return unlimited
    const key = pseudonym('key', keyId)
    const unknown = pseudonym('unknown', keyId)
    const session = role === 'session' ? pseudonym('session', caller.session.id) : undefined
    let device: string | undefined
    let namesSomebody = false

    function requireLeft(): void {
      const exceededForMs = (limit: FailureLimit, of: string | undefined) =>
        of === undefined ? 0 : limit.exceededForMs(of, nowMs())
      const exceeded = [
        ['key', exceededForMs(ofKey, key)],
        // Else the names that get no answer would be those that nobody has.
        ['key', namesSomebody ? exceededForMs(ofUnknown, unknown) : 0],
        ['device', exceededForMs(ofDevice, device)],
      ] as const
      for (const [whose, forMs] of exceeded)
        if (forMs > 0) throw tooManyFailures(whose, forMs / 1000)
    }

    const deviceFailed = () => (device === undefined ? false : ofDevice.count(device, nowMs()))

    async function countFailure(counted: readonly (boolean | Promise<boolean>)[]): Promise<void> {
      const [isKeyOver, isDeviceOver] = await Promise.all(counted)
      if (isKeyOver) throw tooManyFailures('key', failurePeriodSeconds)
      if (isDeviceOver) throw tooManyFailures('device', failurePeriodSeconds)
    }

    return {
      // Not asked later: requests after the end must not withhold the answers to those in time.
      enter() {
        if (session === undefined) return
        const forMs = ofSession.exceededForMs(session, nowMs())
        if (forMs > 0) throw tooManyFailures('session', forMs / 1000)
        if (ofTries.exceededForMs(key, nowMs()) > 0) throw tooMuchWork()
      },

      async chargeTry(photos) {
        await Promise.all(Array.from({ length: photos }, () => ofTries.count(key, nowMs())))
      },

      async charge(units) {
        requireLeft()
        for (let unit = 0; unit < units; unit++) {
          // If the binding throws, the work cannot be counted and is refused.
          const { success } = await keyWork.limit({ key }).catch(() => ({ success: false }))
          if (!success) throw tooMuchWork()
        }
      },

      nameDevice(named) {
        device = pseudonymOfDevice(pseudonym, keyId, named)
        requireLeft()
      },

      nameIdentity() {
        // The session of a token has its name already.
        namesSomebody = role === 'app'
        requireLeft()
      },

      countFailure: () => countFailure([ofKey.count(key, nowMs()), deviceFailed()]),

      async countUnknown() {
        // First of the device: what is typed beyond its own limit must not use up what the others of the key have.
        await countFailure([device === undefined && ofKey.count(key, nowMs()), deviceFailed()])
        await countFailure([ofUnknown.count(unknown, nowMs()), false])
      },

      async countVain() {
        const isOver = session !== undefined && (await ofSession.count(session, nowMs()))
        if (isOver) throw tooManyFailures('session', failurePeriodSeconds)
      },

      requireLeft,
    }
  }
}

function tooManyFailures(whose: 'key' | 'device' | 'session', seconds: number): FaceError {
  return new FaceError('rate_limited', `Too many attempts of this ${whose} failed in a minute.`, {
    retryAfterSeconds: Math.ceil(seconds),
  })
}

function tooMuchWork(): FaceError {
  return new FaceError('rate_limited', 'This key sent more photos than a minute allows.', {
    retryAfterSeconds: failurePeriodSeconds,
  })
}
