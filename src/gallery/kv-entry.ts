/**
 * What the KV index keeps of a person, in the metadata of keys of its own, so that one call lists a thousand of them:
 * `gallery:<id>/<part>` with the model and up to five encodings, rounded (docs/storage.md). Writing and reading live here
 * together; whoever wants to encrypt what is kept does it here. Pure.
 */
import { z } from 'zod'
import { bytesFromBase64, bytesToBase64 } from '../identity/base64.ts'
import { type IdentityRecord, maxEncodings } from '../identity/record.ts'
import { type Int8Encoding, readInt8, toInt8, writeInt8 } from './int8-encoding.ts'

export const entryPrefix = 'gallery:'

/** 660 bytes, 880 in base64, of the 1,024 that KV's metadata may have. */
const encodingsAPart = 5

/** Keys that a person may take. */
export const maxParts = Math.ceil(maxEncodings / encodingsAPart)

/** What one key says. */
export interface GalleryEntry {
  readonly model: string
  readonly encodings: readonly Int8Encoding[]
}

const storedEntry = z.strictObject({ model: z.string().min(1), encodings: z.string() })

export function entryKey(identity: string, part: number): string {
  return `${entryPrefix}${identity}/${part}`
}

/** Null when the key is not one of an entry. The slash cannot be part of an identity. */
export function identityOf(key: string): string | null {
  const [, identity] = /^gallery:([^/]+)\/\d$/.exec(key) ?? []
  return identity ?? null
}

/** The metadata of each of the person's keys, by part. */
export function toEntries({ model, encodings }: IdentityRecord): object[] {
  const entries: object[] = []
  for (let start = 0; start < encodings.length; start += encodingsAPart) {
    const part = encodings.slice(start, start + encodingsAPart).map(toInt8)
    entries.push({ model, encodings: bytesToBase64(writeInt8(part)) })
  }
  return entries
}

/** Null when the metadata cannot be read. */
export function fromMetadata(metadata: unknown): GalleryEntry | null {
  const parsed = storedEntry.safeParse(metadata)
  if (!parsed.success) return null
  const bytes = bytesFromBase64(parsed.data.encodings)
  const encodings = bytes === null ? null : readInt8(bytes)
  return encodings === null ? null : { model: parsed.data.model, encodings }
}
