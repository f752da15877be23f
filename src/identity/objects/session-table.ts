/**
 * The sessions that an object keeps, an entry each in its storage. Ended ones stay readable for a while; whoever keeps them
 * sets an alarm for `nextSweepMs`. Reading and writing are synchronous, so that a caller's step is one step.
 */
import { forgottenAtMs, makeRoom, type Session } from '../../guard/session.ts'

const prefix = 'session:'

export interface SessionTable {
  /** Null when it is not known, or to be forgotten by now. */
  get(id: string, nowMs: number): Session | null
  /** A new one; it may take the place of another one of its key. */
  add(session: Session, nowMs: number): void
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

    add(session, nowMs) {
      const ofKey = all().filter(({ audience }) => audience === session.audience)
      for (const { id } of makeRoom(ofKey, session.device, nowMs)) forget(id)
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
