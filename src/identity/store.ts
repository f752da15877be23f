/**
 * Where enrolled people are kept (docs/storage.md). The object of each person is the truth and is asked whenever something is
 * decided; KV holds copies, for reading many at once, and the directory the list. A store that cannot be reached is
 * `store_unavailable`: an identity that could not be looked up is never taken for one that does not exist.
 */
import { FaceError } from '../errors/face-error.ts'
import { directoryName } from './directory-name.ts'
import type { DirectoryObject } from './directory-object.ts'
import type { DirectoryPerson } from './directory-table.ts'
import { readRecordCopies } from './kv-copy.ts'
import { personKey } from './person-key.ts'
import type { CommitResult, CurrentPerson, PersonObject } from './person-object.ts'
import { reachStore, withTimeout } from './reach-store.ts'
import { type IdentityRecord, isExpired } from './record.ts'
import { openRecord, sealPerson } from './sealed-person.ts'
import type { Vault } from './vault.ts'

/** What is enrolled under an identity now. `version` is 0 when nobody ever was, and goes on counting after a deletion. */
export type Found =
  | { readonly kind: 'enrolled'; readonly version: number; readonly record: IdentityRecord }
  | { readonly kind: 'nobody'; readonly version: number }
  /** Somebody, but whoever it is matches nobody: the record cannot be read, for the reason in `error`. */
  | { readonly kind: 'unreadable'; readonly version: number; readonly error: FaceError }

/** A record that is to be the next version. */
export type NewRecord = Omit<IdentityRecord, 'version'>

/** Somebody else's change came first; nothing was changed, and `version` is the current one. */
export interface Conflict {
  readonly kind: 'conflict'
  readonly version: number
}

export type Put = { readonly kind: 'stored'; readonly record: IdentityRecord } | Conflict

export type Deletion =
  | { readonly kind: 'deleted' }
  /** There was nobody. */
  | { readonly kind: 'absent' }
  | Conflict

/** Several people at once. Who is not enrolled, or not any more in the version wanted, is in neither. */
export interface ManyRecords {
  readonly records: readonly IdentityRecord[]
  /** Identities whose record cannot be read; they match nobody. */
  readonly unreadable: readonly string[]
}

/** A person in a version that an index knows. */
export interface KnownPerson {
  readonly identity: string
  readonly version: number
}

export interface IdentityPage {
  readonly identities: readonly DirectoryPerson[]
  /** Present when there is more. */
  readonly cursor?: string
}

/** Part of everybody, in the order of the identities' bytes. */
export interface StalePage {
  /** Who of this part is sealed with another key than the current one. */
  readonly identities: readonly string[]
  /** Where the next part begins; absent at the end. */
  readonly cursor?: string
}

export interface ListOptions {
  readonly prefix: string
  readonly limit: number
  /** Of the page before. */
  readonly cursor?: string
}

export interface IdentityStore {
  find(identity: string): Promise<Found>
  /** What a person's object said of them, opened. */
  open(identity: string, current: CurrentPerson): Promise<Found>
  /** Many people from KV; whoever has no copy there of the version known is read from their object. */
  getMany(people: readonly KnownPerson[]): Promise<ManyRecords>
  /** Many people from their objects: what is true now. */
  getCurrent(identities: readonly string[]): Promise<ManyRecords>
  /** Stores the record when `expectedVersion` is the current one. Throws `store_unavailable` when it may or may not have. */
  put(record: NewRecord, expectedVersion: number): Promise<Put>
  /** Makes sure that the directory knows of the last change; what a repeated request does that has nothing to change. */
  complete(identity: string): Promise<void>
  delete(identity: string, expectedVersion?: number): Promise<Deletion>
  /** In the order of the identities' bytes. */
  list(options: ListOptions): Promise<IdentityPage>
  /** Looks through a page of everybody after an identity. */
  listStale(after: string): Promise<StalePage>
}

export interface StoreBindings {
  readonly identities: KVNamespace
  readonly persons: DurableObjectNamespace<PersonObject>
  readonly directory: DurableObjectNamespace<DirectoryObject>
}

/** Longest that reading many waits for KV before it asks the objects. */
export const copyTimeoutMs = 2000
/** People asked at once. */
const maxObjectsAtOnce = 50

export function createStore(bindings: StoreBindings, vault: Vault, now: () => Date): IdentityStore {
  const { identities: kv, persons, directory } = bindings
  const keyOf = (identity: string): string => personKey(persons, identity)
  const nowMs = (): number => now().getTime()

  async function find(identity: string): Promise<Found> {
    return await open(
      identity,
      await reachStore('read', () => persons.getByName(identity).read(nowMs())),
    )
  }

  async function open(
    identity: string,
    { version, record: sealed }: CurrentPerson,
  ): Promise<Found> {
    if (sealed === null) return { kind: 'nobody', version }
    try {
      const record = await openRecord(vault, keyOf(identity), sealed, { identity, version })
      if (isExpired(record, now())) return { kind: 'nobody', version }
      return { kind: 'enrolled', version, record }
    } catch (error) {
      if (!isUnreadable(error)) throw error
      return { kind: 'unreadable', version, error }
    }
  }

  async function getCurrent(identities: readonly string[]): Promise<ManyRecords> {
    const records: IdentityRecord[] = []
    const unreadable: string[] = []
    for (let start = 0; start < identities.length; start += maxObjectsAtOnce) {
      const batch = identities.slice(start, start + maxObjectsAtOnce)
      const found = await Promise.all(batch.map(find))
      for (const [i, one] of found.entries()) {
        if (one.kind === 'enrolled') records.push(one.record)
        if (one.kind === 'unreadable') unreadable.push(batch[i])
      }
    }
    return { records, unreadable }
  }

  /** Null when the copy is not there, late, or cannot be read: the object then knows better. */
  async function openCopy(
    copies: ReadonlyMap<string, string>,
    person: KnownPerson,
  ): Promise<IdentityRecord | null> {
    const key = keyOf(person.identity)
    const sealed = copies.get(key)
    if (sealed === undefined) return null
    try {
      const record = await openRecord(vault, key, sealed, person)
      return isExpired(record, now()) ? null : record
    } catch (error) {
      if (!isUnreadable(error)) throw error
      return null
    }
  }

  return {
    find,
    open,
    getCurrent,

    async getMany(people) {
      const keys = people.map(({ identity }) => keyOf(identity))
      const copies = await copiesOrNone(kv, keys)
      const opened = await Promise.all(people.map((person) => openCopy(copies, person)))
      const missing = people.filter((_, i) => opened[i] === null)
      const { records, unreadable } = await getCurrent(missing.map(({ identity }) => identity))
      return { records: [...opened.filter((record) => record !== null), ...records], unreadable }
    },

    async put(record, expectedVersion) {
      const { identity } = record
      const next = { ...record, version: expectedVersion + 1 }
      const person = await sealPerson(vault, keyOf(identity), next)
      const change = { identity, expectedVersion, person }
      const result = await reachStore<CommitResult>('write', () =>
        persons.getByName(identity).commit(change, nowMs()),
      )
      if (result.kind !== 'committed') return { kind: 'conflict', version: result.version }
      requireListed(result)
      return { kind: 'stored', record: next }
    },

    async complete(identity) {
      const isListed = await reachStore('write', () => persons.getByName(identity).publish(nowMs()))
      requireListed({ isListed })
    },

    async delete(identity, expectedVersion) {
      const change = { identity, expectedVersion: expectedVersion ?? 'any', person: null } as const
      const result = await reachStore<CommitResult>('delete', () =>
        persons.getByName(identity).commit(change, nowMs()),
      )
      if (result.kind === 'conflict') return { kind: 'conflict', version: result.version }
      if (result.kind === 'absent') return { kind: 'absent' }
      requireListed(result)
      return { kind: 'deleted' }
    },

    async list({ prefix, limit, cursor = '' }) {
      // One more than asked for tells whether there is another page.
      const people = await reachStore('list', () =>
        directory.getByName(directoryName).people({ prefix, after: cursor, limit: limit + 1 }),
      )
      const page = people.slice(0, limit)
      // Whose time has come is nobody, even before their object deletes them.
      const present = page.filter((person) => !isExpired(person, now()))
      const identities = await Promise.all(
        present.map((person) => openName(vault, keyOf(person.identity), person)),
      )
      return people.length > limit
        ? { identities, cursor: page[page.length - 1].identity }
        : { identities }
    },

    async listStale(after) {
      const entries = await reachStore('list', () =>
        directory.getByName(directoryName).entries(after),
      )
      // Record, entry and name of a person are sealed together.
      const isStale = (entry: string | null) => entry !== null && !vault.isCurrent(entry)
      const identities = entries.filter(({ entry }) => isStale(entry)).map((one) => one.identity)
      const last = entries.at(-1)?.identity
      return { identities, ...(last !== undefined && { cursor: last }) }
    },
  }
}

async function copiesOrNone(
  kv: KVNamespace,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  try {
    return await withTimeout(readRecordCopies(kv, keys), copyTimeoutMs)
  } catch {
    return new Map()
  }
}

/** A name that does not open is left out: hidden as a whole, nobody would repair or delete the person. */
async function openName(
  vault: Vault,
  key: string,
  person: DirectoryPerson,
): Promise<DirectoryPerson> {
  const { name: sealed, ...rest } = person
  const name = sealed === undefined ? null : await vault.open('name', key, sealed)
  return name === null ? rest : { ...rest, name }
}

function requireListed({ isListed }: { readonly isListed: boolean }): void {
  if (isListed) return
  throw new FaceError(
    'store_unavailable',
    'The change is stored, but the list of people could not be told yet; the same request again completes it.',
  )
}

function isUnreadable(error: unknown): error is FaceError {
  return error instanceof FaceError && error.code === 'record_unreadable'
}
