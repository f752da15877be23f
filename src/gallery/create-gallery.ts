/** The gallery over the index that the settings choose. */
import type { IdentityStore } from '../identity/store.ts'
import type { Vault } from '../identity/vault.ts'
import type { ChangeLog } from './change-log.ts'
import type { Gallery } from './gallery.ts'
import type { IndexChoice } from './index-choice.ts'
import { createKvGallery } from './kv-gallery.ts'
import { createPackedGallery } from './packed-gallery.ts'
import { createPackedStore } from './packed-store.ts'
import type { KeepAlive } from './share-load.ts'
import { createVectorizeGallery } from './vectorize-gallery.ts'
import { createVectorizeIndex } from './vectorize-index.ts'

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
