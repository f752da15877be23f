/** What one isolate has for people: a store and a gallery over the real objects, and whichever KV it sees. */
import { env } from 'cloudflare:workers'
import { createChangeLog } from '../../src/gallery/change-log.ts'
import { createKvGallery, type KvGalleryOptions } from '../../src/gallery/kv-gallery.ts'
import { createStore, type NewRecord } from '../../src/identity/store.ts'
import { parseTemplateKeys } from '../../src/identity/template-keys.ts'
import { createVault } from '../../src/identity/vault.ts'
import { fakeModel } from './fake-engine.ts'

export const testVault = await createVault(parseTemplateKeys(env.TEMPLATE_KEYS)!)

export function isolate(options: Partial<KvGalleryOptions> & { kv?: KVNamespace } = {}) {
  const { kv = env.IDENTITIES, now = () => new Date(), ...rest } = options
  const bindings = { identities: kv, persons: env.PERSON, directory: env.DIRECTORY }
  const store = createStore(bindings, testVault, now)
  const log = createChangeLog(env.DIRECTORY, env.PERSON, testVault)
  const gallery = createKvGallery({ kv, log, store, vault: testVault }, { now, ...rest })
  /** Whatever was there before. */
  async function put(record: NewRecord): Promise<void> {
    const { version } = await store.find(record.identity)
    const { kind } = await store.put(record, version)
    if (kind !== 'stored') throw new Error(kind)
  }
  return { store, gallery, log, put }
}

export function person(
  identity: string,
  encodings: readonly Float32Array[],
  model: string = fakeModel,
): NewRecord {
  const at = '2026-11-24T00:00:00.000Z'
  return { identity, model, encodings, createdAt: at, updatedAt: at }
}
