/**
 * The authoritative state of one person: one Durable Object each, strongly consistent. A change is stored in one step with an
 * alarm that will finish it; then the directory and KV are updated. If that breaks off, the alarm repairs it. person-state.ts
 * says what a change means; this file stores it and passes it on. While the person is enrolled, the object also keeps their
 * attempts and challenges (person-attempts.ts) and sessions (person-sessions.ts).
 */
import { DurableObject } from 'cloudflare:workers'
import type { Challenge } from '../../guard/challenge.ts'
import { createSeenPrints } from '../../guard/seen-prints.ts'
import type { Session, SessionTerms } from '../../guard/session.ts'
import { partNames, partOf } from '../directory/directory-parts.ts'
import { placeObjects, readPlacement } from '../reach/place-objects.ts'
import { withTimeout } from '../reach/reach-store.ts'
import { createGuardTable } from './guard-table.ts'
import { copyToKv } from './kv-copy.ts'
import {
  type BeginRequest,
  type BeginResult,
  PersonAttempts,
  type Settlement,
  type SettleResult,
} from './person-attempts.ts'
import { type DrawRequest, type DrawResult, PersonSessions } from './person-sessions.ts'
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
import { createSessionTable } from './session-table.ts'

/** Longest a change waits for KV and for the directory; the alarm finishes what was too slow. */
export const tellTimeoutMs = 2000

const stateKey = 'person'

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

export type BeginAnswer = BeginResult | Absent
export type SettleAnswer = SettleResult | Absent

export class PersonObject extends DurableObject<Cloudflare.Env> {
  /** The update of directory and KV that is running. */
  #turn: Promise<unknown> = Promise.resolve()
  /** The last write to KV, which may be late. */
  #copying: Promise<unknown> = Promise.resolve()
  readonly #sessionTable = createSessionTable(this.ctx.storage.kv)
  readonly #guardTable = createGuardTable(this.ctx.storage.kv)
  readonly #seenPrints = createSeenPrints(this.ctx.storage.kv)
  readonly #sessions = new PersonSessions(this.#sessionTable, this.#guardTable)
  readonly #attempts = new PersonAttempts(this.#sessionTable, this.#guardTable, this.#seenPrints)

  async read(nowMs: number): Promise<CurrentPerson> {
    const state = this.#load()
    return { version: state.version, record: currentPerson(state, nowMs)?.record ?? null }
  }

  async begin(request: BeginRequest, nowMs: number): Promise<BeginAnswer> {
    return this.#ofEnrolled(nowMs, ({ version }) => this.#attempts.begin(request, version, nowMs))
  }

  async settle(settlement: Settlement, nowMs: number): Promise<SettleAnswer> {
    return this.#ofEnrolled(nowMs, ({ version }) =>
      this.#attempts.settle(settlement, version, nowMs),
    )
  }

  async openSession(
    terms: SessionTerms,
    nowMs: number,
  ): Promise<{ readonly kind: 'opened' } | Absent> {
    return this.#ofEnrolled(nowMs, (state) => {
      this.#sessions.open(terms, nowMs)
      this.#schedule(state)
      return { kind: 'opened' }
    })
  }

  async drawPoses(request: DrawRequest, nowMs: number): Promise<DrawResult> {
    const isEnrolled = this.#isEnrolled(nowMs)
    return isEnrolled ? this.#sessions.drawPoses(request, nowMs) : { kind: 'session_over' }
  }

  /** Null when there is no pose to announce a photo for, or its time is over. @param photo its hash */
  async announcePhoto(id: string, photo: string, nowMs: number): Promise<Session | null> {
    return this.#isEnrolled(nowMs) ? this.#sessions.announcePhoto(id, photo, nowMs) : null
  }

  /** Null when there is none. */
  async readSession(id: string, nowMs: number): Promise<Session | null> {
    return this.#isEnrolled(nowMs) ? this.#sessionTable.get(id, nowMs) : null
  }

  async forgetSession(id: string): Promise<void> {
    this.#sessionTable.forget(id)
  }

  async issueChallenge(
    challenge: Challenge,
    nowMs: number,
  ): Promise<{ readonly kind: 'issued' } | Absent> {
    return this.#ofEnrolled(nowMs, () => {
      this.#attempts.issueChallenge(challenge, nowMs)
      return { kind: 'issued' }
    })
  }

  /** Ends a lockout and forgets the failures before it. */
  async unlock(nowMs: number): Promise<{ readonly kind: 'unlocked' } | Absent> {
    return this.#ofEnrolled(nowMs, () => {
      this.#attempts.unlock()
      return { kind: 'unlocked' }
    })
  }

  async commit(change: PersonChange, nowMs: number): Promise<CommitResult> {
    const before = this.#load()
    const outcome = changePerson(before, change)
    // Whoever has expired is gone, though the alarm is late: who is enrolled now inherits nothing.
    if (outcome.kind === 'changed' && currentPerson(before, nowMs) === null) this.#forgetAttempts()
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
    this.#sessionTable.sweep(nowMs)
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

  /** State and alarm are written together: no await in between. */
  #store(state: PersonState): void {
    this.ctx.storage.kv.put(stateKey, state)
    if (state.person === null) this.#forgetAttempts()
    this.#schedule(state)
  }

  /** Whoever is enrolled next inherits nothing. */
  #forgetAttempts(): void {
    this.#guardTable.clear()
    this.#sessionTable.clear()
    this.#seenPrints.clear()
  }

  #isEnrolled(nowMs: number): boolean {
    return currentPerson(this.#load(), nowMs) !== null
  }

  #ofEnrolled<T>(nowMs: number, step: (state: PersonState) => T): T | Absent {
    const state = this.#load()
    if (currentPerson(state, nowMs) === null) return { kind: 'absent', version: state.version }
    return step(state)
  }

  #schedule(state: PersonState): void {
    const at = nextAlarmMs(state, Date.now(), this.#sessionTable.nextSweepMs())
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
