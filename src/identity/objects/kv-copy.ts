/**
 * The copies of a person in KV: `identity:<key>` holds the sealed record, `gallery:<key>` the sealed gallery entry in its
 * metadata, so one call lists a thousand. An entry too long for the metadata is stored as the value of its key. The key is
 * the id of the person's Durable Object, which reveals nothing about them. Copies lag by a minute or more; a reader compares
 * a copy's version with the current one.
 */
import { z } from 'zod'
import type { SealedPerson } from './person-state.ts'

export const recordPrefix = 'identity:'
export const entryPrefix = 'gallery:'

/** One person in the list of gallery entries. */
export interface EntryCopy {
  /** The id of the person's object. */
  readonly key: string
  /** Null when there is none, or it was not written by this code. */
  readonly entry: string | null
}

/** KV's limit for the metadata of a key, as JSON. */
const maxMetadataBytes = 1024

const storedMetadata = z.union([
  z.strictObject({ entry: z.string() }),
  z.strictObject({ isInValue: z.literal(true) }),
])
type StoredMetadata = z.output<typeof storedMetadata>

/** Writes or deletes both. */
export async function copyToKv(
  kv: KVNamespace,
  key: string,
  person: SealedPerson | null,
): Promise<void> {
  if (person === null) {
    await Promise.all([kv.delete(recordPrefix + key), kv.delete(entryPrefix + key)])
    return
  }
  const { record, entry } = person
  const short: StoredMetadata = { entry }
  const long: StoredMetadata = { isInValue: true }
  // A sealed entry is ASCII: as many bytes as characters.
  const isShort = JSON.stringify(short).length <= maxMetadataBytes
  await Promise.all([
    kv.put(recordPrefix + key, record),
    isShort
      ? kv.put(entryPrefix + key, '', { metadata: short })
      : kv.put(entryPrefix + key, entry, { metadata: long }),
  ])
}

/** How long one of Cloudflare's locations may keep what it has read of KV; the least that KV allows is half of it. */
const copyCacheSeconds = 60

/** One record, kept near for a while. Null when KV has none. */
export function readRecordCopy(kv: KVNamespace, key: string): Promise<string | null> {
  return kv.get(recordPrefix + key, { type: 'text', cacheTtl: copyCacheSeconds })
}

/** @returns by key; keys missing in KV are left out */
export function readRecordCopies(
  kv: KVNamespace,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  return readValues(kv, recordPrefix, keys)
}

/** @returns by key; keys missing in KV are left out */
async function readValues(
  kv: KVNamespace,
  prefix: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const copies = new Map<string, string>()
  for (let start = 0; start < keys.length; start += maxKeysARead) {
    const batch = keys.slice(start, start + maxKeysARead).map((key) => prefix + key)
    for (const [name, text] of await kv.get(batch, 'text')) {
      if (text !== null) copies.set(name.slice(prefix.length), text)
    }
  }
  return copies
}

/** Most keys that KV reads in one call. */
const maxKeysARead = 100

/** Yields pages of at most 1,000. */
export async function* listEntryCopies(kv: KVNamespace): AsyncGenerator<readonly EntryCopy[]> {
  let cursor: string | undefined
  do {
    const page = await kv.list({ prefix: entryPrefix, cursor })
    yield await readEntries(kv, page.keys)
    cursor = page.list_complete ? undefined : page.cursor
  } while (cursor !== undefined)
}

async function readEntries(
  kv: KVNamespace,
  listed: readonly KVNamespaceListKey<unknown>[],
): Promise<EntryCopy[]> {
  const known = listed.map(({ name, metadata }) => ({
    key: name.slice(entryPrefix.length),
    stored: storedMetadata.safeParse(metadata).data ?? null,
  }))
  const longKeys = known
    .filter(({ stored }) => stored !== null && 'isInValue' in stored)
    .map(({ key }) => key)
  const values = await readValues(kv, entryPrefix, longKeys)
  return known.map(({ key, stored }) => {
    if (stored === null) return { key, entry: null }
    // KV may show the list from before a change and the value from after it: the change log corrects this.
    return { key, entry: 'entry' in stored ? stored.entry : (values.get(key) ?? null) }
  })
}
