/** The gallery over the index that the settings choose. */
import type { IdentityStore } from '../identity/store.ts'
import type { Vault } from '../identity/vault.ts'
import type { IndexChoice } from './index-choice.ts'
import { createKvGallery } from './kv/kv-gallery.ts'
import { createPackedGallery } from './packed/packed-gallery.ts'
import { createPackedStore } from './packed/packed-store.ts'
import type { ChangeLog } from './search/change-log.ts'
import type { Gallery } from './search/gallery.ts'
import type { KeepAlive } from './search/share-load.ts'
import { createVectorizeGallery } from './vectorize/vectorize-gallery.ts'
import { createVectorizeIndex } from './vectorize/vectorize-index.ts'

export interface GallerySources {
  readonly kv: KVNamespace
  readonly log: ChangeLog
  readonly store: Pick<IdentityStore, 'getMany' | 'getCurrent'>
  readonly vault: Vault
  /** build/kernels/gallery.wasm, compiled */
  readonly kernel: WebAssembly.Module
}

export interface GalleryOptions {
  readonly now: () => Date
  readonly keepAlive?: KeepAlive
}

export function createGallery(
  index: IndexChoice,
  sources: GallerySources,
  { now, keepAlive }: GalleryOptions,
): Gallery {
  const { kv, vault } = sources
  switch (index.kind) {
    case 'kv':
      return createKvGallery(sources, { now })
    case 'packed':
      return createPackedGallery(
        { ...sources, packed: createPackedStore(kv, vault) },
        { keepAlive },
      )
    case 'vectorize':
      return createVectorizeGallery({ ...sources, index: createVectorizeIndex(index.binding) })
  }
}
