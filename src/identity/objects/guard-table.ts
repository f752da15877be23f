/**
 * What is counted against an enrolled person, and the attempts that run, in the storage of their object. Reading and writing are synchronous,
 * so that a caller's step is one step.
 */
import { type GuardState, unguarded } from '../../guard/admission.ts'
import type { RunningAttempt } from '../../guard/running-attempts.ts'

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
    state: () => kv.get<GuardState>(guardKey) ?? unguarded,
    put: (state) => kv.put(guardKey, state),
    running: () => kv.get<RunningAttempt[]>(runningKey) ?? [],
    putRunning: (running) => kv.put(runningKey, running),
    clear() {
      kv.delete(guardKey)
      kv.delete(runningKey)
    },
  }
}
