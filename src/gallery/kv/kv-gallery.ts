/**
 * The gallery in Workers KV, for up to 10,000 people: list pages carry the entries, an isolate holds them as one matrix, and
 * the best candidates are measured exactly from their records. KV is read once per isolate and may be late; the directory's
 * change log, read at each search, adds what KV lacked and what happened since. Where KV lost entries or holds others, everybody is read
 * from the directory, and a line in the log says so.
 */
import type { EncodingSource } from '../../encoding/encoding.ts'
import { FaceError } from '../../errors/face-error.ts'
import { sumOfPeople } from '../../identity/directory/people-sum.ts'
import { listEntryCopies } from '../../identity/objects/kv-copy.ts'
import { reachStore } from '../../identity/reach/reach-store.ts'
import type { IdentityStore } from '../../identity/store.ts'
import type { Vault } from '../../identity/vault.ts'
import { type Capacity, requireRoom } from '../search/capacity.ts'
import { catchUp } from '../search/catch-up.ts'
import { type ChangeLog, openGalleryEntry } from '../search/change-log.ts'
import type { Gallery } from '../search/gallery.ts'
import {
  applyChanges,
  emptyGallery,
  type HeldGallery,
  hold,
  viewHeld,
} from '../search/held-gallery.ts'

/** An isolate lists this many in ten calls and holds them in 2.4 MB. */
const maxPeople = 10_000
/** How late a list from KV may be: its documentation says a minute "or more". Less than `deletionKeptMs` of the directory. */
export const kvLatenessMs = 600_000

export interface KvGalleryOptions {
  readonly now: () => Date
  readonly maxPeople?: number
}

export interface KvGallerySources {
  readonly kv: KVNamespace
  readonly log: ChangeLog
  readonly store: Pick<IdentityStore, 'getMany' | 'getCurrent'>
  readonly vault: Vault
  /** build/kernels/gallery.wasm, compiled */
  readonly kernel: WebAssembly.Module
}

export function createKvGallery(sources: KvGallerySources, options: KvGalleryOptions): Gallery {
  const { kv, log, store, vault, kernel } = sources
  const capacity: Capacity = {
    maxPeople: options.maxPeople ?? maxPeople,
    index: 'The index in KV',
    larger: 'packed',
  }
  let held: HeldGallery | undefined

  async function load(source: EncodingSource): Promise<HeldGallery> {
    const loading = emptyGallery(source, kernel)
    const versions = new Map<string, number>()
    const sinceMs = options.now().getTime() - kvLatenessMs
    for await (const page of listPages(kv)) {
      const opened = await Promise.all(
        page.map(async ({ key, entry }) => ({
          key,
          entry: entry === null ? null : await openGalleryEntry(vault, key, entry),
        })),
      )
      for (const { key, entry } of opened) {
        if (entry === null) loading.unreadable.add(key)
        else {
          hold(loading, entry)
          versions.set(entry.identity, entry.version)
        }
      }
      requireRoom(capacity, loading.matrix.people)
    }
    // Read after the list, so that no change is missed.
    const [since, sum] = await Promise.all([log.sinceTime(sinceMs), log.peopleSum()])
    applyChanges(loading, since)
    for (const { identity, version, kind } of since.changes) {
      if (kind === 'deleted') versions.delete(identity)
      else versions.set(identity, version)
    }
    const unreadableEntries = loading.unreadable.size
    if (unreadableEntries === 0 && sumOfPeople(versions) === sum) return loading
    const counts = { people: versions.size, unreadableEntries }
    console.warn(JSON.stringify({ level: 'warn', event: 'kv_entries_differ', ...counts }))
    return await loadFromDirectory(source)
  }

  /** Whoever is not in KV, or in it as they were, is unknown, not absent. */
  async function loadFromDirectory(source: EncodingSource): Promise<HeldGallery> {
    const loading = emptyGallery(source, kernel)
    const outcome = await catchUp(
      log,
      loading,
      { changes: Number.POSITIVE_INFINITY },
      { onChange: () => requireRoom(capacity, loading.matrix.people) },
    )
    if (outcome === 'done') return loading
    throw new FaceError('store_unavailable', 'The directory was restarted while it was read.')
  }

  async function refresh(source: EncodingSource): Promise<HeldGallery> {
    const before = held
    if (before?.model === source.model) {
      const outcome = await catchUp(
        log,
        before,
        { changes: capacity.maxPeople },
        { known: before.position },
      )
      if (outcome === 'done') return before
    }
    // The outcome is kept, not the promise: a caller that disconnects would leave the promise pending for everybody.
    held = await load(source)
    return held
  }

  return {
    async open(source) {
      const opened = await refresh(source)
      requireRoom(capacity, opened.matrix.people)
      return viewHeld(opened, store, capacity)
    },
  }
}

/** Each page has its own timeout: reading all of them may take longer than one call may. */
async function* listPages(kv: KVNamespace) {
  const pages = listEntryCopies(kv)
  for (;;) {
    const { value, done } = await reachStore('list', () => pages.next())
    if (done) return
    yield value
  }
}
