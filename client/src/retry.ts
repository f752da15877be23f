/** Sending a call again that failed: how often, how long to wait before each try, and what is worth one. */
import { clientError, FacegateError } from './facegate-error.ts'

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number
  /** Before the second try; twice as long before each one after it. 500 unless given. */
  readonly firstDelayMs?: number
  /** The longest wait; where the service asks for a longer one the call fails at once. 60,000 unless given. */
  readonly maxDelayMs?: number
  /** Whether a failure is worth another try; `isPassing` unless given. */
  readonly mayRetry?: (error: FacegateError) => boolean
  /** Waits; by a timer of the platform unless given. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

const defaults = { firstDelayMs: 500, maxDelayMs: 60_000 }

/** True for what the service calls retryable, for connections that broke off, and for the error page of a gateway. */
export function isPassing({ retryable, code, status = 0 }: FacegateError): boolean {
  return retryable || (code === 'unexpected_answer' && status >= 500)
}

export interface RetryLimits {
  readonly signal?: AbortSignal
  /** No try begins after this time. */
  readonly untilMs?: number
}

/** Rejects with what the last attempt rejected with. */
export async function withRetries<Answer>(
  attempt: () => Promise<Answer>,
  policy: RetryPolicy,
  { signal, untilMs = Number.POSITIVE_INFINITY }: RetryLimits = {},
): Promise<Answer> {
  const { wait = waitByTimer } = policy
  for (let failures = 1; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      const delay = delayAfter(error, failures, policy)
      if (delay === null || Date.now() + delay > untilMs) throw error
      await wait(delay, signal)
    }
  }
}

/** In milliseconds; null when there is no further try. */
function delayAfter(error: unknown, failures: number, policy: RetryPolicy): number | null {
  const { attempts, mayRetry = isPassing } = policy
  if (!(error instanceof FacegateError) || failures >= attempts || !mayRetry(error)) return null
  const { maxDelayMs = defaults.maxDelayMs } = policy
  const asked = (error.retryAfterSeconds ?? 0) * 1000
  return asked > maxDelayMs ? null : Math.max(asked, backOff(failures, policy))
}

/** The wait after so many failures, in milliseconds. */
export function backOff(failures: number, policy: RetryPolicy): number {
  const { firstDelayMs = defaults.firstDelayMs, maxDelayMs = defaults.maxDelayMs } = policy
  return Math.min(maxDelayMs, firstDelayMs * 2 ** (failures - 1))
}

export function waitByTimer(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer)
      reject(clientError('aborted', 'The call was cancelled.'))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', giveUp)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', giveUp, { once: true })
    if (signal?.aborted) giveUp()
  })
}
