/**
 * Where enrolled people are kept: one KV record a person under `identity:<id>` (docs/storage.md). What a listing shows is
 * repeated in the key's metadata, so that one call lists a page. Every failure of KV becomes `store_unavailable`: an
 * identity that could not be looked up is never taken for one that does not exist.
 */
import { FaceError } from '../errors.ts'
import { type IdentityRecord, parseRecord, serializeRecord } from './record.ts'
import { fromMetadata, type IdentitySummary, toMetadata } from './summary.ts'

const keyPrefix = 'identity:'

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

export interface IdentityStore {
  /** Null when nobody is enrolled under this identity; throws `record_unreadable`. */
  get(identity: string): Promise<IdentityRecord | null>
  put(record: IdentityRecord): Promise<void>
  /** False when there was nothing to delete. Deletes unreadable records too. */
  delete(identity: string): Promise<boolean>
  /** In the order of the identities' bytes. */
  list(options: ListOptions): Promise<IdentityPage>
}

export function createKvStore(kv: KVNamespace): IdentityStore {
  return {
    async get(identity) {
      const text = await reach('read', () => kv.get(keyPrefix + identity, 'text'))
      return text === null ? null : parseRecord(text, identity)
    },

    async put(record) {
      const metadata = toMetadata(record)
      const text = serializeRecord(record)
      await reach('write', () => kv.put(keyPrefix + record.identity, text, { metadata }))
    },

    async delete(identity) {
      const key = keyPrefix + identity
      const text = await reach('read', () => kv.get(key, 'text'))
      if (text === null) return false
      await reach('delete', () => kv.delete(key))
      return true
    },

    async list({ prefix, limit, cursor }) {
      const page = await reach('list', () =>
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

async function reach<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof FaceError) throw error
    throw new FaceError('store_unavailable', `The store failed to ${action}.`, { cause: error })
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
