/**
 * People with their encodings as NDJSON (docs/people.md): a header, a line a person, and a closing line with their number and
 * a checksum, which reveal a truncated or changed file. What the lines hold, and how they are written; parse-people-line.ts reads
 * them. Export writes them, import reads them, scripts do both. Pure.
 */

import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { areOfOneLength } from '../../encoding/encoding.ts'
import { encodingToText } from '../../encoding/encoding-text.ts'
import {
  encodingText,
  type IdentityRecord,
  type ModelEncodings,
  maxEncodings,
  ofOneLength,
} from '../../identity/record.ts'
import { expected } from '../../lib/field-faults.ts'
import { identityId, storedName } from '../person-fields.ts'

export const peopleFormat = 'facegate-people'
/** Version of the line layout. */
export const peopleVersion = 2
/** Written until lines said how suspect photos are; it is read as any other. */
const formerVersion = 1

/** Of 64 characters at most, so that a gallery entry with two fits in KV's metadata. */
const modelName = z
  .string(expected('a network and weights hash, as in dlib-resnet@4f1c2a90'))
  .regex(
    /^[A-Za-z0-9._-]{1,32}@[0-9a-f]{8}$/,
    expected('a network and weights hash, as in dlib-resnet@4f1c2a90'),
  )
  .openapi({
    example: 'dlib-resnet@4f1c2a90',
    description: 'The network that made the encodings, and the hash of its weights.',
  })

const encodings = z
  .array(encodingText, expected(`1 to ${maxEncodings} encodings`))
  .min(1, expected(`1 to ${maxEncodings} encodings`))
  .max(maxEncodings, expected(`1 to ${maxEncodings} encodings`))
  .refine(areOfOneLength, ofOneLength)
  .openapi({
    description:
      'Each the float32 numbers that the network gives, little-endian, in base64: for 128 of them 684 characters.',
  })

const suspicion = z
  .number(expected('a number from 0 to 1'))
  .min(0, expected('a number from 0 to 1'))
  .max(1, expected('a number from 0 to 1'))
  .optional()
  .openapi({
    description:
      'How far the photos may be spoilt, from 0 to 1: a probe that may be spoilt too is held more strictly. Unknown, as 1, unless given.',
  })

const date = z.iso.datetime(expected('a time in UTC, as in 2026-11-24T00:00:00.000Z'))

export const personLine = z
  .strictObject({
    identity: identityId,
    name: storedName.optional(),
    model: modelName,
    encodings,
    suspicion,
    other: z.strictObject({ model: modelName, encodings, suspicion }).optional().openapi({
      description: 'Encodings of another network, while the network is being changed.',
    }),
    createdAt: date.optional().openapi({ description: 'When the person was first enrolled.' }),
    updatedAt: date
      .optional()
      .openapi({ description: 'When the encodings or the name last changed.' }),
    expiresAt: date
      .optional()
      .openapi({ description: 'When the person is deleted. From then on nobody matches them.' }),
  })
  .openapi('PersonLine')

/** A person whose record could not be read during the export. */
export const unreadableLine = z
  .strictObject({
    identity: identityId,
    unreadable: z.string().openapi({ description: 'Why the record could not be read.' }),
  })
  .openapi('UnreadableLine')

export const headerLine = z
  .strictObject({
    format: z.literal(peopleFormat).openapi({ description: 'What kind of file this is.' }),
    version: z
      .literal([formerVersion, peopleVersion])
      .openapi({ description: 'The version of the format.' }),
    model: modelName.openapi({
      description: 'The running network. Each person names the network of their encodings.',
    }),
    date: date.openapi({ description: 'When the file was made.' }),
  })
  .openapi('PeopleHeader')

export const closingLine = z
  .strictObject({
    people: z.int().min(0).openapi({ description: 'How many people the lines hold.' }),
    unreadable: z
      .int()
      .min(0)
      .openapi({ description: 'How many lines only say that a record cannot be read.' }),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .openapi({
        description: 'The SHA-256 of all lines before this one, each with its line feed.',
      }),
    cursor: z.string().optional().openapi({ description: 'Present when there are more people.' }),
  })
  .openapi('PeopleClosing')

export const peopleLine = z
  .union([headerLine, personLine, unreadableLine, closingLine])
  .openapi('PeopleLine')

export type PersonLine = Readonly<z.output<typeof personLine>>
export type HeaderLine = Readonly<z.output<typeof headerLine>>
export type ClosingLine = Readonly<z.output<typeof closingLine>>

export function formatHeader(header: Omit<HeaderLine, 'format' | 'version'>): string {
  return toLine({ format: peopleFormat, version: peopleVersion, ...header })
}

export function formatPerson(record: Omit<PersonSource, 'version'>): string {
  const { identity, name, other, createdAt, updatedAt, expiresAt } = record
  return toLine({
    identity,
    name,
    ...textOf(record),
    other: other && textOf(other),
    createdAt,
    updatedAt,
    expiresAt,
  })
}

function textOf({ model, encodings, suspicion }: ModelEncodings) {
  return { model, encodings: encodings.map(encodingToText), suspicion }
}

/** A record, or a new one that gets its dates when stored. */
type PersonSource = Omit<IdentityRecord, 'createdAt' | 'updatedAt'> &
  Partial<Pick<IdentityRecord, 'createdAt' | 'updatedAt'>>

export function formatUnreadable(identity: string, reason: string): string {
  return toLine({ identity, unreadable: reason })
}

export function formatClosing(closing: ClosingLine): string {
  return toLine(closing)
}

/** Of lines, each with its line feed. */
export interface LinesChecksum {
  add(bytes: Uint8Array | string): void
  /** SHA-256 in hexadecimal; nothing may be added afterwards. */
  digest(): string
}

export function createLinesChecksum(): LinesChecksum {
  const hash = createHash('sha256')
  return {
    add: (bytes) => void hash.update(bytes),
    digest: () => hash.digest('hex'),
  }
}

function toLine(value: object): string {
  return `${JSON.stringify(value)}\n`
}
