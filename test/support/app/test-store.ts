/** What one isolate has for people: a store and a gallery over the real objects, and whichever KV it sees. */
import { env } from 'cloudflare:workers'
import kernel from '../../../build/kernels/gallery.wasm'
import { createKvGallery, type KvGalleryOptions } from '../../../src/gallery/kv/kv-gallery.ts'
import { createChangeLog } from '../../../src/gallery/search/change-log.ts'
import { createStore } from '../../../src/identity/create-store.ts'
import type { NewRecord } from '../../../src/identity/store.ts'
import { parseTemplateKeys } from '../../../src/identity/template-keys.ts'
import { createVault } from '../../../src/identity/vault.ts'
import { fakeModel } from './fake-engine.ts'

export const testVault = await createVault(parseTemplateKeys(env.TEMPLATE_KEYS)!)

export interface TestStoreOptions {
  readonly kv?: KVNamespace
  readonly directory?: Cloudflare.Env['DIRECTORY']
  readonly now?: () => Date
}

/** The store, and all that a gallery is made of. */
export function testStore(options: TestStoreOptions = {}) {
  const { kv = env.IDENTITIES, directory = env.DIRECTORY, now = () => new Date() } = options
  const store = createStore({ identities: kv, persons: env.PERSON, directory }, testVault, now)
  const log = createChangeLog(directory, env.PERSON, testVault)
  /** Whatever was there before. */
  async function put(record: NewRecord): Promise<void> {
    const { version } = await store.find(record.identity)
    const { kind } = await store.put(record, version)
    if (kind !== 'stored') throw new Error(kind)
  }
  return { kv, store, log, vault: testVault, kernel, put }
}

/** With the gallery over the index in KV. */
export function isolate(options: Partial<KvGalleryOptions> & TestStoreOptions = {}) {
  const { kv, directory, now = () => new Date(), ...rest } = options
  const sources = testStore({ kv, directory, now })
  return { ...sources, gallery: createKvGallery(sources, { now, ...rest }) }
}

export function person(
  identity: string,
  encodings: readonly Float32Array[],
  model: string = fakeModel,
): NewRecord {
  const at = '2026-11-24T00:00:00.000Z'
  return { identity, model, encodings, createdAt: at, updatedAt: at }
}
