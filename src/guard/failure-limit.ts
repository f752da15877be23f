/**
 * Failed authentications, limited by client through the Rate Limiting binding (wrangler.toml sets how many a minute). The
 * binding counts and cannot be asked without counting, so each isolate remembers for a minute whom it found over the limit.
 * A limiter that cannot be reached counts as exceeded. The clock is passed in.
 */

/** The `period` of the binding. */
export const failurePeriodSeconds = 60

/** Clients remembered at once; beyond them the longest remembered is forgotten. */
const maxRemembered = 1000

export interface FailureLimit {
  /** Counts a failure of this client; true when it is one too many. */
  count(client: string, nowMs: number): Promise<boolean>
  /** How long the client is over the limit for, as far as this isolate knows, in milliseconds; 0 when it is not. */
  exceededForMs(client: string, nowMs: number): number
}

export function createFailureLimit(limiter: RateLimit): FailureLimit {
  const exceededUntilMs = new Map<string, number>()
  return {
    async count(client, nowMs) {
      // Whatever the binding throws: a failure that cannot be counted is one too many.
      const { success } = await limiter.limit({ key: client }).catch(() => ({ success: false }))
      if (success) return false
      exceededUntilMs.delete(client)
      exceededUntilMs.set(client, nowMs + failurePeriodSeconds * 1000)
      if (exceededUntilMs.size > maxRemembered) {
        const [longest] = exceededUntilMs.keys()
        exceededUntilMs.delete(longest)
      }
      return true
    },
    exceededForMs: (client, nowMs) => Math.max(0, (exceededUntilMs.get(client) ?? 0) - nowMs),
  }
}
