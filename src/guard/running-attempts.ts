/**
 * Attempts that have begun and not ended, by their request. How one ended is often reported while the answer to its beginning is
 * still on its way, so the object keeps what the end needs. An entry that is never taken is one that broke off: it stays counted,
 * and is forgotten after a while. Pure.
 */
import type { AttemptTicket } from './attempts.ts'

export interface RunningAttempt {
  readonly id: string
  readonly ticket: AttemptTicket
  /** Version of the person when it began. */
  readonly version: number
  readonly beganMs: number
}

/** Longer than a request waits for its store and its photo. */
export const longestRunMs = 60_000

export function addRunning(
  running: readonly RunningAttempt[],
  added: RunningAttempt,
): RunningAttempt[] {
  const alive = running.filter(({ beganMs }) => Math.abs(added.beganMs - beganMs) < longestRunMs)
  return [...alive, added]
}
