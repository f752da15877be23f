/**
 * The gallery in Workers KV, for up to 10,000 people: list pages carry the encodings, an isolate holds them as one matrix, and
 * the best candidates are measured exactly from their records. What is held is read again when the version in KV changed,
 * and in any case after a minute, which is how late KV itself may be. Writes of this isolate show in it at once.
 */
import { FaceError } from '../errors.ts'
import type { IdentityStore } from '../identity/kv-store.ts'
import { templateOf } from '../identity/metric.ts'
import { reachKv } from '../identity/reach-kv.ts'
import type { IdentityRecord } from '../identity/record.ts'
import type { Gallery, GalleryView } from './gallery.ts'
import { toInt8 } from './int8-encoding.ts'
import { entryKey, entryPrefix, fromMetadata, identityOf, toMetadata } from './kv-entry.ts'
import { createKvVersion, type GalleryVersion } from './kv-version.ts'
import { createMatrix, type EncodingMatrix } from './matrix.ts'
import { searchMatrix } from './search-matrix.ts'

/** What one isolate lists in ten calls and holds in 2.4 MB. */
const maxPeople = 10_000
const maxAgeMs = 60_000

export interface KvGalleryOptions {
  readonly now: () => Date
  readonly maxPeople?: number
  readonly version?: GalleryVersion
}

/** What this isolate keeps in memory. */
interface Held {
  readonly model: string
  readonly matrix: EncodingMatrix
  /** People of other models. */
  readonly others: Set<string>
  readonly loadedAt: number
  version: string | null
  unreadableEntries: number
}

/** What this isolate wrote of a person lately; null when it deleted them. */
interface OwnWrite {
  readonly record: IdentityRecord | null
  readonly version: string | null
  readonly at: number
}

/** @param store the records, for exact distances; writes do not reach the gallery from there (indexed-store.ts) */
export function createKvGallery(
  kv: KVNamespace,
  store: Pick<IdentityStore, 'getMany'>,
  options: KvGalleryOptions,
): Gallery {
  const version = options.version ?? createKvVersion(kv)
  const limit = options.maxPeople ?? maxPeople
  const nowMs = (): number => options.now().getTime()
  const own = new Map<string, OwnWrite>()
  let held: Held | undefined

  async function load(model: string, seen: string | null): Promise<Held> {
    const loading: Held = {
      model,
      matrix: createMatrix(),
      others: new Set(),
      loadedAt: nowMs(),
      version: seen,
      unreadableEntries: 0,
    }
    for await (const { name, metadata } of listEntries(kv)) {
      const identity = identityOf(name)
      const entry = fromMetadata(metadata)
      if (identity === null || entry === null) loading.unreadableEntries++
      else if (entry.model === model) loading.matrix.put(identity, entry.template)
      else loading.others.add(identity)
      if (loading.matrix.people > limit) throw tooManyPeople(limit)
    }
    // The list may be older than what this isolate wrote meanwhile or just before.
    for (const [identity, { record }] of own) lay(loading, identity, record)
    return loading
  }

  async function refresh(model: string): Promise<Held> {
    for (const [identity, { at }] of own) {
      if (nowMs() - at > maxAgeMs) own.delete(identity)
    }
    const seen = await version.read()
    if (held?.model === model && nowMs() - held.loadedAt < maxAgeMs) {
      // A write of another isolate just before one of our own may hide behind it until the age limit.
      const isOwn = [...own.values()].some((write) => write.version === seen)
      if (seen === held.version || (seen !== null && isOwn)) {
        held.version = seen
        return held
      }
    }
    // Kept is the outcome, not the promise: a caller that hangs up would leave it pending for everybody.
    held = await load(model, seen)
    return held
  }

  async function remember(identity: string, record: IdentityRecord | null): Promise<void> {
    own.set(identity, { record, version: await version.bump(), at: nowMs() })
    if (held !== undefined) lay(held, identity, record)
  }

  return {
    async open(model) {
      return view(await refresh(model), store)
    },

    async put(record) {
      const { identity } = record
      const metadata = toMetadata(record)
      await reachKv('write', () => kv.put(entryKey(identity), '', { metadata }))
      await remember(identity, record)
    },

    async delete(identity) {
      await reachKv('delete', () => kv.delete(entryKey(identity)))
      await remember(identity, null)
    },
  }
}

async function* listEntries(kv: KVNamespace) {
  let cursor: string | undefined
  do {
    const page = await reachKv('list', () => kv.list({ prefix: entryPrefix, cursor }))
    yield* page.keys
    cursor = page.list_complete ? undefined : page.cursor
  } while (cursor !== undefined)
}

/** Lays one person, as written, over what is held. */
function lay({ model, matrix, others }: Held, identity: string, record: IdentityRecord | null) {
  matrix.remove(identity)
  others.delete(identity)
  if (record === null) return
  if (record.model === model) matrix.put(identity, toInt8(templateOf(record.encodings)))
  else others.add(identity)
}

function view(
  { model, matrix, others, unreadableEntries }: Held,
  store: Pick<IdentityStore, 'getMany'>,
): GalleryView {
  const { people } = matrix
  return {
    people,
    peopleOfOtherModels: others.size,
    unreadableEntries,
    search: (probe, options) =>
      searchMatrix(matrix, model, probe, options, (identities) => store.getMany(identities)),
  }
}

function tooManyPeople(limit: number): FaceError {
  return new FaceError(
    'not_configured',
    `The index in KV holds ${limit} people at most, and more are enrolled.`,
  )
}
