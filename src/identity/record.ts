/**
 * One enrolled person as stored: JSON text, versioned, described in docs/storage.md. Writing and reading live here
 * together. Reading is strict: a record that is damaged, of another format version, or filed under another identity
 * throws `record_unreadable`, so that it can never match anybody. Pure.
 */
import { z } from 'zod'
import { FaceError } from '../errors.ts'
import { encodingFromText, encodingToText } from './encoding-text.ts'

/** Version of the record's layout; a change of layout gets the next number. */
export const recordFormat = 1

/** Encodings of one person. More photos than this add storage and time, not accuracy. */
export const maxEncodings = 10

export interface IdentityRecord {
  readonly identity: string
  readonly name?: string
  /** Network and weights hash that made the encodings; they compare with no other's. */
  readonly model: string
  /** 1 to maxEncodings, 128 numbers each. */
  readonly encodings: readonly Float32Array[]
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly updatedAt: string
}

const storedEncoding = z.string().transform((text, context) => {
  const encoding = encodingFromText(text)
  if (encoding !== null) return encoding
  context.addIssue({ code: 'custom', message: 'not 128 finite float32 numbers in base64' })
  return z.NEVER
})

const storedRecord = z.strictObject({
  format: z.literal(recordFormat),
  identity: z.string(),
  name: z.string().optional(),
  model: z.string().min(1),
  encodings: z.array(storedEncoding).min(1).max(maxEncodings),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})

export function serializeRecord(record: IdentityRecord): string {
  const { encodings, ...rest } = record
  return JSON.stringify({
    format: recordFormat,
    ...rest,
    encodings: encodings.map(encodingToText),
  })
}

/** `identity` is what the record was filed under: a record copied to another key is refused. */
export function parseRecord(text: string, identity: string): IdentityRecord {
  const parsed = storedRecord.safeParse(parseJson(text))
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]
    throw unreadable(`${path.join('.') || 'record'}: ${message}`)
  }
  const { format, ...record } = parsed.data
  if (record.identity !== identity) throw unreadable('identity: filed under another identity')
  return record
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unreadable('not JSON')
  }
}

function unreadable(reason: string): FaceError {
  return new FaceError('record_unreadable', `The stored record cannot be read (${reason}).`)
}
