/**
 * A store whose writes reach the gallery too. The index is written first: a failure in between leaves an entry too many,
 * which the record in the store overrules, and never somebody enrolled or deleted halfway without the caller knowing; the
 * same request again completes it.
 */
import type { IdentityStore } from '../identity/kv-store.ts'
import type { Gallery } from './gallery.ts'

export function createIndexedStore(store: IdentityStore, gallery: Gallery): IdentityStore {
  return {
    ...store,
    async put(record) {
      await gallery.put(record)
      await store.put(record)
    },
    async delete(identity) {
      await gallery.delete(identity)
      return await store.delete(identity)
    },
  }
}
