/**
 * One enrolled person: JSON text, which is sealed before it is stored (docs/storage.md). Reading and writing are both here.
 * Reading is strict: a record that is damaged, of another format, or filed under another identity throws `record_unreadable`,
 * so that it can never match anybody. Pure.
 */

import { z } from 'zod'
import { areOfOneLength, encodingLengthsText } from '../encoding/encoding.ts'
import { encodingFromText, encodingToText } from '../encoding/encoding-text.ts'
import { FaceError } from '../errors/face-error.ts'

/** Version of the record's layout; a change of layout gets the next number. */
const recordFormat = 3
/** Written until it was known how suspect photos are; it lacks that, and is read as any other. */
const formerFormat = 2

/** Encodings of one person. More photos than this add storage and time, not accuracy. */
export const maxEncodings = 10

/** One network's encodings of a person. */
export interface ModelEncodings {
  /** Network and weights hash. */
  readonly model: string
  /** 1 to maxEncodings, all of the network's length. */
  readonly encodings: readonly Float32Array[]
  /** 0..1, how suspect the most suspect of their photos is (decision/doubt.ts); absent where that is unknown. */
  readonly suspicion?: number | undefined
}

export interface IdentityRecord extends ModelEncodings {
  readonly identity: string
  /** Counts up from 1 with each change and is never reused, even after a deletion. */
  readonly version: number
  readonly name?: string
  /** Encodings of another network, during a change of network: each network uses its own only. */
  readonly other?: ModelEncodings
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly updatedAt: string
  /** ISO 8601, UTC: from then on the record matches nobody and is deleted. */
  readonly expiresAt?: string
}

/** One encoding as text (encoding-text.ts). */
export const encodingText = z.string().transform((text, context) => {
  const encoding = encodingFromText(text)
  if (encoding !== null) return encoding
  context.addIssue({
    code: 'custom',
    message: `expected ${encodingLengthsText}, as finite float32 in base64`,
  })
  return z.NEVER
})

/** Schema of one network's encodings of a person. */
export const ofOneLength = { error: 'the encodings are of different lengths' }

const storedEncodings = {
  model: z.string().min(1),
  encodings: z.array(encodingText).min(1).max(maxEncodings).refine(areOfOneLength, ofOneLength),
  suspicion: z.number().min(0).max(1).optional(),
}

const storedRecord = z.strictObject({
  format: z.literal([formerFormat, recordFormat]),
  identity: z.string(),
  version: z.int().min(1),
  name: z.string().optional(),
  ...storedEncodings,
  other: z.strictObject(storedEncodings).optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
})

export function serializeRecord(record: IdentityRecord): string {
  const { encodings, other, ...rest } = record
  return JSON.stringify({
    format: recordFormat,
    ...rest,
    encodings: encodings.map(encodingToText),
    ...(other && { other: { ...other, encodings: other.encodings.map(encodingToText) } }),
  })
}

/** The same with the encodings of this network first; null when it has none. */
export function inModel<Record extends ModelEncodings & Pick<IdentityRecord, 'other'>>(
  record: Record,
  model: string,
): Record | null {
  const { other } = record
  if (record.model === model) return record
  if (other?.model !== model) return null
  return { ...record, ...ofNetwork(other), other: ofNetwork(record) }
}

/** Replaces one network's encodings; at most one other network's stay, preferably those of `running`. */
export function withEncodings<Record extends ModelEncodings & Pick<IdentityRecord, 'other'>>(
  record: Record,
  added: ModelEncodings,
  running: string,
): Record {
  const others = [ofNetwork(record), ...(record.other ? [record.other] : [])].filter(
    (known) => known.model !== added.model,
  )
  const other = others.find((known) => known.model === running) ?? others[0]
  return { ...record, ...ofNetwork(added), other }
}

/** What is one network's alone. What is unknown stays so: it never takes the place of the other network's by being absent. */
function ofNetwork({ model, encodings, suspicion }: ModelEncodings): ModelEncodings {
  return { model, encodings, suspicion }
}

/** `identity` is what the record was filed under: a record copied to another key is refused. */
export function parseRecord(text: string, identity: string): IdentityRecord {
  const parsed = storedRecord.safeParse(jsonOfRecord(text))
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]
    throw unreadableRecord(`${path.join('.') || 'record'}: ${message}`)
  }
  const { format, ...record } = parsed.data
  if (record.identity !== identity) throw unreadableRecord('identity: filed under another identity')
  return record
}

/** True once the record has expired, whether or not it was deleted yet. */
export function isExpired(
  { expiresAt }: Pick<IdentityRecord, 'identity' | 'expiresAt'>,
  now: Date,
): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime()
}

export function unreadableRecord(reason: string): FaceError {
  return new FaceError('record_unreadable', `The stored record cannot be read (${reason}).`)
}

function jsonOfRecord(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unreadableRecord('not JSON')
  }
}
