/**
 * How many guesses at one identity have failed in a row, and until when no more are taken. An attempt is counted as failed
 * when it begins and made good when it ends, so that guesses sent at once cannot slip past the count, and one that never
 * ends, because the caller hung up or the isolate died, has failed. A match starts the count anew.
 *
 * `after` failures in a row lock for `firstSeconds`. When a lockout is over one attempt is taken; if that fails too the next
 * lockout is twice as long, up to `maxSeconds`. After `disableAfter` failures, if set, none is taken until an administrator
 * unlocks. Besides, no more than `attemptsPerHour` are compared in an hour, those that match included: whoever has the right
 * face at hand, or a second one that matches, cannot buy guesses with it. Pure: the clock is passed in, and whoever stores
 * the state stores what these functions return before acting on it.
 */
import type { LockoutPolicy } from './policy.ts'

export interface AttemptState {
  /** Failures since the last match, attempts that still run among them. */
  readonly failures: number
  /** No attempt is taken before; milliseconds since 1970. 0: not locked. */
  readonly lockedUntilMs: number
  /** Attempts given back since the last failure or match. */
  readonly givenBack: number
  /** How often the count was started anew: tells an attempt from before that apart from one after. */
  readonly round: number
  /** The hour that runs; absent before the first attempt of it. */
  readonly hour?: Hour
}

/** An hour that begins with its first attempt. */
interface Hour {
  readonly startMs: number
  /** Attempts in it, whatever they came to. */
  readonly attempts: number
}

export const noAttempts: AttemptState = { failures: 0, lockedUntilMs: 0, givenBack: 0, round: 0 }

const hourMs = 3_600_000

/** What an attempt holds between its beginning and its end. */
export interface AttemptTicket {
  readonly round: number
  /** End of the lockout that stands unless this attempt is made good; 0 when it brought none. */
  readonly lockedUntilMs: number
  /** Failures in a row, this attempt among them. */
  readonly failures: number
  /** Of the hour in which it began. */
  readonly hourStartMs: number
}

/**
 * How an attempt ended. `near`: no match, though the face is near enough at the service's own rate, so that it is no
 * impostor's failure; it is no match either, and starts nothing anew. `unusable`: the photo was refused before anything was
 * compared. `fault`: the service failed before anything was compared.
 */
export type AttemptOutcome = 'match' | 'no_match' | 'near' | 'unusable' | 'fault'

/**
 * Unusable photos that cost no attempt, one after the other. They tell a guesser nothing, and a hand that shakes shall lock
 * nobody out; but each of them beyond these counts as a failure, so that they cannot be sent for ever.
 */
export const maxGivenBack = 20

export type BeginResult =
  | { readonly kind: 'begun'; readonly state: AttemptState; readonly ticket: AttemptTicket }
  | { readonly kind: 'locked'; readonly retryAfterMs: number }
  /** As many attempts were made as an hour may have. */
  | { readonly kind: 'spent'; readonly retryAfterMs: number }
  /** Locked until an administrator unlocks. */
  | { readonly kind: 'disabled' }

/** Takes an attempt, counted as failed until it is settled, unless the identity is locked. */
export function beginAttempt(
  state: AttemptState,
  policy: LockoutPolicy,
  nowMs: number,
): BeginResult {
  if (policy.disableAfter !== undefined && state.failures >= policy.disableAfter) {
    return { kind: 'disabled' }
  }
  const retryAfterMs = state.lockedUntilMs - nowMs
  if (retryAfterMs > 0) return { kind: 'locked', retryAfterMs }
  const hour = hourAt(state, nowMs)
  if (policy.attemptsPerHour !== undefined && hour.attempts >= policy.attemptsPerHour) {
    return { kind: 'spent', retryAfterMs: hour.startMs + hourMs - nowMs }
  }
  const counted = countFailure(state, policy, nowMs)
  const { failures, round } = counted
  const lockedUntilMs = counted.lockedUntilMs > nowMs ? counted.lockedUntilMs : 0
  return {
    kind: 'begun',
    state: { ...counted, hour: { ...hour, attempts: hour.attempts + 1 } },
    ticket: { round, lockedUntilMs, failures, hourStartMs: hour.startMs },
  }
}

/** The state once an attempt is over. To be called once a ticket. */
export function settleAttempt(
  state: AttemptState,
  ticket: AttemptTicket,
  outcome: AttemptOutcome,
  policy: LockoutPolicy,
  nowMs: number,
): AttemptState {
  // One from before the last match is no longer in the count.
  const isCounted = ticket.round === state.round
  const uncounted = isCounted ? uncountFailure(state, ticket, policy) : state
  switch (outcome) {
    case 'match':
      return { ...startAnew(state), ...(state.hour && { hour: state.hour }) }
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
      return { ...giveBackToHour(uncounted, ticket), givenBack: state.givenBack + 1 }
    case 'fault':
      return giveBackToHour(uncounted, ticket)
  }
}

/** What an administrator's unlocking leaves: as after a match, with the whole hour before it. */
export function unlockAttempts(state: AttemptState): AttemptState {
  return startAnew(state)
}

function startAnew({ round }: AttemptState): AttemptState {
  return { ...noAttempts, round: round + 1 }
}

/** The hour that runs, or a new one. Clocks of two isolates may differ a little: a moment before its beginning is in it. */
function hourAt({ hour }: AttemptState, nowMs: number): Hour {
  const isRunning = hour !== undefined && Math.abs(nowMs - hour.startMs) < hourMs
  return isRunning ? hour : { startMs: nowMs, attempts: 0 }
}

/** Nothing was compared, so nothing was learned. */
function giveBackToHour(state: AttemptState, { hourStartMs }: AttemptTicket): AttemptState {
  const { hour } = state
  if (hour?.startMs !== hourStartMs) return state
  return { ...state, hour: { ...hour, attempts: Math.max(0, hour.attempts - 1) } }
}

/** Length of the lockout that so many failures in a row bring, in milliseconds; 0 when they bring none. */
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

/** A lockout that another attempt brought, and that is still deserved without this one, stays. */
function uncountFailure(
  state: AttemptState,
  ticket: AttemptTicket,
  policy: LockoutPolicy,
): AttemptState {
  const failures = Math.max(0, state.failures - 1)
  const isStillDeserved = failures >= policy.after && state.lockedUntilMs !== ticket.lockedUntilMs
  return { ...state, failures, lockedUntilMs: isStillDeserved ? state.lockedUntilMs : 0 }
}
