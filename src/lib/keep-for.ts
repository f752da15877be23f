/** Limits work that anybody may ask for at any time: its outcome, a failure too, is kept and reused for a while. */

/** How often, and how many times, whoever comes while it is being found out looks whether it is. */
const lookEveryMs = 20
const mostLooks = 100

/**
 * The outcome is kept, not the promise: a caller that disconnects would leave the promise pending for everybody. Later
 * callers wait for the outcome, and do the work themselves after two seconds without one. Another argument is another piece
 * of work.
 */
export function keepFor<Argument, Result>(
  keepMs: number,
  nowMs: () => number,
  work: (argument: Argument) => Promise<Result>,
): (argument: Argument) => Promise<Result> {
  let kept: { readonly of: Argument; readonly untilMs: number; get(): Result } | undefined
  let running: Argument | undefined

  const isKept = (argument: Argument): boolean => kept?.of === argument && nowMs() < kept.untilMs

  function keep(of: Argument, get: () => Result): void {
    kept = { of, untilMs: nowMs() + keepMs, get }
    running = undefined
  }

  return async (argument) => {
    for (let look = 0; look < mostLooks && running === argument && !isKept(argument); look++) {
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    }
    if (kept !== undefined && isKept(argument)) return kept.get()
    running = argument
    try {
      const result = await work(argument)
      keep(argument, () => result)
      return result
    } catch (error) {
      keep(argument, () => {
        throw error
      })
      throw error
    }
  }
}
