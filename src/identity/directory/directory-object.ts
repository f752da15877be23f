/**
 * The list of all enrolled people: one Durable Object. It answers listings, keeps the log of changes by which galleries stay
 * up to date, and hands out gallery entries in pages. Only the people's objects write here: they report each change. The SQL
 * is in directory-table.ts.
 */
import { DurableObject } from 'cloudflare:workers'
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
  readState,
  writeChange,
} from './directory-table.ts'

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

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env)
    createTable(this.#sql)
  }

  async change(change: DirectoryChange): Promise<void> {
    this.ctx.storage.transactionSync(() => writeChange(this.#sql, change))
    if (change.person === null) await this.#scheduleForgetting()
  }

  /** One more than requested means that there is another page. */
  async people(options: PageOptions): Promise<DirectoryPerson[]> {
    return listPeople(this.#sql, options)
  }

  async count(): Promise<number> {
    return countPeople(this.#sql)
  }

  /** A page of everybody's entries, after an identity; an empty one is the end. */
  async entries(after: string): Promise<DirectoryEntry[]> {
    return listEntries(this.#sql, after, maxRows)
  }

  /**
   * What changed after the change `seq`; a person who changed twice is listed once.
   * @param knownSeq the reader holds no person deleted up to this change: those deletions may be forgotten
   */
  async changesSince(seq: number, knownSeq = seq): Promise<ChangesAnswer> {
    const state = readState(this.#sql)
    if (knownSeq < state.forgottenSeq || seq > state.seq) return { kind: 'too_old' }
    return this.#answer(listChanges(this.#sql, seq, maxRows), state.seq)
  }

  /**
   * What changed at or after a time, and everything not in KV yet. Together with a list from KV no older than that time, this
   * is complete. @param afterSeq the `seq` of the page before
   */
  async changesSinceTime(sinceMs: number, afterSeq = 0): Promise<ChangesAnswer> {
    const state = readState(this.#sql)
    if (sinceMs <= state.forgottenMs) return { kind: 'too_old' }
    return this.#answer(listLateChanges(this.#sql, sinceMs, afterSeq, maxRows), state.seq)
  }

  override async alarm(): Promise<void> {
    const beforeMs = Date.now() - deletionKeptMs
    this.ctx.storage.transactionSync(() => forgetDeletions(this.#sql, beforeMs))
    await this.#scheduleForgetting()
  }

  #answer(changes: readonly DirectoryEntry[], lastSeq: number): ChangesAnswer {
    const isComplete = changes.length < maxRows
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
