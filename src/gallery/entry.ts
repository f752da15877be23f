/**
 * What a gallery keeps of a person: whose face it is, of which version and model, and their template, rounded. As JSON text, which
 * is sealed before it goes anywhere (docs/storage.md). Writing and reading live here together. Pure.
 */
import { z } from 'zod'
import { bytesFromBase64, bytesToBase64 } from '../identity/base64.ts'
import { templateOf } from '../identity/metric.ts'
import type { IdentityRecord } from '../identity/record.ts'
import { type Int8Encoding, readInt8, toInt8, writeInt8 } from './int8-encoding.ts'

export interface GalleryEntry {
  readonly identity: string
  /** Of the record it was made from. */
  readonly version: number
  readonly model: string
  /** Mean of the person's encodings. */
  readonly template: Int8Encoding
}

const storedEntry = z.strictObject({
  identity: z.string().min(1),
  version: z.int().min(1),
  model: z.string().min(1),
  template: z.string(),
})

/** At most about 450 characters, which sealed and with their key are less than the 1,024 bytes of KV's metadata. */
export function serializeEntry({ identity, version, model, encodings }: IdentityRecord): string {
  const template = bytesToBase64(writeInt8(toInt8(templateOf(encodings))))
  return JSON.stringify({ identity, version, model, template })
}

/** Null when the text is not an entry. */
export function parseEntry(text: string): GalleryEntry | null {
  const parsed = storedEntry.safeParse(parseJson(text))
  if (!parsed.success) return null
  const bytes = bytesFromBase64(parsed.data.template)
  const template = bytes === null ? null : readInt8(bytes)
  return template === null ? null : { ...parsed.data, template }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
