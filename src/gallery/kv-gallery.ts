/**
 * The gallery in Workers KV, for up to 10,000 people: list pages carry the entries, an isolate holds them as one matrix, and the
 * best candidates are measured exactly from their records. KV is read once an isolate and may be late; the change log of
 * the directory, read at each search, says what KV did not know yet and what happened since.
 */
import { FaceError } from '../errors.ts'
import { listEntryCopies } from '../identity/kv-copy.ts'
import { reachStore } from '../identity/reach-store.ts'
import type { IdentityStore, KnownPerson } from '../identity/store.ts'
import type { Vault } from '../identity/vault.ts'
import { type ChangeLog, type Changes, openGalleryEntry } from './change-log.ts'
import { entryInModel, type GalleryEntry } from './entry.ts'
import type { Gallery, GalleryView } from './gallery.ts'
import { createMatrix, type EncodingMatrix } from './matrix.ts'
import { searchMatrix } from './search-matrix.ts'

/** What one isolate lists in ten calls and holds in 2.4 MB. */
const maxPeople = 10_000
/** How late a list from KV may be: it promises a minute "or more". Less than `deletionKeptMs` of the directory. */
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
}

/** What this isolate keeps in memory. */
interface Held {
  readonly model: string
  readonly matrix: EncodingMatrix
  /** Of everybody in the matrix. */
  readonly versions: Map<string, number>
  /** People of other models. */
  readonly others: Set<string>
  /** Keys of the people whose entry cannot be read. */
  readonly unreadable: Set<string>
  /** The last change that is in it. */
  seq: number
}

export function createKvGallery(sources: KvGallerySources, options: KvGalleryOptions): Gallery {
  const { kv, log, store, vault } = sources
  const limit = options.maxPeople ?? maxPeople
  let held: Held | undefined

  async function load(model: string): Promise<Held> {
    const loading = emptyHeld(model)
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
        else add(loading, entry)
      }
      requireRoom(loading)
    }
    // Asked after the list was read, so that nothing falls in between.
    apply(loading, await log.sinceTime(sinceMs))
    return loading
  }

  async function refresh(model: string): Promise<Held> {
    const before = held?.model === model ? held : undefined
    const changes = before && (await log.since(before.seq))
    if (before !== undefined && changes) {
      apply(before, changes)
      return before
    }
    // Kept is the outcome, not the promise: a caller that hangs up would leave it pending for everybody.
    held = await load(model)
    return held
  }

  function requireRoom({ matrix }: Held): void {
    if (matrix.people <= limit) return
    throw new FaceError(
      'not_configured',
      `The index in KV holds ${limit} people at most, and more are enrolled.`,
    )
  }

  return {
    async open(model) {
      const opened = await refresh(model)
      requireRoom(opened)
      return view(opened, store)
    },
  }
}

/** Every page is waited for on its own: reading all of them may take longer than one call may. */
async function* listPages(kv: KVNamespace) {
  const pages = listEntryCopies(kv)
  for (;;) {
    const { value, done } = await reachStore('list', () => pages.next())
    if (done) return
    yield value
  }
}

function emptyHeld(model: string): Held {
  return {
    model,
    matrix: createMatrix(),
    versions: new Map(),
    others: new Set(),
    unreadable: new Set(),
    seq: 0,
  }
}

function add({ model, matrix, versions, others }: Held, entry: GalleryEntry): void {
  const { identity, version } = entry
  const ours = entryInModel(entry, model)
  if (ours === null) {
    others.add(identity)
    return
  }
  matrix.put(identity, ours.template)
  versions.set(identity, version)
}

/** Two searches may ask for changes at once: what is in already stays, lest an older answer undo a newer one. */
function apply(held: Held, { changes, seq }: Changes): void {
  for (const change of changes) {
    if (change.seq <= held.seq) continue
    const { identity, key, entry, kind } = change
    held.matrix.remove(identity)
    held.versions.delete(identity)
    held.others.delete(identity)
    held.unreadable.delete(key)
    if (entry !== null) add(held, entry)
    if (kind === 'unreadable') held.unreadable.add(key)
  }
  held.seq = Math.max(held.seq, seq)
}

function view(
  { model, matrix, versions, others, unreadable }: Held,
  store: KvGallerySources['store'],
): GalleryView {
  const known = (identity: string): KnownPerson[] => {
    const version = versions.get(identity)
    // Removed by a later search: deleted meanwhile.
    return version === undefined ? [] : [{ identity, version }]
  }
  return {
    people: matrix.people,
    peopleOfOtherModels: others.size,
    unreadableEntries: unreadable.size,
    search: (probe, options) =>
      searchMatrix(matrix, model, probe, options, {
        getMany: (identities) => store.getMany(identities.flatMap(known)),
        getCurrent: (identities) => store.getCurrent(identities),
      }),
  }
}
