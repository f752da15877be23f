/**
 * Where enrolled people are kept (docs/storage.md). Each person's object is authoritative and is asked for every decision. KV
 * holds copies for bulk reads, the directory holds the list. An unreachable store is `store_unavailable`: a failed look-up
 * never passes for "not enrolled".
 */
import { FaceError } from '../errors/face-error.ts'
import { createDirectory } from './directory/directory.ts'
import type { DirectoryObject } from './directory/directory-object.ts'
import type { DirectoryPerson } from './directory/directory-table.ts'
import { readRecordCopies, readRecordCopy } from './kv-copy.ts'
import { personKey } from './person-key.ts'
import type { CommitResult, CurrentPerson, PersonObject } from './person-object.ts'
import { reachStore, withTimeout } from './reach/reach-store.ts'
import { type IdentityRecord, isExpired } from './record.ts'
import { openCopyOf, openRecord, sealPerson } from './sealed-person.ts'
import type { Vault } from './vault.ts'

/** What is enrolled under an identity now. `version` is 0 if nobody ever was, and keeps counting after a deletion. */
export type Found =
  | { readonly kind: 'enrolled'; readonly version: number; readonly record: IdentityRecord }
  | { readonly kind: 'nobody'; readonly version: number }
  /** Enrolled, but matches nobody: the record cannot be read, for the reason in `error`. */
  | { readonly kind: 'unreadable'; readonly version: number; readonly error: FaceError }

/** A record to store as the next version. */
export type NewRecord = Omit<IdentityRecord, 'version'>

/** Another change came first; nothing was changed, and `version` is the current one. */
export interface Conflict {
  readonly kind: 'conflict'
  readonly version: number
}

export type Put = { readonly kind: 'stored'; readonly record: IdentityRecord } | Conflict

export type Deletion =
  | { readonly kind: 'deleted' }
  /** Nobody was enrolled. */
  | { readonly kind: 'absent' }
  | Conflict

/** Several people at once. A person who is not enrolled, or no longer in the requested version, is in neither list. */
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
  /** People of this part whose record is sealed with a key other than the current one. */
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
  /**
   * A person's record from its copy in KV, of whichever version that is. Null when there is no copy, or none that can be read:
   * never a sign that nobody is enrolled.
   */
  findCopy(identity: string): Promise<IdentityRecord | null>
  /** Reads many people from KV; a person without a copy of the known version is read from their object. */
  getMany(people: readonly KnownPerson[]): Promise<ManyRecords>
  /** Reads many people from their objects: their current state. */
  getCurrent(identities: readonly string[]): Promise<ManyRecords>
  /** Stores the record if `expectedVersion` is current. Throws `store_unavailable` when the outcome is unknown. */
  put(record: NewRecord, expectedVersion: number): Promise<Put>
  /** Makes sure the directory has the last change; used by a repeated request that has nothing to change. */
  complete(identity: string): Promise<void>
  delete(identity: string, expectedVersion?: number): Promise<Deletion>
  /** In the order of the identities' bytes. */
  list(options: ListOptions): Promise<IdentityPage>
  /** A page of all people after an identity. */
  listStale(after: string): Promise<StalePage>
}

export interface StoreBindings {
  readonly identities: KVNamespace
  readonly persons: DurableObjectNamespace<PersonObject>
  readonly directory: DurableObjectNamespace<DirectoryObject>
}

/** Longest a bulk read waits for KV before it asks the objects. */
export const copyTimeoutMs = 2000
/** People looked through for records sealed with an old key. */
const entriesAPage = 1000
/** Objects asked at the same time. */
const maxObjectsAtOnce = 50

/** @param onChange called after every change that goes through this store, acknowledged or not */
export function createStore(
  bindings: StoreBindings,
  vault: Vault,
  now: () => Date,
  onChange?: (identity: string) => void,
): IdentityStore {
  const { identities: kv, persons } = bindings
  const directory = createDirectory(bindings.directory)
  const keyOf = (identity: string): string => personKey(persons, identity)
  const nowMs = (): number => now().getTime()
  const changed = (identity: string): void => onChange?.(identity)

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

  /** Null when the copy is missing, outdated or unreadable: the object is asked then. */
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
    getCurrent,

    async findCopy(identity) {
      const key = keyOf(identity)
      const sealed = await copyOrNone(kv, key)
      if (sealed === null) return null
      try {
        const record = await openCopyOf(vault, key, sealed, identity)
        return isExpired(record, now()) ? null : record
      } catch (error) {
        if (!isUnreadable(error)) throw error
        return null
      }
    },

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
      ).finally(() => changed(identity))
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
      ).finally(() => changed(identity))
      if (result.kind === 'conflict') return { kind: 'conflict', version: result.version }
      if (result.kind === 'absent') return { kind: 'absent' }
      requireListed(result)
      return { kind: 'deleted' }
    },

    async list({ prefix, limit, cursor = '' }) {
      // One more than requested shows whether there is another page.
      const people = await directory.people({ prefix, after: cursor, limit: limit + 1 })
      const page = people.slice(0, limit)
      // An expired person counts as not enrolled, even before their object deletes them.
      const present = page.filter((person) => !isExpired(person, now()))
      const identities = await Promise.all(
        present.map((person) => openName(vault, keyOf(person.identity), person)),
      )
      return people.length > limit
        ? { identities, cursor: page[page.length - 1].identity }
        : { identities }
    },

    async listStale(after) {
      const entries = await directory.entries(after, entriesAPage)
      // Record, entry and name of a person are sealed together.
      const isStale = (entry: string | null) => entry !== null && !vault.isCurrent(entry)
      const identities = entries.filter(({ entry }) => isStale(entry)).map((one) => one.identity)
      const last = entries.at(-1)?.identity
      return { identities, ...(last !== undefined && { cursor: last }) }
    },
  }
}

async function copyOrNone(kv: KVNamespace, key: string): Promise<string | null> {
  try {
    return await withTimeout(readRecordCopy(kv, key), copyTimeoutMs)
  } catch {
    return null
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

/** A name that does not open is left out; if the whole person were hidden, nobody would repair or delete them. */
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
    'The change is stored, but the list of people is not updated yet; the same request again completes it.',
  )
}

function isUnreadable(error: unknown): error is FaceError {
  return error instanceof FaceError && error.code === 'record_unreadable'
}
