/**
 * Attempts, challenges and seen prints of an enrolled person, in the storage of their object. Synchronous, so that what one call reads and
 * writes is one step. guard/ says what each means; this file keeps them.
 */

import { type AdmissionRequest, admit, type Refusal } from '../../guard/admission.ts'
import {
  type AttemptOutcome,
  type AttemptTicket,
  settleAttempt,
  unlockAttempts,
} from '../../guard/attempts.ts'
import { type Challenge, issueChallenge } from '../../guard/challenge.ts'
import type { LockoutPolicy } from '../../guard/policy.ts'
import {
  addRunning,
  findRepeated,
  maxRepeats,
  type RunningAttempt,
  repeatableMs,
  replaceRunning,
} from '../../guard/running-attempts.ts'
import type { createSeenPrints } from '../../guard/seen-prints.ts'
import { beginTry, type Session, type SessionAttempt, settleTry } from '../../guard/session.ts'
import { rememberDevice, usePoses } from '../../guard/session-poses.ts'
import type { AskedPose } from '../../liveness/asked-poses.ts'
import { wereSeen } from '../../liveness/copies.ts'
import type { FacePrint } from '../../liveness/frames/face-print.ts'
import type { GuardTable } from './guard-table.ts'
import type { SessionOver } from './person-sessions.ts'
import type { SessionTable } from './session-table.ts'

export type BeginResult =
  | {
      readonly kind: 'admitted'
      readonly ticket: AttemptTicket
      readonly version: number
      /** The session that a try was spent of, after it. */
      readonly session?: Session
      /** Prints that must not come again; of a session that asks for poses. */
      readonly seen?: readonly (readonly FacePrint[])[]
    }
  | Refusal
  | SessionOver
  /** No poses were drawn, their time is over, or a try was begun with them. */
  | { readonly kind: 'poses_over' }
  /** As many poses were drawn, and another number of photos was sent. */
  | { readonly kind: 'other_number'; readonly asked: readonly AskedPose[] }

export interface BeginRequest extends AdmissionRequest {
  /** By which its end names it. */
  readonly attemptId: string
  /** Whether the same id is the same attempt again. */
  readonly isRepeatable: boolean
  /** The session that it is a try of. */
  readonly sessionId?: string
  /** How many it sends; where poses are asked for, one for each. */
  readonly photos?: number
}

export interface Settlement {
  readonly attemptId: string
  /** Version of the compared record. */
  readonly version: number
  readonly outcome: AttemptOutcome
  readonly policy: LockoutPolicy
  /** The session that the attempt was a try of, and its result. */
  readonly session?: {
    readonly id: string
    readonly attempt: SessionAttempt
    /** Of the frames that were judged. */
    readonly prints?: readonly FacePrint[]
  }
}

export type SettleResult =
  | { readonly kind: 'settled' }
  /** A match with a record that changed in the meantime, so no match. The attempt is given back. */
  | { readonly kind: 'changed'; readonly version: number }
  /** The compared record was of neither the current version nor that of the beginning. Nothing is settled. */
  | { readonly kind: 'stale' }
  /** No such attempt is running: it has not begun, was refused, or has ended. */
  | { readonly kind: 'unknown' }
  /** The session has ended meanwhile: no decision counts. */
  | SessionOver
  /** A match by photos that another session was matched with since the attempt began, so no match. */
  | { readonly kind: 'seen_meanwhile' }

type SeenPrints = ReturnType<typeof createSeenPrints>

/** What was decided does not count. */
function refused(session: NonNullable<Settlement['session']>): typeof session {
  return { ...session, attempt: { ...session.attempt, result: { code: 'poses_over' } } }
}

export class PersonAttempts {
  readonly #sessions: SessionTable
  readonly #guard: GuardTable
  readonly #prints: SeenPrints

  constructor(sessions: SessionTable, guard: GuardTable, prints: SeenPrints) {
    this.#sessions = sessions
    this.#guard = guard
    this.#prints = prints
  }

  /**
   * In one step: spends a try of the session, counts an attempt, spends its challenge, and says which version is to be compared
   * with. A refusal spends nothing, and neither does an attempt that is sent again.
   *
   * @param version of the person who is enrolled
   */
  begin(
    { attemptId, isRepeatable, sessionId, photos, ...request }: BeginRequest,
    version: number,
    nowMs: number,
  ): BeginResult {
    const repeated = isRepeatable ? findRepeated(this.#guard.running(), attemptId, nowMs) : null
    if (repeated !== null) return this.#repeat(repeated, sessionId, version, nowMs)
    const begun = sessionId === undefined ? undefined : this.#spendTry(sessionId, nowMs)
    if (begun === null) return { kind: 'session_over' }
    const session = begun?.liveness === 'active' ? usePoses(begun, nowMs) : begun
    if (session === null) return { kind: 'poses_over' }
    const admission = admit(this.#guard.state(), request, nowMs)
    if (admission.kind !== 'admitted') return admission
    const asked = session?.poses?.asked
    if (asked && photos !== asked.length) return { kind: 'other_number', asked }
    this.#guard.put(admission.state)
    if (session !== undefined) this.#sessions.put(session)
    const { ticket } = admission
    const repeats = isRepeatable ? { repeatsLeft: maxRepeats } : {}
    const drawn = session?.draws === undefined ? {} : { draw: session.draws }
    const attempt = { id: attemptId, ticket, version, beganMs: nowMs, ...drawn, ...repeats }
    this.#guard.putRunning(addRunning(this.#guard.running(), attempt))
    return { kind: 'admitted', ticket, version, ...this.#told(session, nowMs) }
  }

  /**
   * The attempt was counted and its try spent when it was sent first. A session that is over by time or revoked answers no more, and one
   * whose poses were drawn anew has others than those that the photos are of.
   */
  #repeat(
    attempt: RunningAttempt,
    sessionId: string | undefined,
    version: number,
    nowMs: number,
  ): BeginResult {
    const { repeatsLeft = 0, ticket, beganMs } = attempt
    if (repeatsLeft === 0) {
      return { kind: 'spent', retryAfterMs: Math.max(0, beganMs + repeatableMs - nowMs) }
    }
    const session = sessionId === undefined ? undefined : this.#sessions.get(sessionId, nowMs)
    if (session === null || (session && session.expiresMs <= nowMs)) return { kind: 'session_over' }
    if (session && session.draws !== attempt.draw) return { kind: 'poses_over' }
    const again = { ...attempt, repeatsLeft: repeatsLeft - 1 }
    this.#guard.putRunning(replaceRunning(this.#guard.running(), again))
    return { kind: 'admitted', ticket, version, ...this.#told(session, nowMs, beganMs) }
  }

  /** What an attempt needs of its session. @param beganMs of one that is sent again: its own photos were not seen before it */
  #told(session: Session | undefined, nowMs: number, beganMs = nowMs) {
    if (session === undefined) return {}
    return session.liveness ? { session, seen: this.#prints.list(nowMs, beganMs) } : { session }
  }

  /** @param version of the person who is enrolled */
  settle(
    { attemptId, version: compared, outcome, policy, session }: Settlement,
    version: number,
    nowMs: number,
  ): SettleResult {
    const running = this.#guard.running()
    const attempt = running.find(({ id }) => id === attemptId)
    if (attempt === undefined) return { kind: 'unknown' }
    if (compared !== version && compared !== attempt.version) return { kind: 'stale' }
    const { ticket } = attempt
    const isOutdated = outcome === 'match' && version !== compared
    const isSeen = outcome === 'match' && this.#wereSeen(session?.prints, nowMs)
    const ended = isOutdated ? 'fault' : outcome
    if (attempt.ended !== undefined) {
      // Sent again, and counted by its first end: told if it ends in the same way, in a session that is still known.
      if (session && this.#sessions.get(session.id, nowMs) === null) return { kind: 'session_over' }
      if (attempt.ended === ended && !isOutdated) return { kind: 'settled' }
      return isSeen ? { kind: 'seen_meanwhile' } : { kind: 'changed', version }
    }
    const decided = isSeen && !isOutdated ? 'no_match' : ended
    const others = running.filter(({ id }) => id !== attemptId)
    const settled = session && (decided === outcome ? session : refused(session))
    const isOver = settled !== undefined && !this.#settleTry(settled, decided, attempt.draw, nowMs)
    // A match of a session that is over opens nothing, so it resets nothing either.
    const counted = isOver && decided === 'match' ? 'near' : decided
    const guard = this.#guard.state()
    const attempts = settleAttempt(guard.attempts, ticket, counted, policy, nowMs)
    const matched = session && counted === 'match' ? this.#sessions.get(session.id, nowMs) : null
    const devices = matched ? rememberDevice(guard.devices, matched) : guard.devices
    this.#guard.put({ ...guard, attempts, ...(devices && { devices }) })
    const isKept = attempt.repeatsLeft !== undefined && !isOver
    this.#guard.putRunning(isKept ? [...others, { ...attempt, ended: decided }] : others)
    if (isOver) return { kind: 'session_over' }
    if (session?.prints && decided === 'match') this.#prints.add(session.prints, nowMs)
    if (isOutdated) return { kind: 'changed', version }
    return { kind: decided === outcome ? 'settled' : 'seen_meanwhile' }
  }

  /** By photos of sessions that began at the same time, none of which knew of the others. */
  #wereSeen(prints: readonly FacePrint[] | undefined, nowMs: number): boolean {
    if (prints === undefined) return false
    const frames = prints.map((print) => ({ print }))
    return wereSeen(frames, this.#prints.list(nowMs, nowMs))
  }

  issueChallenge(challenge: Challenge, nowMs: number): void {
    const guard = this.#guard.state()
    const challenges = issueChallenge(guard.challenges, challenge, nowMs)
    this.#guard.put({ ...guard, challenges })
  }

  /**
   * Ends a lockout and forgets the failures before it, and how often poses were drawn. Known devices stay: by them the person gets in while
   * whoever caused the lockout goes on.
   */
  unlock(): void {
    const { draws: _, ...guard } = this.#guard.state()
    this.#guard.put({ ...guard, attempts: unlockAttempts(guard.attempts) })
  }

  /** Null when there is none; not stored yet. */
  #spendTry(id: string, nowMs: number): Session | null {
    const session = this.#sessions.get(id, nowMs)
    return session && beginTry(session, nowMs)
  }

  /** False when the session has ended. */
  #settleTry(
    { id, attempt }: NonNullable<Settlement['session']>,
    outcome: AttemptOutcome,
    draw: number | undefined,
    nowMs: number,
  ): boolean {
    const session = this.#sessions.get(id, nowMs)
    const settled = session && settleTry(session, outcome, attempt, nowMs, draw)
    if (settled !== null) this.#sessions.put(settled)
    return settled !== null
  }
}
