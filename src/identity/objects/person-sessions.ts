/**
 * Sessions of an enrolled person, in the storage of their object: opened, read, their poses drawn and a photo announced. Synchronous, so that
 * what one call reads and writes is one step. guard/ says what each means; attempts spend their tries (person-attempts.ts).
 */

import type { Spent } from '../../guard/attempts.ts'
import type { LockoutPolicy } from '../../guard/policy.ts'
import {
  type DrawnPoses,
  openSession,
  type Session,
  type SessionTerms,
} from '../../guard/session.ts'
import { announcePhoto, countDraw, drawFor } from '../../guard/session-poses.ts'
import type { GuardTable } from './guard-table.ts'
import type { SessionTable } from './session-table.ts'

/** There is no such session, or no try left in it, or it has ended. */
export interface SessionOver {
  readonly kind: 'session_over'
}

export interface DrawRequest {
  readonly sessionId: string
  readonly random: Uint8Array
  readonly policy: LockoutPolicy
}

export type DrawResult =
  | { readonly kind: 'drawn'; readonly poses: DrawnPoses }
  /** The session is over, asks for no poses, or has none left to draw. */
  | SessionOver
  /** As many were drawn for the person as an hour allows. */
  | Spent

export class PersonSessions {
  readonly #table: SessionTable
  readonly #guard: GuardTable

  constructor(table: SessionTable, guard: GuardTable) {
    this.#table = table
    this.#guard = guard
  }

  open(terms: SessionTerms, nowMs: number): void {
    this.#table.add(openSession(terms), nowMs)
  }

  drawPoses({ sessionId, random, policy }: DrawRequest, nowMs: number): DrawResult {
    const session = this.#table.get(sessionId, nowMs)
    const drawn = session && drawFor(session, random, nowMs)
    if (!drawn?.poses) return { kind: 'session_over' }
    const guard = this.#guard.state()
    const counted = countDraw(guard, drawn.device, policy, nowMs)
    if (counted.kind === 'spent') return counted
    this.#guard.put({ ...guard, draws: counted.draws })
    this.#table.put(drawn)
    return { kind: 'drawn', poses: drawn.poses }
  }

  /** Null when there is no pose to announce a photo for, or its time is over. @param photo its hash */
  announcePhoto(id: string, photo: string, nowMs: number): Session | null {
    const session = this.#table.get(id, nowMs)
    const announced = session && announcePhoto(session, photo, nowMs)
    if (announced !== null) this.#table.put(announced)
    return announced
  }
}
