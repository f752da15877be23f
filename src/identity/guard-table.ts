/**
 * What is counted against an enrolled person, and the attempts that run, in the storage of their object. Reading and writing are synchronous,
 * so that a caller's step is one step.
 */
import { type GuardState, unguarded } from '../guard/admission.ts'
import type { Hour } from '../guard/attempts.ts'
import type { RunningAttempt } from '../guard/running-attempts.ts'

const guardKey = 'guard'
const runningKey = 'running'

export interface GuardTable {
  state(): GuardState
  put(state: GuardState): void
  running(): readonly RunningAttempt[]
  putRunning(running: readonly RunningAttempt[]): void
  clear(): void
}

export function createGuardTable(kv: SyncKvStorage): GuardTable {
  return {
    state: () => joinDraws(kv.get<StoredGuard>(guardKey) ?? unguarded),
    put: (state) => kv.put(guardKey, state),
    running: () => kv.get<RunningAttempt[]>(runningKey) ?? [],
    putRunning: (running) => kv.put(runningKey, running),
    clear() {
      kv.delete(guardKey)
      kv.delete(runningKey)
    },
  }
}

interface StoredGuard extends Omit<GuardState, 'draws'> {
  readonly draws?: Hour & { readonly byOthers?: number }
  /** Once, draws of devices that had not matched had an hour of their own. */
  readonly drawsOfOthers?: Hour
}

/** Two hours become one that ends with the later of them, so that what was spent in either stays spent. */
function joinDraws({ draws, drawsOfOthers, ...guard }: StoredGuard): GuardState {
  if (draws === undefined) return guard
  if (draws.byOthers !== undefined)
    return { ...guard, draws: { ...draws, byOthers: draws.byOthers } }
  const startMs = Math.max(draws.startMs, drawsOfOthers?.startMs ?? 0)
  const byOthers = Math.max(draws.attempts, drawsOfOthers?.attempts ?? 0)
  return { ...guard, draws: { startMs, attempts: draws.attempts, byOthers } }
}
