/**
 * What a listing shows of a person, and how it is kept in the metadata of their key: at most 1,024 bytes of JSON. The name is
 * base64 of UTF-8, because the runtime sends metadata as a header and logs a warning with its value when it is not ASCII.
 * Pure.
 */
import { z } from 'zod'
import { bytesFromBase64, bytesToBase64 } from './base64.ts'
import type { IdentityRecord } from './record.ts'

export interface IdentitySummary {
  readonly identity: string
  readonly name?: string
  /** How many the person has. */
  readonly encodings: number
  readonly model: string
}

const storedMetadata = z.object({
  name: z.string().optional(),
  encodings: z.int(),
  model: z.string(),
})

export function toMetadata({ name, encodings, model }: IdentityRecord) {
  const stored = name === undefined ? {} : { name: bytesToBase64(new TextEncoder().encode(name)) }
  return { ...stored, encodings: encodings.length, model }
}

/** An entry whose metadata cannot be read is listed all the same: hidden, nobody would repair or delete it. */
export function fromMetadata(identity: string, metadata: unknown): IdentitySummary {
  const parsed = storedMetadata.safeParse(metadata)
  if (!parsed.success) return { identity, encodings: 0, model: 'unreadable' }
  const { name, encodings, model } = parsed.data
  const bytes = name === undefined ? null : bytesFromBase64(name)
  const readable = bytes === null ? {} : { name: new TextDecoder().decode(bytes) }
  return { identity, ...readable, encodings, model }
}
