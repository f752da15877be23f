/**
 * A session for `/recognize`: it belongs to nobody in particular, so it has a Durable Object of its own, which deletes itself. Sessions
 * for one person live in that person's object (person-object.ts).
 */
import { DurableObject } from 'cloudflare:workers'
import type { AttemptOutcome } from '../../guard/attempts.ts'
import {
  beginTry,
  openSession,
  type Session,
  type SessionAttempt,
  type SessionTerms,
  settleTry,
} from '../../guard/session.ts'
import { createSessionTable } from './session-table.ts'

export class SessionObject extends DurableObject<Cloudflare.Env> {
  readonly #sessions = createSessionTable(this.ctx.storage.kv)

  async openSession(terms: SessionTerms, nowMs: number): Promise<void> {
    this.#sessions.add(openSession(terms), nowMs)
    const sweepMs = this.#sessions.nextSweepMs()
    if (sweepMs !== null) this.ctx.storage.setAlarm(sweepMs)
  }

  /** Null when there is none. */
  async readSession(id: string, nowMs: number): Promise<Session | null> {
    return this.#sessions.get(id, nowMs)
  }

  async forgetSession(): Promise<void> {
    await this.ctx.storage.deleteAll()
  }

  /** Spends a try; null when there is none. */
  async beginTry(id: string, nowMs: number): Promise<Session | null> {
    const session = this.#sessions.get(id, nowMs)
    const begun = session && beginTry(session, nowMs)
    if (begun !== null) this.#sessions.put(begun)
    return begun
  }

  /** False when the session has ended meanwhile: no decision counts. */
  async settleTry(
    id: string,
    outcome: AttemptOutcome,
    attempt: SessionAttempt,
    nowMs: number,
  ): Promise<boolean> {
    const session = this.#sessions.get(id, nowMs)
    const settled = session && settleTry(session, outcome, attempt, nowMs)
    if (settled !== null) this.#sessions.put(settled)
    return settled !== null
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll()
  }
}
