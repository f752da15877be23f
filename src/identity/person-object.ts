/**
 * The authoritative state of one person: one Durable Object each, strongly consistent. A change is stored in one step with an
 * alarm that will finish it; then the directory and KV are updated. If that breaks off, the alarm repairs it. person-state.ts
 * says what a change means; this file stores it and passes it on. While the person is enrolled, the object also keeps their
 * attempts and challenges (guard/admission.ts) and the sessions that are for them (guard/session.ts).
 */
import { DurableObject } from 'cloudflare:workers'
import {
  type AdmissionRequest,
  admit,
  type GuardState,
  type Refusal,
  unguarded,
} from '../guard/admission.ts'
import {
  type AttemptOutcome,
  type AttemptTicket,
  settleAttempt,
  unlockAttempts,
} from '../guard/attempts.ts'
import { type Challenge, issueChallenge } from '../guard/challenge.ts'
import type { LockoutPolicy } from '../guard/policy.ts'
import {
  addRunning,
  findRepeated,
  maxRepeats,
  type RunningAttempt,
  repeatableMs,
  replaceRunning,
} from '../guard/running-attempts.ts'
import { createSeenPrints } from '../guard/seen-prints.ts'
import {
  beginTry,
  openSession,
  type Session,
  type SessionAttempt,
  type SessionTerms,
  settleTry,
} from '../guard/session.ts'
import { announcePhoto, drawFor, usePoses } from '../guard/session-poses.ts'
import type { FacePrint } from '../liveness/face-print.ts'
import { partNames, partOf } from './directory/directory-parts.ts'
import { copyToKv } from './kv-copy.ts'
import {
  changePerson,
  currentPerson,
  expirePerson,
  isPending,
  nextAlarmMs,
  nobody,
  type PersonChange,
  type PersonState,
  settlePassed,
} from './person-state.ts'
import { placeObjects, readPlacement } from './reach/place-objects.ts'
import { withTimeout } from './reach/reach-store.ts'
import { createSessionTable } from './session-table.ts'

/** Longest a change waits for KV and for the directory; the alarm finishes what was too slow. */
export const tellTimeoutMs = 2000

const stateKey = 'person'
const guardKey = 'guard'
const runningKey = 'running'

export interface CurrentPerson {
  /** 0 if nobody was ever enrolled here. */
  readonly version: number
  /** The sealed record; null when nobody is enrolled. */
  readonly record: string | null
}

export type CommitResult =
  /** `isListed` is false when the directory could not be updated: the change holds, and repeating the request updates it. */
  | { readonly kind: 'committed'; readonly version: number; readonly isListed: boolean }
  | { readonly kind: 'conflict'; readonly version: number }
  | { readonly kind: 'absent'; readonly version: number }

/** Nobody is enrolled here; the request stored nothing. */
export interface Absent {
  readonly kind: 'absent'
  readonly version: number
}

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
  | Absent

/** There is no such session, or no try left in it, or it has ended. */
export interface SessionOver {
  readonly kind: 'session_over'
}

export interface BeginRequest extends AdmissionRequest {
  /** By which its end names it. */
  readonly attemptId: string
  /** Whether the same id is the same attempt again. */
  readonly isRepeatable: boolean
  /** The session that it is a try of. */
  readonly sessionId?: string
}

export interface Settlement {
  readonly attemptId: string
  /** Version of the compared record. */
  readonly version: number
  readonly outcome: AttemptOutcome
  readonly policy: LockoutPolicy
  /** The session that the attempt was a try of, and what came of it. */
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
  | Absent

export class PersonObject extends DurableObject<Cloudflare.Env> {
  /** The update of directory and KV that is running. */
  #turn: Promise<unknown> = Promise.resolve()
  /** The last write to KV, which may be late. */
  #copying: Promise<unknown> = Promise.resolve()
  readonly #sessions = createSessionTable(this.ctx.storage.kv)
  readonly #prints = createSeenPrints(this.ctx.storage.kv)

  async read(nowMs: number): Promise<CurrentPerson> {
    const state = this.#load()
    return { version: state.version, record: currentPerson(state, nowMs)?.record ?? null }
  }

  /**
   * In one step: spends a try of the session, counts an attempt, spends its challenge, and says which version is to be compared
   * with. A refusal spends nothing, and neither does an attempt that is sent again.
   */
  async begin(
    { attemptId, isRepeatable, sessionId, ...request }: BeginRequest,
    nowMs: number,
  ): Promise<BeginResult> {
    const state = this.#load()
    const { version } = state
    const person = currentPerson(state, nowMs)
    if (person === null) return { kind: 'absent', version }
    const repeated = isRepeatable ? findRepeated(this.#running(), attemptId, nowMs) : null
    if (repeated !== null) return this.#repeat(repeated, sessionId, nowMs)
    const begun = sessionId === undefined ? undefined : this.#spendTry(sessionId, nowMs)
    if (begun === null) return { kind: 'session_over' }
    const session = begun?.liveness === 'active' ? usePoses(begun, nowMs) : begun
    if (session === null) return { kind: 'poses_over' }
    const admission = admit(this.#loadGuard(), request, nowMs)
    if (admission.kind !== 'admitted') return admission
    this.#storeGuard(admission.state)
    if (session !== undefined) this.#sessions.put(session)
    const { ticket } = admission
    const repeats = isRepeatable ? { repeatsLeft: maxRepeats } : {}
    const drawn = session?.draws === undefined ? {} : { draw: session.draws }
    const attempt = { id: attemptId, ticket, version, beganMs: nowMs, ...drawn, ...repeats }
    this.#storeRunning(addRunning(this.#running(), attempt))
    return { kind: 'admitted', ticket, version, ...this.#told(session, nowMs) }
  }

  /**
   * The attempt was counted and its try spent when it was sent first. A session that is over by time or revoked answers no more, and one
   * whose poses were drawn anew has others than those that the photos are of.
   */
  #repeat(
    attempt: RunningAttempt,
    sessionId: string | undefined,
    nowMs: number,
  ): Extract<BeginResult, { readonly kind: 'admitted' | 'session_over' | 'poses_over' | 'spent' }> {
    const { repeatsLeft = 0, ticket, beganMs } = attempt
    if (repeatsLeft === 0) {
      return { kind: 'spent', retryAfterMs: Math.max(0, beganMs + repeatableMs - nowMs) }
    }
    const session = sessionId === undefined ? undefined : this.#sessions.get(sessionId, nowMs)
    if (session === null || (session && session.expiresMs <= nowMs)) return { kind: 'session_over' }
    if (session && session.draws !== attempt.draw) return { kind: 'poses_over' }
    const again = { ...attempt, repeatsLeft: repeatsLeft - 1 }
    this.#storeRunning(replaceRunning(this.#running(), again))
    const { version } = this.#load()
    return { kind: 'admitted', ticket, version, ...this.#told(session, nowMs, beganMs) }
  }

  /** What an attempt needs of its session. @param beganMs of one that is sent again: its own photos were not seen before it */
  #told(session: Session | undefined, nowMs: number, beganMs = nowMs) {
    if (session === undefined) return {}
    return session.liveness ? { session, seen: this.#prints.list(nowMs, beganMs) } : { session }
  }

  async settle(
    { attemptId, version: compared, outcome, policy, session }: Settlement,
    nowMs: number,
  ): Promise<SettleResult> {
    const state = this.#load()
    const { version } = state
    if (currentPerson(state, nowMs) === null) return { kind: 'absent', version }
    const running = this.#running()
    const attempt = running.find(({ id }) => id === attemptId)
    if (attempt === undefined) return { kind: 'unknown' }
    if (compared !== version && compared !== attempt.version) return { kind: 'stale' }
    const { ticket } = attempt
    const isOutdated = outcome === 'match' && version !== compared
    const decided = isOutdated ? 'fault' : outcome
    if (attempt.ended !== undefined) {
      // Sent again, and counted by its first end: told if it ends in the same way, in a session that is still known.
      if (session && this.#sessions.get(session.id, nowMs) === null) return { kind: 'session_over' }
      return attempt.ended === decided && !isOutdated
        ? { kind: 'settled' }
        : { kind: 'changed', version }
    }
    const others = running.filter(({ id }) => id !== attemptId)
    const isOver = session !== undefined && !this.#settleTry(session, decided, attempt.draw, nowMs)
    // A match of a session that is over opens nothing, so it resets nothing either.
    const counted = isOver && decided === 'match' ? 'near' : decided
    const guard = this.#loadGuard()
    const attempts = settleAttempt(guard.attempts, ticket, counted, policy, nowMs)
    this.#storeGuard({ ...guard, attempts })
    const isKept = attempt.repeatsLeft !== undefined && !isOver
    this.#storeRunning(isKept ? [...others, { ...attempt, ended: decided }] : others)
    if (isOver) return { kind: 'session_over' }
    if (session?.prints && decided === 'match') this.#prints.add(session.prints, nowMs)
    return isOutdated ? { kind: 'changed', version } : { kind: 'settled' }
  }

  async openSession(
    terms: SessionTerms,
    nowMs: number,
  ): Promise<{ readonly kind: 'opened' } | Absent> {
    const state = this.#load()
    if (currentPerson(state, nowMs) === null) return { kind: 'absent', version: state.version }
    this.#sessions.add(openSession(terms))
    this.#schedule(state)
    return { kind: 'opened' }
  }

  /** Null when the session is over or has no poses left to draw. */
  async drawPoses(id: string, random: Uint8Array, nowMs: number): Promise<Session | null> {
    if (currentPerson(this.#load(), nowMs) === null) return null
    const session = this.#sessions.get(id, nowMs)
    const drawn = session && drawFor(session, random, nowMs)
    if (drawn !== null) this.#sessions.put(drawn)
    return drawn
  }

  /** Null when there is no pose to announce a photo for, or its time is over. @param photo its hash */
  async announcePhoto(id: string, photo: string, nowMs: number): Promise<Session | null> {
    if (currentPerson(this.#load(), nowMs) === null) return null
    const session = this.#sessions.get(id, nowMs)
    const announced = session && announcePhoto(session, photo, nowMs)
    if (announced !== null) this.#sessions.put(announced)
    return announced
  }

  /** Null when there is none. */
  async readSession(id: string, nowMs: number): Promise<Session | null> {
    if (currentPerson(this.#load(), nowMs) === null) return null
    return this.#sessions.get(id, nowMs)
  }

  async forgetSession(id: string): Promise<void> {
    this.#sessions.forget(id)
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

  async issueChallenge(
    challenge: Challenge,
    nowMs: number,
  ): Promise<{ readonly kind: 'issued' } | Absent> {
    const state = this.#load()
    if (currentPerson(state, nowMs) === null) return { kind: 'absent', version: state.version }
    const guard = this.#loadGuard()
    const challenges = issueChallenge(guard.challenges, challenge, nowMs)
    this.#storeGuard({ ...guard, challenges })
    return { kind: 'issued' }
  }

  /** Ends a lockout and forgets the failures before it. */
  async unlock(nowMs: number): Promise<{ readonly kind: 'unlocked' } | Absent> {
    const state = this.#load()
    if (currentPerson(state, nowMs) === null) return { kind: 'absent', version: state.version }
    const guard = this.#loadGuard()
    this.#storeGuard({ ...guard, attempts: unlockAttempts(guard.attempts) })
    return { kind: 'unlocked' }
  }

  async commit(change: PersonChange, nowMs: number): Promise<CommitResult> {
    const before = this.#load()
    const outcome = changePerson(before, change)
    // Whoever has expired is gone, though the alarm is late: who is enrolled now inherits nothing.
    if (outcome.kind === 'changed' && currentPerson(before, nowMs) === null) this.#forgetGuard()
    // Deleting again reports a deletion that did not reach the directory.
    const isRetriedDeletion = outcome.kind === 'absent' && before.listedVersion < before.version
    if (outcome.kind !== 'changed' && !isRetriedDeletion) return outcome
    if (outcome.kind === 'changed') this.#store(outcome.state)
    const { version } = this.#load()
    return { kind: 'committed', version, isListed: await this.publish(nowMs) }
  }

  /** Reports the current version to the directory and KV; true when the directory now has it or a newer one. */
  async publish(nowMs: number): Promise<boolean> {
    const { version } = this.#load()
    await this.#inTurn(async () => {
      // A change that waited may have been reported already; the alarm retries failed copies.
      if (this.#load().listedVersion < version) await this.#passOn(nowMs)
    })
    return this.#load().listedVersion >= version
  }

  override async alarm(): Promise<void> {
    const nowMs = Date.now()
    const before = this.#load()
    const state = expirePerson(before, nowMs)
    this.#sessions.sweep(nowMs)
    if (state !== before) this.#store(state)
    await this.#inTurn(() => this.#passOn(nowMs))
    this.#schedule(this.#load())
  }

  /** One after the other, so that an older version never overwrites a newer one in KV. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    await turn
  }

  async #passOn(nowMs: number): Promise<void> {
    const state = this.#load()
    const { identity, version, person } = state
    if (identity === undefined || !isPending(state)) return
    // KV first: the directory records whether KV is up to date.
    const isCopied = await this.#copy(person)
    const isListed = await this.#list({ identity, version, person, isCopied, nowMs })
    this.#store(settlePassed(this.#load(), { version, isListed, isCopied }))
  }

  async #copy(person: PersonState['person']): Promise<boolean> {
    const key = this.ctx.id.toString()
    // A write that timed out may still arrive: the next one waits for it, so the older one cannot overwrite it.
    this.#copying = this.#copying
      .catch(() => undefined)
      .then(() => copyToKv(this.env.IDENTITIES, key, person))
    return await succeeds(this.#copying, 'kv_copy_failed')
  }

  async #list(change: Parameters<DirectoryStub['change']>[0]): Promise<boolean> {
    const placed = placeObjects(this.env.DIRECTORY, readPlacement(this.env))
    const directory: DirectoryStub = placed.getByName(partNames[partOf(change.identity)])
    return await succeeds(directory.change(change), 'directory_failed')
  }

  #load(): PersonState {
    return this.ctx.storage.kv.get<PersonState>(stateKey) ?? nobody
  }

  #loadGuard(): GuardState {
    return this.ctx.storage.kv.get<GuardState>(guardKey) ?? unguarded
  }

  #storeGuard(state: GuardState): void {
    this.ctx.storage.kv.put(guardKey, state)
  }

  /** State and alarm are written together: no await in between. */
  #store(state: PersonState): void {
    this.ctx.storage.kv.put(stateKey, state)
    if (state.person === null) this.#forgetGuard()
    this.#schedule(state)
  }

  #running(): readonly RunningAttempt[] {
    return this.ctx.storage.kv.get<RunningAttempt[]>(runningKey) ?? []
  }

  #storeRunning(running: readonly RunningAttempt[]): void {
    this.ctx.storage.kv.put(runningKey, running)
  }

  /** Attempts, challenges and sessions are of the person who was enrolled. */
  #forgetGuard(): void {
    this.ctx.storage.kv.delete(guardKey)
    this.ctx.storage.kv.delete(runningKey)
    this.#sessions.clear()
    this.#prints.clear()
  }

  #schedule(state: PersonState): void {
    const at = nextAlarmMs(state, Date.now(), this.#sessions.nextSweepMs())
    if (at === null) this.ctx.storage.deleteAlarm()
    else this.ctx.storage.setAlarm(at)
  }
}

type DirectoryStub = ReturnType<Cloudflare.Env['DIRECTORY']['getByName']>

async function succeeds(work: Promise<unknown>, event: string): Promise<boolean> {
  try {
    await withTimeout(work, tellTimeoutMs)
    return true
  } catch (error) {
    const message = error instanceof Error ? error.message.slice(0, 300) : ''
    console.error(JSON.stringify({ level: 'error', event, message }))
    return false
  }
}
