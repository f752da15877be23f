/**
 * Limits failures per source (client address, key or device) through the Rate Limiting binding; wrangler.toml sets how many a
 * minute. The binding cannot be queried without counting, so each isolate remembers for a minute which sources were over the
 * limit. An unreachable limiter counts as exceeded. The clock is passed in.
 */

/** The `period` of the binding. */
export const failurePeriodSeconds = 60

/** Most sources remembered; beyond that the oldest is forgotten. */
const maxRemembered = 1000

export interface FailureLimit {
  /** Counts a failure; true when it is one too many. @param of pseudonym of the source */
  count(of: string, nowMs: number): Promise<boolean>
  /** Milliseconds for which the source stays over the limit, as far as this isolate knows; 0 if it is not. */
  exceededForMs(of: string, nowMs: number): number
}

export function createFailureLimit(limiter: RateLimit): FailureLimit {
  const exceededUntilMs = new Map<string, number>()
  return {
    async count(of, nowMs) {
      // If the binding throws, the failure cannot be counted and is one too many.
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
    exceededForMs(of, nowMs) {
      const forMs = (exceededUntilMs.get(of) ?? 0) - nowMs
      // A longer time is that of a clock that was set back since.
      return forMs > 0 && forMs < 2 * failurePeriodSeconds * 1000 ? forMs : 0
    },
  }
}
