/** A store of identities in memory, for tests of many people; it keeps the promises of versions and says how busy it was. */
import type { Found, IdentityStore, NewRecord } from '../../../src/identity/store.ts'

export interface MemoryStore extends IdentityStore {
  readonly people: ReadonlyMap<string, Found>
  /** Most calls that it had to deal with at the same time. */
  readonly mostAtOnce: number
}

export function createMemoryStore(): MemoryStore {
  const people = new Map<string, Found>()
  let running = 0
  let mostAtOnce = 0

  async function call<T>(work: () => T): Promise<T> {
    running++
    mostAtOnce = Math.max(mostAtOnce, running)
    await Promise.resolve()
    running--
    return work()
  }

  const current = (identity: string): Found =>
    people.get(identity) ?? { kind: 'nobody', version: 0 }

  function put(record: NewRecord, expectedVersion: number) {
    const { version } = current(record.identity)
    if (version !== expectedVersion) return { kind: 'conflict', version } as const
    const stored = { ...record, version: version + 1 }
    people.set(record.identity, { kind: 'enrolled', version: version + 1, record: stored })
    return { kind: 'stored', record: stored } as const
  }

  return {
    people,
    get mostAtOnce() {
      return mostAtOnce
    },
    findCopy: () => Promise.reject(new Error('not needed')),
    find: (identity) => call(() => current(identity)),
    put: (record, expectedVersion) => call(() => put(record, expectedVersion)),
    complete: () => call(() => undefined),
    getMany: () => Promise.reject(new Error('not needed')),
    getCurrent: () => Promise.reject(new Error('not needed')),
    delete: () => Promise.reject(new Error('not needed')),
    list: () => Promise.reject(new Error('not needed')),
    listStale: () => Promise.reject(new Error('not needed')),
  }
}
