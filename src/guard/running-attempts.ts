/**
 * Attempts that have begun, by their names. The end of an attempt is often reported while the answer to its beginning is still on its
 * way, so the object keeps what the end needs. An entry whose end never comes was interrupted: it stays counted, and is deleted after a
 * while. An attempt that may be sent again is kept after its end too: a repetition gets the ticket of the first request, so that it counts
 * nothing, and is answered if it ends like the first. Pure.
 */
import type { AttemptOutcome, AttemptTicket } from './attempts.ts'

export interface RunningAttempt {
  readonly id: string
  readonly ticket: AttemptTicket
  /** Version of the person when it began. */
  readonly version: number
  readonly beganMs: number
  /** How often it may yet be sent again; absent for one that may not. */
  readonly repeatsLeft?: number
  /** Which draw of poses of its session it began with. */
  readonly draw?: number
  /** How it ended; absent while it runs. Only of one that may be sent again. */
  readonly ended?: AttemptOutcome
}

/** Longer than a request waits for its store and its photo. */
const longestRunMs = 60_000
/** How long after its beginning an attempt may be sent again. */
export const repeatableMs = 120_000
/** It costs the service as much as the first time. */
export const maxRepeats = 4
/** Most ended attempts of one person that are kept; an older one, sent again, counts again. */
const maxEnded = 16

export function addRunning(
  running: readonly RunningAttempt[],
  added: RunningAttempt,
): RunningAttempt[] {
  const alive = running.filter(
    (attempt) => attempt.id !== added.id && isAlive(attempt, added.beganMs),
  )
  const ended = alive.filter((attempt) => attempt.ended !== undefined)
  const surplus = new Set(ended.slice(0, Math.max(0, ended.length - maxEnded)))
  return [...alive.filter((attempt) => !surplus.has(attempt)), added]
}

/** The attempt that a request repeats; null for a new one. One that gave its try back is over: sent again, it is another. */
export function findRepeated(
  running: readonly RunningAttempt[],
  id: string,
  nowMs: number,
): RunningAttempt | null {
  const found = running.find((attempt) => attempt.id === id && isAlive(attempt, nowMs))
  if (found === undefined || found.repeatsLeft === undefined) return null
  return found.ended === 'unusable' || found.ended === 'fault' ? null : found
}

/** Puts another in its place, which has its id. */
export function replaceRunning(
  running: readonly RunningAttempt[],
  other: RunningAttempt,
): RunningAttempt[] {
  return running.map((attempt) => (attempt.id === other.id ? other : attempt))
}

function isAlive({ beganMs, repeatsLeft }: RunningAttempt, nowMs: number): boolean {
  return Math.abs(nowMs - beganMs) < (repeatsLeft === undefined ? longestRunMs : repeatableMs)
}
