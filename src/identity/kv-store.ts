/**
 * Where enrolled people are kept: one KV record a person under `identity:<id>` (docs/storage.md). What a listing shows is
 * repeated in the key's metadata, so that one call lists a page. Every failure of KV becomes `store_unavailable`: an
 * identity that could not be looked up is never taken for one that does not exist.
 */
import { FaceError } from '../errors.ts'
import { reachKv } from './reach-kv.ts'
import { type IdentityRecord, parseRecord, serializeRecord } from './record.ts'
import { fromMetadata, type IdentitySummary, toMetadata } from './summary.ts'

const keyPrefix = 'identity:'
/** Keys that KV reads in one call. */
const maxKeysARead = 100

export interface IdentityPage {
  readonly identities: IdentitySummary[]
  /** Present when there is more. */
  readonly cursor?: string
}

export interface ListOptions {
  readonly prefix: string
  readonly limit: number
  readonly cursor?: string
}

/** Several people at once. Who is not enrolled is in neither. */
export interface ManyRecords {
  readonly records: readonly IdentityRecord[]
  /** Identities whose record cannot be read; they match nobody. */
  readonly unreadable: readonly string[]
}

export interface IdentityStore {
  /** Null when nobody is enrolled under this identity; throws `record_unreadable`. */
  get(identity: string): Promise<IdentityRecord | null>
  getMany(identities: readonly string[]): Promise<ManyRecords>
  put(record: IdentityRecord): Promise<void>
  /** False when there was nothing to delete. Deletes unreadable records too. */
  delete(identity: string): Promise<boolean>
  /** In the order of the identities' bytes. */
  list(options: ListOptions): Promise<IdentityPage>
}

export function createKvStore(kv: KVNamespace): IdentityStore {
  return {
    async get(identity) {
      const text = await reachKv('read', () => kv.get(keyPrefix + identity, 'text'))
      return text === null ? null : parseRecord(text, identity)
    },

    async getMany(identities) {
      const records: IdentityRecord[] = []
      const unreadable: string[] = []
      for (let start = 0; start < identities.length; start += maxKeysARead) {
        const keys = identities.slice(start, start + maxKeysARead).map((id) => keyPrefix + id)
        for (const [key, text] of await reachKv('read', () => kv.get(keys, 'text'))) {
          const identity = key.slice(keyPrefix.length)
          const record = text === null ? null : readOrNull(text, identity)
          if (record !== null) records.push(record)
          else if (text !== null) unreadable.push(identity)
        }
      }
      return { records, unreadable }
    },

    async put(record) {
      const metadata = toMetadata(record)
      const text = serializeRecord(record)
      await reachKv('write', () => kv.put(keyPrefix + record.identity, text, { metadata }))
    },

    async delete(identity) {
      const key = keyPrefix + identity
      const text = await reachKv('read', () => kv.get(key, 'text'))
      if (text === null) return false
      await reachKv('delete', () => kv.delete(key))
      return true
    },

    async list({ prefix, limit, cursor }) {
      const page = await reachKv('list', () =>
        kv.list({ prefix: keyPrefix + prefix, limit, cursor }).catch((error: unknown) => {
          throw isCursorFault(error, cursor) ? strangeCursor() : error
        }),
      )
      const identities = page.keys.map(({ name, metadata }) =>
        fromMetadata(name.slice(keyPrefix.length), metadata),
      )
      return page.list_complete ? { identities } : { identities, cursor: page.cursor }
    },
  }
}

function readOrNull(text: string, identity: string): IdentityRecord | null {
  try {
    return parseRecord(text, identity)
  } catch (error) {
    if (error instanceof FaceError && error.code === 'record_unreadable') return null
    throw error
  }
}

/** KV answers a cursor that it did not make with status 400; the message is all that says so. */
function isCursorFault(error: unknown, cursor: string | undefined): boolean {
  return cursor !== undefined && error instanceof Error && /\b400\b|cursor/i.test(error.message)
}

function strangeCursor(): FaceError {
  return new FaceError(
    'invalid_request',
    'field "cursor": expected the cursor of the page before, unchanged',
  )
}
