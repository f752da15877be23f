/**
 * Counts failed guesses at one identity in a row and locks it. An attempt counts as failed when it begins and is corrected when it ends. So
 * simultaneous guesses cannot slip past the count, and an attempt that never ends, because the caller disconnected or the isolate died,
 * stays failed. A match resets the count.
 *
 * `after` failures in a row lock for `firstSeconds`. After a lockout one attempt is admitted; if it fails too, the next lockout is twice as
 * long, up to `maxSeconds`. After `disableAfter` failures, if set, none is admitted until an administrator unlocks. In addition, at most
 * `attemptsPerHour` are compared in an hour, matches included, so a matching face cannot buy further guesses. Misses are also counted
 * separately, and no match resets that count, so an attacker learns no more from answers while the right person unlocks now and then. Pure:
 * the clock is passed in, and the caller stores the returned state before acting on it.
 */
import type { LockoutPolicy } from './policy.ts'

export interface AttemptState {
  /** Failures since the last match, including running attempts. */
  readonly failures: number
  /** No attempt is admitted before this time; milliseconds since 1970. 0: not locked. */
  readonly lockedUntilMs: number
  /** Attempts given back since the last failure or match. */
  readonly givenBack: number
  /** How often the count was reset: distinguishes attempts from before and after a reset. */
  readonly round: number
  /** Attempts since an administrator unlocked that told how near a face came and did not match, running ones included. */
  readonly misses?: number
  /** The current hour; absent before its first attempt. */
  readonly hour?: Hour
}

/** An hour that begins with its first attempt. */
export interface Hour {
  readonly startMs: number
  /** Attempts in it, whatever their outcome. */
  readonly attempts: number
}

export const noAttempts: AttemptState = { failures: 0, lockedUntilMs: 0, givenBack: 0, round: 0 }

const hourMs = 3_600_000
/** By how much the clocks of two isolates may differ. */
const clockSkewMs = 60_000

/** What an attempt holds between its beginning and its end. */
export interface AttemptTicket {
  readonly round: number
  /** End of the lockout that this attempt causes unless it is corrected; 0 if it causes none. */
  readonly lockedUntilMs: number
  /** Failures in a row, including this attempt. */
  readonly failures: number
  /** Misses, including this attempt. */
  readonly misses: number
  /** Beginning of the hour in which it began. */
  readonly hourStartMs: number
}

/**
 * How an attempt ended. `near`: no match, but the face is near enough at the service's own rate: neither an impostor's
 * failure nor a match, so it resets nothing. `unusable`: the photo was refused before anything was compared. `fault`: the
 * service failed before anything was compared.
 */
export type AttemptOutcome = 'match' | 'no_match' | 'near' | 'unusable' | 'fault'

/**
 * Consecutive unusable photos that cost no attempt. They tell a guesser nothing, and a shaky hand must not lock anybody out.
 * Each one beyond these counts as a failure, so they cannot be sent forever.
 */
export const maxGivenBack = 20

/** The hour's attempts are used up. */
export interface Spent {
  readonly kind: 'spent'
  readonly retryAfterMs: number
}

export type BeginResult =
  | { readonly kind: 'begun'; readonly state: AttemptState; readonly ticket: AttemptTicket }
  | { readonly kind: 'locked'; readonly retryAfterMs: number }
  | Spent
  /** Locked until an administrator unlocks. */
  | { readonly kind: 'disabled' }

/** Admits an attempt, counted as failed until it is settled, unless the identity is locked. */
export function beginAttempt(
  state: AttemptState,
  policy: LockoutPolicy,
  nowMs: number,
): BeginResult {
  if (policy.disableAfter !== undefined && state.failures >= policy.disableAfter) {
    return { kind: 'disabled' }
  }
  const retryAfterMs = state.lockedUntilMs - nowMs
  const longestMs = policy.maxSeconds * 1000 + clockSkewMs
  // A longer one was set by a clock that was ahead, or when lockouts were longer.
  if (retryAfterMs > 0 && retryAfterMs <= longestMs) return { kind: 'locked', retryAfterMs }
  const counted = countInHour(state.hour, policy, nowMs)
  if (counted.kind === 'spent') return counted
  const { hour } = counted
  const failed = countFailure(state, policy, nowMs)
  const { failures, round } = failed
  const misses = (state.misses ?? 0) + 1
  const lockedUntilMs = failed.lockedUntilMs > nowMs ? failed.lockedUntilMs : 0
  return {
    kind: 'begun',
    state: { ...failed, misses, hour },
    ticket: { round, lockedUntilMs, failures, misses, hourStartMs: hour.startMs },
  }
}

/** The state after an attempt. Call once per ticket. */
export function settleAttempt(
  state: AttemptState,
  ticket: AttemptTicket,
  outcome: AttemptOutcome,
  policy: LockoutPolicy,
  nowMs: number,
): AttemptState {
  // An attempt from before the last match is no longer in the count.
  const isCounted = ticket.round === state.round
  const uncounted = isCounted ? uncountFailure(state, ticket, policy) : state
  switch (outcome) {
    case 'match': {
      const { hour } = state
      return { ...startAnew(state), misses: withoutMiss(state), ...(hour && { hour }) }
    }
    case 'near':
      return uncounted
    case 'no_match': {
      const counted = isCounted ? state : countFailure(state, policy, nowMs)
      return { ...counted, givenBack: 0 }
    }
    case 'unusable':
      if (state.givenBack >= maxGivenBack) {
        return settleAttempt(state, ticket, 'no_match', policy, nowMs)
      }
      return { ...giveBack(uncounted, ticket), givenBack: state.givenBack + 1 }
    case 'fault':
      return giveBack(uncounted, ticket)
  }
}

/** The state after an administrator unlocks: as after a match, with a fresh hour. */
export function unlockAttempts(state: AttemptState): AttemptState {
  return startAnew(state)
}

function startAnew({ round }: AttemptState): AttemptState {
  return { ...noAttempts, round: round + 1 }
}

/** One more in the hour, unless as many are used up as the policy allows. */
export function countInHour(
  before: Hour | undefined,
  { attemptsPerHour = Number.POSITIVE_INFINITY }: Pick<LockoutPolicy, 'attemptsPerHour'>,
  nowMs: number,
): { readonly kind: 'counted'; readonly hour: Hour } | Spent {
  const hour = hourAt(before, nowMs)
  if (hour.attempts >= attemptsPerHour) {
    return spentUntilEnd(hour, nowMs)
  }
  return { kind: 'counted', hour: { ...hour, attempts: hour.attempts + 1 } }
}

export function spentUntilEnd({ startMs }: Hour, nowMs: number): Spent {
  return { kind: 'spent', retryAfterMs: startMs + hourMs - nowMs }
}

/** The current hour, or a new one. Clocks of two isolates may differ a little: a moment before its beginning belongs to it. */
function hourAt(hour: Hour | undefined, nowMs: number): Hour {
  const isRunning = hour !== undefined && Math.abs(nowMs - hour.startMs) < hourMs
  return isRunning ? hour : { startMs: nowMs, attempts: 0 }
}

/** Nothing was compared, so nothing was learned. */
function giveBack(state: AttemptState, { hourStartMs }: AttemptTicket): AttemptState {
  const { hour } = state
  const learned = { ...state, misses: withoutMiss(state) }
  if (hour?.startMs !== hourStartMs) return learned
  return { ...learned, hour: { ...hour, attempts: Math.max(0, hour.attempts - 1) } }
}

function withoutMiss({ misses = 0 }: AttemptState): number {
  return Math.max(0, misses - 1)
}

/** Length in milliseconds of the lockout after so many failures in a row; 0 for none. */
export function lockoutMs(failures: number, policy: LockoutPolicy): number {
  const doublings = failures - policy.after
  if (doublings < 0) return 0
  return Math.min(policy.maxSeconds, policy.firstSeconds * 2 ** doublings) * 1000
}

function countFailure(state: AttemptState, policy: LockoutPolicy, nowMs: number): AttemptState {
  const failures = state.failures + 1
  const lockedForMs = lockoutMs(failures, policy)
  const lockedUntilMs = lockedForMs > 0 ? nowMs + lockedForMs : state.lockedUntilMs
  return { ...state, failures, lockedUntilMs }
}

/** A lockout that another attempt caused stays if it is due without this attempt too. */
function uncountFailure(
  state: AttemptState,
  ticket: AttemptTicket,
  policy: LockoutPolicy,
): AttemptState {
  const failures = Math.max(0, state.failures - 1)
  const isStillDeserved = failures >= policy.after && state.lockedUntilMs !== ticket.lockedUntilMs
  return { ...state, failures, lockedUntilMs: isStillDeserved ? state.lockedUntilMs : 0 }
}
