/**
 * The sessions that an object keeps, an entry each in its storage. Ended ones stay readable for a while; whoever keeps them
 * sets an alarm for `nextSweepMs`. Reading and writing are synchronous, so that a caller's step is one step.
 */
import { forgottenAtMs, maxSessions, type Session } from '../guard/session.ts'

const prefix = 'session:'

export interface SessionTable {
  /** Null when it is not known, or to be forgotten by now. */
  get(id: string, nowMs: number): Session | null
  /** A new one; it may take the place of the one next to expire. */
  add(session: Session): void
  put(session: Session): void
  forget(id: string): void
  /** Forgets those whose time is over. */
  sweep(nowMs: number): void
  clear(): void
  /** When the next one is to be forgotten; null when there is none. */
  nextSweepMs(): number | null
}

export function createSessionTable(kv: SyncKvStorage): SessionTable {
  const all = (): Session[] => [...kv.list<Session>({ prefix })].map(([, session]) => session)
  const forget = (id: string): void => {
    kv.delete(prefix + id)
  }
  const put = (session: Session): void => kv.put(prefix + session.id, session)
  return {
    get(id, nowMs) {
      const session = kv.get<Session>(prefix + id)
      return session === undefined || forgottenAtMs(session) <= nowMs ? null : session
    },

    add(session) {
      const soonest = all().sort((a, b) => a.expiresMs - b.expiresMs)
      const surplus = soonest.length + 1 - maxSessions
      for (const { id } of soonest.slice(0, Math.max(0, surplus))) forget(id)
      put(session)
    },

    put,

    forget,

    sweep(nowMs) {
      for (const session of all()) if (forgottenAtMs(session) <= nowMs) forget(session.id)
    },

    clear() {
      for (const { id } of all()) forget(id)
    },

    nextSweepMs() {
      const times = all().map(forgottenAtMs)
      return times.length === 0 ? null : Math.min(...times)
    },
  }
}
