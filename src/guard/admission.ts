/**
 * Whether an attempt at a person is admitted: not while they are locked, and not with a challenge that is another person's,
 * spent or expired. An admitted attempt is counted and its challenge spent in the same step. Pure: the clock is passed in,
 * and the person's object stores the state before it answers.
 */
import {
  type AttemptState,
  type AttemptTicket,
  beginAttempt,
  type Hour,
  noAttempts,
} from './attempts.ts'
import { type Challenge, spendChallenge } from './challenge.ts'
import type { LockoutPolicy } from './policy.ts'

export interface GuardState {
  readonly attempts: AttemptState
  readonly challenges: readonly Challenge[]
  /** Draws of poses in the hour that began with the first of them; absent before it. */
  readonly draws?: HourOfDraws
  /** Pseudonyms of devices that matched by poses, the latest last (session-poses.ts). */
  readonly devices?: readonly string[]
}

export interface HourOfDraws extends Hour {
  /** Those of them by devices that had not matched. */
  readonly byOthers: number
}

export const unguarded: GuardState = { attempts: noAttempts, challenges: [] }

export interface AdmissionRequest {
  readonly policy: LockoutPolicy
  /** SHA-256 of the request's challenge (challenge.ts); null without one. */
  readonly challengeDigest: string | null
}

export type Refusal =
  | { readonly kind: 'locked'; readonly retryAfterMs: number }
  | { readonly kind: 'spent'; readonly retryAfterMs: number }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'challenge_invalid' }

export type Admission =
  | { readonly kind: 'admitted'; readonly state: GuardState; readonly ticket: AttemptTicket }
  | Refusal

/** A refusal changes nothing: a challenge sent while the person was locked can still be spent later. */
export function admit(
  guard: GuardState,
  { policy, challengeDigest }: AdmissionRequest,
  nowMs: number,
): Admission {
  const { attempts, challenges } = guard
  const begun = beginAttempt(attempts, policy, nowMs)
  if (begun.kind !== 'begun') return begun
  const left =
    challengeDigest === null ? challenges : spendChallenge(challenges, challengeDigest, nowMs)
  if (left === null) return { kind: 'challenge_invalid' }
  const state = { ...guard, attempts: begun.state, challenges: left }
  return { kind: 'admitted', state, ticket: begun.ticket }
}
