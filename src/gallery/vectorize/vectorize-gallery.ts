/**
 * The gallery in Cloudflare Vectorize, for more people than an isolate can hold. Vectorize shows changes late, so an isolate
 * holds the newer ones (vectorize-progress.ts) from the directory's log, which is read at each search; for those people only
 * the log counts. The candidates of both are measured exactly from their records.
 */

import { type EncodingSource, isUsableEncoding } from '../../encoding/encoding.ts'
import { prepareEncoding } from '../../encoding/metrics/metric.ts'
import { FaceError } from '../../errors/face-error.ts'
import {
  beginning,
  hasReached,
  isBeginning,
  type LogPosition,
} from '../../identity/directory/log-position.ts'
import { entryOf, type GalleryEntry } from '../../identity/gallery-entry.ts'
import type { IdentityStore, KnownPerson } from '../../identity/store.ts'
import type { Vault } from '../../identity/vault.ts'
import { catchUp } from '../search/catch-up.ts'
import { type ChangeLog, openGalleryEntry } from '../search/change-log.ts'
import type { Gallery, SearchOptions, SearchResult } from '../search/gallery.ts'
import { emptyGallery, type HeldGallery } from '../search/held-gallery.ts'
import { naiveScan } from '../search/naive-scan.ts'
import { proposeCandidates } from '../search/propose-candidates.ts'
import { rankPeople } from '../search/rank-people.ts'
import type { VectorizeIndex } from './vectorize-index.ts'
import { readProgress, type VectorizeProgress } from './vectorize-progress.ts'

/** Changes that an isolate holds in addition to the index: a second or two of CPU time to read. */
const maxNewer = 20_000
/** Changes that are held though the index shows them by now. */
const maxShown = 2000
/** Candidates among the newer changes whose records are read. */
const mostRecords = 100

export interface VectorizeGallerySources {
  readonly kv: KVNamespace
  readonly index: Pick<VectorizeIndex, 'query'>
  readonly log: Pick<ChangeLog, 'page' | 'count'>
  readonly store: Pick<IdentityStore, 'getMany' | 'getCurrent'>
  readonly vault: Vault
  /** build/kernels/gallery.wasm, compiled */
  readonly kernel: WebAssembly.Module
}

/** What is newer than the index. */
interface Newer {
  readonly held: HeldGallery
  /** Keys of everybody who changed: the index does not count for them. */
  readonly changed: Set<string>
  /** Where it begins. */
  readonly after: LogPosition
}

export function createVectorizeGallery(
  { kv, index, log, store, vault, kernel }: VectorizeGallerySources,
  { maxNewer: most = maxNewer }: { readonly maxNewer?: number } = {},
): Gallery {
  let current: Newer | undefined

  async function refresh(
    source: EncodingSource,
    progress: VectorizeProgress | null,
  ): Promise<Newer> {
    const { model } = source
    const shown = progress?.model === model ? progress.shownSeq : beginning
    const newer = reuse(model, shown) ?? beginAfter(source, shown)
    const { held, changed } = newer
    const budget = { changes: most - changed.size }
    const outcome = await catchUp(log, held, budget, { onChange: ({ key }) => changed.add(key) })
    if (outcome === 'done') {
      current = newer
      return newer
    }
    current = undefined
    throw new FaceError(
      'store_unavailable',
      outcome === 'too_many'
        ? `The index is being built: more than ${most} changes are not in it yet.`
        : 'The index is being built anew.',
    )
  }

  /** What is held, unless much of it is in the index by now. */
  function reuse(model: string, shown: LogPosition): Newer | undefined {
    if (current?.held.model !== model || !hasReached(shown, current.after)) return undefined
    const isSmall = hasReached(current.after, shown) || current.changed.size <= maxShown
    return isSmall ? current : undefined
  }

  function beginAfter(source: EncodingSource, after: LogPosition): Newer {
    const held = emptyGallery(source, kernel)
    held.position = after
    return { held, changed: new Set(), after }
  }

  /** Entries of people found by the index who did not change since. */
  async function queryIndex(
    vector: Float32Array,
    { changed, held }: Newer,
  ): Promise<readonly GalleryEntry[]> {
    const matches = await index.query(vector)
    const opened = await Promise.all(
      matches
        .filter(({ key }) => !changed.has(key))
        .map(({ key, sealedEntry }) => openGalleryEntry(vault, key, sealedEntry)),
    )
    return opened.map((entry) => entry && entryOf(entry, held)).filter((e) => e !== null)
  }

  async function search(
    newer: Newer,
    progress: VectorizeProgress | null,
    probe: Float32Array,
    options: SearchOptions,
  ): Promise<SearchResult> {
    if (!isUsableEncoding(probe)) return { people: [], unreadable: [] }
    const { matrix, model } = newer.held
    const place = prepareEncoding(options.metric, probe)
    let shown: readonly GalleryEntry[] = []
    if (!isBeginning(newer.after)) {
      if (progress?.metric !== options.metric.kind) {
        throw new FaceError('store_unavailable', 'The index is being built for another metric.')
      }
      shown = await queryIndex(place.vector, newer)
    }
    const candidates = proposeCandidates(place, options, (vector, scan) => [
      ...matrix.scan(vector, { ...scan, most: mostRecords }),
      ...naiveScan(
        shown.map(({ template }) => template),
        vector,
        scan,
      ).map(({ row, atLeast }) => ({ identity: shown[row].identity, atLeast })),
    ])
    const versions = new Map(shown.map(({ identity, version }) => [identity, version]))
    const known = (identity: string): KnownPerson[] => {
      const version = matrix.versionOf(identity) ?? versions.get(identity)
      return version === undefined ? [] : [{ identity, version }]
    }
    return await rankPeople(candidates, model, place, options, {
      getMany: (identities) => store.getMany(identities.flatMap(known)),
      getCurrent: (identities) => store.getCurrent(identities),
    })
  }

  return {
    async open(source) {
      const progress = await readProgress(kv)
      const [newer, people] = await Promise.all([refresh(source, progress), log.count()])
      return {
        // People of all models: counting too many only makes the threshold stricter.
        people,
        peopleOfOtherModels: 0,
        unreadableEntries: newer.held.unreadable.size,
        search: (probe, options) => search(newer, progress, probe, options),
        sample: () => [],
        requireRoomFor() {},
      }
    },
  }
}
