/**
 * Failures, limited by whom they are of (a client's address, a key, a device) through the Rate Limiting binding; wrangler.toml
 * sets how many a minute. The
 * binding counts and cannot be asked without counting, so each isolate remembers for a minute whom it found over the limit.
 * A limiter that cannot be reached counts as exceeded. The clock is passed in.
 */

/** The `period` of the binding. */
export const failurePeriodSeconds = 60

/** Remembered at once; beyond them the longest remembered is forgotten. */
const maxRemembered = 1000

export interface FailureLimit {
  /** Counts a failure; true when it is one too many. @param of a name that says nothing */
  count(of: string, nowMs: number): Promise<boolean>
  /** How long they are over the limit for, as far as this isolate knows, in milliseconds; 0 when they are not. */
  exceededForMs(of: string, nowMs: number): number
}

export function createFailureLimit(limiter: RateLimit): FailureLimit {
  const exceededUntilMs = new Map<string, number>()
  return {
    async count(of, nowMs) {
      // Whatever the binding throws: a failure that cannot be counted is one too many.
      const { success } = await limiter.limit({ key: of }).catch(() => ({ success: false }))
      if (success) return false
      exceededUntilMs.delete(of)
      exceededUntilMs.set(of, nowMs + failurePeriodSeconds * 1000)
      if (exceededUntilMs.size > maxRemembered) {
        const [longest] = exceededUntilMs.keys()
        exceededUntilMs.delete(longest)
      }
      return true
    },
    exceededForMs: (of, nowMs) => Math.max(0, (exceededUntilMs.get(of) ?? 0) - nowMs),
  }
}
