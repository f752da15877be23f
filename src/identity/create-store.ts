/**
 * Where enrolled people are kept (docs/storage.md). Each person's object is authoritative and is asked for every decision. KV
 * holds copies for bulk reads, the directory holds the list.
 */
import { FaceError } from '../errors/face-error.ts'
import { createDirectory } from './directory/directory.ts'
import type { DirectoryObject } from './directory/directory-object.ts'
import type { DirectoryPerson } from './directory/directory-table.ts'
import { readRecordCopies, readRecordCopy } from './objects/kv-copy.ts'
import type { CommitResult, CurrentPerson, PersonObject } from './objects/person-object.ts'
import { personKey } from './person-key.ts'
import { reachStore, withTimeout } from './reach/reach-store.ts'
import { type IdentityRecord, isExpired } from './record.ts'
import { openCopyOf, openRecord, sealPerson } from './sealed-person.ts'
import type { Found, IdentityStore, ManyRecords } from './store.ts'
import type { Vault } from './vault.ts'

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

  /** Null when the copy is outdated, unreadable or of somebody who has expired: the object is asked then. */
  async function openOrNull(open: Promise<IdentityRecord>): Promise<IdentityRecord | null> {
    try {
      const record = await open
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
      const sealed = await copiesOr(null, () => readRecordCopy(kv, key))
      return sealed === null ? null : openOrNull(openCopyOf(vault, key, sealed, identity))
    },

    async getMany(people) {
      const keys = people.map(({ identity }) => keyOf(identity))
      const copies = await copiesOr(new Map<string, string>(), () => readRecordCopies(kv, keys))
      const opened = await Promise.all(
        people.map((person, i) => {
          const sealed = copies.get(keys[i]!)
          return sealed === undefined
            ? null
            : openOrNull(openRecord(vault, keys[i]!, sealed, person))
        }),
      )
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

/** What is read of KV, or `none` when KV fails or is late. */
async function copiesOr<T>(none: T, read: () => Promise<T>): Promise<T> {
  try {
    return await withTimeout(read(), copyTimeoutMs)
  } catch {
    return none
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
