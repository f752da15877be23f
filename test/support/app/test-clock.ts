/**
 * A clock for tests inside workerd that need not be waited for. Timers of a second and more end when their time is over, or when
 * the test says that it is; each wakes up in the request that set it, as workerd wants of a timer. Shorter ones are the real ones.
 */

const watchedMs = 1000
const stepMs = 5

let skippedMs = 0

const nowMs = (): number => Date.now() + skippedMs

/** So much time passes for everybody who waits. */
export function skipMs(milliseconds: number): void {
  skippedMs += milliseconds
}

/** Takes the place of the real timers; returns what puts them back. */
export function installTestClock(): () => void {
  const real = globalThis.setTimeout
  const setTestTimeout = (wake: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => {
    if (ms < watchedMs) return real(wake, ms, ...given)
    const dueMs = nowMs() + ms
    // Ended by clearTimeout too: timers and intervals are numbered together.
    const ticking = setInterval(() => {
      if (nowMs() < dueMs) return
      clearInterval(ticking)
      wake(...given)
    }, stepMs)
    return ticking
  }
  globalThis.setTimeout = setTestTimeout as typeof setTimeout
  return () => {
    globalThis.setTimeout = real
  }
}
