/**
 * The gallery in packed segments, for up to 200,000 people: an isolate reads them once and holds them as one matrix, of about
 * 200 bytes a person with 128 numbers; the directory's log, read at each search, adds the changes since they were built. The
 * best candidates are measured exactly from their records. A missing or damaged segment is replaced by data from the
 * directory.
 */
import type { EncodingSource } from '../../encoding/encoding.ts'
import { FaceError } from '../../errors/face-error.ts'
import type { IdentityStore } from '../../identity/store.ts'
import { type Capacity, requireRoom } from '../search/capacity.ts'
import { type ChangeBudget, catchUp } from '../search/catch-up.ts'
import type { ChangeLog } from '../search/change-log.ts'
import type { Gallery } from '../search/gallery.ts'
import { drop, emptyGallery, type HeldGallery, hold, viewHeld } from '../search/held-gallery.ts'
import { type KeepAlive, shareLoad } from '../search/share-load.ts'
import { rowBytesOf } from '../search/template-rows.ts'
import { emptyLine } from './manifest.ts'
import type { PackedStore } from './packed-store.ts'

const maxPeople = 200_000
/** Memory of their templates: 200,000 of 128 numbers, fewer of longer ones. */
const maxRowsBytes = 27_200_000
/** Candidates whose records are read: as many as KV gives in one call. */
const mostRecords = 100
/** Changes that an isolate reads in addition to the segments: a second or two of CPU time. */
const maxNewer = 20_000
/** Segments that are fetched at once. */
const segmentsAtOnce = 2

export interface PackedGallerySources {
  readonly packed: Pick<PackedStore, 'readManifest' | 'readSegment'>
  readonly log: Pick<ChangeLog, 'page'>
  readonly store: Pick<IdentityStore, 'getMany' | 'getCurrent'>
  /** build/kernels/gallery.wasm, compiled */
  readonly kernel: WebAssembly.Module
}

export interface PackedGalleryOptions {
  readonly maxPeople?: number
  readonly maxNewer?: number
  readonly keepAlive?: KeepAlive
}

/** As many as an isolate has memory for. @param encodingLength numbers in a template */
export function peopleHeld(encodingLength: number): number {
  return Math.min(maxPeople, Math.floor(maxRowsBytes / rowBytesOf(encodingLength)))
}

export function createPackedGallery(
  { packed, log, store, kernel }: PackedGallerySources,
  {
    maxPeople: limit = maxPeople,
    maxNewer: newer = maxNewer,
    keepAlive,
  }: PackedGalleryOptions = {},
): Gallery {
  const capacityFor = ({ encodingLength }: EncodingSource): Capacity => ({
    maxPeople: Math.min(limit, peopleHeld(encodingLength)),
    index: 'The packed index',
    larger: 'vectorize',
  })
  let held: HeldGallery | undefined
  const loadOnce = shareLoad(load, keepAlive)

  async function load(source: EncodingSource): Promise<HeldGallery> {
    // Released before the next one is read: there is no room for both.
    held = undefined
    const { seq, begunSeq, segments } = (await packed.readManifest()) ?? emptyLine
    const loading = emptyGallery(source, kernel)
    const budget = { changes: newer }
    for (let first = 0; first < segments.length; first += segmentsAtOnce) {
      const batch = segments.slice(first, first + segmentsAtOnce)
      const read = await Promise.all(batch.map(({ name }) => packed.readSegment(name)))
      for (const [i, stored] of read.entries()) {
        if (stored === null) {
          loading.position = batch[i].afterSeq
          await readLog(loading, budget, { until: batch[i].seq })
        } else {
          for (const identity of stored.segment.deleted) drop(loading, identity)
          for (const entry of stored.segment.people) hold(loading, entry)
        }
        requireRoom(capacityFor(source), loading.matrix.people)
      }
    }
    loading.position = seq
    await readLog(loading, budget, { known: begunSeq })
    held = loading
    return loading
  }

  /** What changed since the segments were built; forgotten deletions leave entries that no record confirms. */
  async function readLog(
    loading: HeldGallery,
    budget: ChangeBudget,
    options: Parameters<typeof catchUp>[3],
  ): Promise<void> {
    let outcome = await catchUp(log, loading, budget, options)
    if (outcome === 'forgotten') outcome = await catchUp(log, loading, budget)
    if (outcome === 'done') return
    throw new FaceError(
      'store_unavailable',
      outcome === 'too_many'
        ? `The index is being built: more than ${newer} changes are not in it yet.`
        : 'The index is being built anew.',
    )
  }

  async function refresh(source: EncodingSource): Promise<HeldGallery> {
    const before = held
    if (before?.model !== source.model) return await loadOnce(source)
    const outcome = await catchUp(log, before, { changes: newer }, { known: before.position })
    return outcome === 'done' ? before : await loadOnce(source)
  }

  return {
    async open(source) {
      const opened = await refresh(source)
      const capacity = capacityFor(source)
      requireRoom(capacity, opened.matrix.people)
      return viewHeld(opened, store, capacity, mostRecords)
    },
  }
}
