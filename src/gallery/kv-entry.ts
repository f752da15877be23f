/**
 * What the KV index keeps of a person, in the metadata of a key of its own, so that one call lists a thousand of them:
 * `gallery:<id>` with the model and the person's template, rounded (docs/storage.md). Writing and reading live here
 * together; whoever wants to encrypt what is kept does it here. Pure.
 */
import { z } from 'zod'
import { bytesFromBase64, bytesToBase64 } from '../identity/base64.ts'
import { templateOf } from '../identity/metric.ts'
import type { IdentityRecord } from '../identity/record.ts'
import { type Int8Encoding, readInt8, toInt8, writeInt8 } from './int8-encoding.ts'

export const entryPrefix = 'gallery:'

/** What one key says. */
export interface GalleryEntry {
  readonly model: string
  /** Mean of the person's encodings. */
  readonly template: Int8Encoding
}

const storedEntry = z.strictObject({ model: z.string().min(1), template: z.string() })

export function entryKey(identity: string): string {
  return entryPrefix + identity
}

/** Null when the key is not one of an entry. */
export function identityOf(key: string): string | null {
  const identity = key.slice(entryPrefix.length)
  return key.startsWith(entryPrefix) && identity !== '' ? identity : null
}

/** 132 bytes, 176 in base64, of the 1,024 that KV's metadata may have. */
export function toMetadata({ model, encodings }: IdentityRecord) {
  return { model, template: bytesToBase64(writeInt8(toInt8(templateOf(encodings)))) }
}

/** Null when the metadata cannot be read. */
export function fromMetadata(metadata: unknown): GalleryEntry | null {
  const parsed = storedEntry.safeParse(metadata)
  if (!parsed.success) return null
  const bytes = bytesFromBase64(parsed.data.template)
  const template = bytes === null ? null : readInt8(bytes)
  return template === null ? null : { model: parsed.data.model, template }
}
