/**
 * The contract of the store of enrolled people (create-store.ts is the one that ships): what can be read and changed, and what may come of
 * it. An unreachable store is `store_unavailable`: a failed look-up never passes for "not enrolled".
 */
import type { FaceError } from '../errors/face-error.ts'
import type { DirectoryPerson } from './directory/directory-table.ts'
import type { IdentityRecord } from './record.ts'

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
