/**
 * The copies of a person in KV: `identity:<key>` holds the sealed record, `gallery:<key>` the sealed gallery entry in its
 * metadata, so that one call lists a thousand of them. The key is the id of the person's Durable Object, which tells nothing
 * of them. Copies are late by a minute and more; whoever reads one compares its version with the current one.
 */
import { z } from 'zod'
import type { SealedPerson } from './person-state.ts'

export const recordPrefix = 'identity:'
export const entryPrefix = 'gallery:'

/** One person in the list of gallery entries. */
export interface EntryCopy {
  /** The id of the person's object. */
  readonly key: string
  /** Null when the metadata are not what is written here. */
  readonly entry: string | null
}

const storedMetadata = z.strictObject({ entry: z.string() })

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
  const metadata: z.input<typeof storedMetadata> = { entry: person.entry }
  await Promise.all([
    kv.put(recordPrefix + key, person.record),
    kv.put(entryPrefix + key, '', { metadata }),
  ])
}

/** @returns by key, without those that KV does not have */
export async function readRecordCopies(
  kv: KVNamespace,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const copies = new Map<string, string>()
  for (let start = 0; start < keys.length; start += maxKeysARead) {
    const batch = keys.slice(start, start + maxKeysARead).map((key) => recordPrefix + key)
    for (const [name, text] of await kv.get(batch, 'text')) {
      if (text !== null) copies.set(name.slice(recordPrefix.length), text)
    }
  }
  return copies
}

/** Keys that KV reads in one call. */
const maxKeysARead = 100

/** A page of at most 1,000 a turn. */
export async function* listEntryCopies(kv: KVNamespace): AsyncGenerator<readonly EntryCopy[]> {
  let cursor: string | undefined
  do {
    const page = await kv.list({ prefix: entryPrefix, cursor })
    yield page.keys.map(({ name, metadata }) => {
      const stored = storedMetadata.safeParse(metadata)
      const entry = stored.success ? stored.data.entry : null
      return { key: name.slice(entryPrefix.length), entry }
    })
    cursor = page.list_complete ? undefined : page.cursor
  } while (cursor !== undefined)
}
