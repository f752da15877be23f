/**
 * A part of the list of all enrolled people: one Durable Object for each (directory-parts.ts). It answers listings, keeps the log of
 * changes by which galleries stay up to date, and hands out gallery entries in pages. Only the people's objects write here: they report
 * each change. The SQL is in directory-table.ts. The object of a directory without parts, from an older version, is of this class too: it
 * hands its people over (hand-over.ts).
 */
import { DurableObject } from 'cloudflare:workers'
import { placeObjects, readPlacement } from '../reach/place-objects.ts'
import { partNames, partOf, undividedName } from './directory-parts.ts'
import {
  countPeople,
  createTable,
  type DirectoryChange,
  type DirectoryEntry,
  type DirectoryPerson,
  forgetDeletions,
  listChanges,
  listEntries,
  listLateChanges,
  listPeople,
  oldestDeletionMs,
  type PageOptions,
  readPeopleSum,
  readState,
  writeChange,
} from './directory-table.ts'
import {
  adoptRows,
  createHandOverTables,
  endAdoption,
  type HandedOver,
  noteHandedOver,
  readAdoption,
  rowsOfPart,
} from './hand-over.ts'

/** Minimum time a deletion stays in the log: much longer than KV's delay. */
export const deletionKeptMs = 900_000
/** Most changes or entries in one answer: some 700 bytes each. */
const maxRows = 1000

export type ChangesAnswer =
  /** `seq` is the last change in this answer; continue from there unless `isComplete`. `lastSeq` is the newest change. */
  | {
      readonly kind: 'changes'
      readonly changes: readonly DirectoryEntry[]
      readonly seq: number
      readonly isComplete: boolean
      readonly lastSeq: number
    }
  /** Requested deletions are no longer in the log, or the log was restarted: read everything again. */
  | { readonly kind: 'too_old' }

export class DirectoryObject extends DurableObject<Cloudflare.Env> {
  readonly #sql = this.ctx.storage.sql
  /** Its people are all here. */
  #isReady = false
  #adopting: Promise<void> | undefined

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env)
    createTable(this.#sql)
    createHandOverTables(this.#sql)
  }

  async change(change: DirectoryChange): Promise<void> {
    // From a person's object that does not know of the parts yet.
    if (!this.#isReady && this.#part() === null) {
      return await this.#called(partNames[partOf(change.identity)]).change(change)
    }
    await this.#ready()
    this.ctx.storage.transactionSync(() => writeChange(this.#sql, change))
    if (change.person === null) await this.#scheduleForgetting()
  }

  /** One more than requested means that there is another page. */
  async people(options: PageOptions): Promise<DirectoryPerson[]> {
    await this.#ready()
    return listPeople(this.#sql, options)
  }

  async count(): Promise<number> {
    await this.#ready()
    return countPeople(this.#sql)
  }

  async peopleSum(): Promise<number> {
    await this.#ready()
    return readPeopleSum(this.#sql)
  }

  /** A page of everybody's entries, after an identity; an empty one is the end. */
  async entries(after: string, limit = maxRows): Promise<DirectoryEntry[]> {
    await this.#ready()
    return listEntries(this.#sql, after, limit)
  }

  /**
   * What changed after the change `seq`; a person who changed twice is listed once.
   * @param knownSeq the reader holds no person deleted up to this change: those deletions may be forgotten
   */
  async changesSince(seq: number, knownSeq = seq, limit = maxRows): Promise<ChangesAnswer> {
    await this.#ready()
    const state = readState(this.#sql)
    if (knownSeq < state.forgottenSeq || seq > state.seq) return { kind: 'too_old' }
    return this.#answer(listChanges(this.#sql, seq, limit), state.seq, limit)
  }

  /**
   * What changed at or after a time, and everything not in KV yet. Together with a list from KV no older than that time, this
   * is complete. @param afterSeq the `seq` of the page before
   */
  async changesSinceTime(sinceMs: number, afterSeq = 0, limit = maxRows): Promise<ChangesAnswer> {
    await this.#ready()
    const state = readState(this.#sql)
    if (sinceMs <= state.forgottenMs) return { kind: 'too_old' }
    return this.#answer(listLateChanges(this.#sql, { sinceMs, afterSeq }, limit), state.seq, limit)
  }

  override async alarm(): Promise<void> {
    const beforeMs = Date.now() - deletionKeptMs
    this.ctx.storage.transactionSync(() => forgetDeletions(this.#sql, beforeMs))
    await this.#scheduleForgetting()
  }

  /** Asked of the one object by a part, which then reports that it has them. */
  async handOver(part: number, afterSeq: number): Promise<HandedOver> {
    return rowsOfPart(this.#sql, part, afterSeq)
  }

  async handedOver(part: number): Promise<void> {
    this.ctx.storage.transactionSync(() => noteHandedOver(this.#sql, part))
  }

  /** Throws while its people are not all here: unknown is not absent. */
  async #ready(): Promise<void> {
    if (this.#isReady) return
    if (!readAdoption(this.#sql).isOver) {
      this.#adopting ??= this.#adopt().finally(() => {
        this.#adopting = undefined
      })
      await this.#adopting
    }
    this.#isReady = true
  }

  async #adopt(): Promise<void> {
    const part = this.#part()
    if (part === null) throw new Error('the directory is in parts now')
    const undivided = this.#called(undividedName)
    for (let isComplete = false; !isComplete; ) {
      const handed = await undivided.handOver(part, readAdoption(this.#sql).seq)
      this.ctx.storage.transactionSync(() => adoptRows(this.#sql, handed))
      isComplete = handed.isComplete
    }
    // Stored before the other forgets them.
    await this.ctx.storage.sync()
    await undivided.handedOver(part)
    endAdoption(this.#sql)
    await this.#scheduleForgetting()
  }

  /** Which part it is; null for the one object. */
  #part(): number | null {
    const namespace = placeObjects(this.env.DIRECTORY, readPlacement(this.env))
    const part = partNames.findIndex((name) => namespace.idFromName(name).equals(this.ctx.id))
    return part < 0 ? null : part
  }

  #called(name: string) {
    return placeObjects(this.env.DIRECTORY, readPlacement(this.env)).getByName(name)
  }

  #answer(changes: readonly DirectoryEntry[], lastSeq: number, limit: number): ChangesAnswer {
    const isComplete = changes.length < limit
    const seq = isComplete ? lastSeq : changes[changes.length - 1].seq
    return { kind: 'changes', changes, seq, isComplete, lastSeq }
  }

  async #scheduleForgetting(): Promise<void> {
    const oldestMs = oldestDeletionMs(this.#sql)
    if (oldestMs === null || (await this.ctx.storage.getAlarm()) !== null) return
    // The reporting object dates a deletion; one from a clock ahead of ours is forgotten later.
    await this.ctx.storage.setAlarm(Math.max(oldestMs, Date.now()) + deletionKeptMs)
  }
}
