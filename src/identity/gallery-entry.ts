/**
 * A person's gallery entry: identity, version, model and rounded template. JSON text, sealed before it leaves the Worker
 * (docs/storage.md). Reading and writing are both here. Pure.
 */
import { z } from 'zod'
import type { EncodingSource } from '../encoding/encoding.ts'
import { type Int8Encoding, readInt8, toInt8, writeInt8 } from '../encoding/int8-encoding.ts'
import { templateOf } from '../encoding/template.ts'
import { bytesFromBase64, bytesToBase64 } from '../lib/base64.ts'
import { parseJson } from '../lib/parse-json.ts'
import type { IdentityRecord, ModelEncodings } from './record.ts'

export interface ModelTemplate {
  readonly model: string
  /** Mean of the person's encodings. */
  readonly template: Int8Encoding
}

export interface GalleryEntry extends ModelTemplate {
  readonly identity: string
  /** Version of the record it was made from. */
  readonly version: number
  /** Template of another network, during a change of network. */
  readonly other?: ModelTemplate
}

const storedTemplate = {
  model: z.string().min(1),
  template: z.string().transform((text, context) => {
    const bytes = bytesFromBase64(text)
    const template = bytes === null ? null : readInt8(bytes)
    if (template !== null) return template
    context.addIssue({ code: 'custom', message: 'not a template' })
    return z.NEVER
  }),
}

const storedEntry = z.strictObject({
  identity: z.string().min(1),
  version: z.int().min(1),
  ...storedTemplate,
  other: z.strictObject(storedTemplate).optional(),
})

/** At most 700 characters with two models of 40 that give 128 numbers each; larger ones are stored elsewhere (kv-copy.ts). */
export function serializeEntry(record: IdentityRecord): string {
  const { identity, version, other } = record
  return JSON.stringify({
    identity,
    version,
    ...serializeTemplate(record),
    ...(other && { other: serializeTemplate(other) }),
  })
}

/** The same with the template of this network first; null when it has none, or one of another length. */
export function entryOf(
  entry: GalleryEntry,
  { model, encodingLength }: EncodingSource,
): GalleryEntry | null {
  const { other, template } = entry
  const isTheirs = (known: ModelTemplate): boolean =>
    known.model === model && known.template.numbers.length === encodingLength
  if (isTheirs(entry)) return entry
  if (other === undefined || !isTheirs(other)) return null
  return { ...entry, ...other, other: { model: entry.model, template } }
}

function serializeTemplate({ model, encodings }: ModelEncodings) {
  return { model, template: bytesToBase64(writeInt8(toInt8(templateOf(encodings)))) }
}

/** Null when the text is not an entry. */
export function parseEntry(text: string): GalleryEntry | null {
  const parsed = storedEntry.safeParse(parseJson(text))
  return parsed.success ? parsed.data : null
}
