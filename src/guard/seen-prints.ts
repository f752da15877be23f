/**
 * Prints of the frames that let a person in, kept for a day so that none is sent again (liveness/frames/face-print.ts). They are in the person's
 * object and are deleted with it; nobody can be recognized by them. Reading and writing are synchronous.
 */
import type { FacePrint } from '../liveness/frames/face-print.ts'

const key = 'prints'
const keptMs = 86_400_000
/** More than anybody unlocks in a day; the oldest go first. */
const mostKept = 400

interface SeenPrint {
  readonly print: FacePrint
  readonly atMs: number
}

export interface SeenPrints {
  /** One list for each sequence. @param untilMs those that came no later */
  list(nowMs: number, untilMs: number): FacePrint[][]
  add(prints: readonly FacePrint[], nowMs: number): void
  clear(): void
}

export function createSeenPrints(kv: SyncKvStorage): SeenPrints {
  const fresh = (nowMs: number): SeenPrint[] =>
    (kv.get<SeenPrint[]>(key) ?? []).filter(({ atMs }) => atMs > nowMs - keptMs)
  return {
    list(nowMs, untilMs) {
      const kept = fresh(nowMs).filter(({ atMs }) => atMs <= untilMs)
      // The frames of a sequence came in one moment.
      const sequences = Map.groupBy(kept, ({ atMs }) => atMs)
      return Array.from(sequences.values(), (own) => own.map(({ print }) => print))
    },
    add(prints, nowMs) {
      const added = prints.map((print) => ({ print, atMs: nowMs }))
      kv.put(key, [...fresh(nowMs), ...added].slice(-mostKept))
    },
    clear() {
      kv.delete(key)
    },
  }
}
