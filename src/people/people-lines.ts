/**
 * People with their encodings as NDJSON (docs/people.md): a header, a line a person, and a closing line with their number and
 * a checksum, which reveal a truncated or changed file. Export writes it, import reads it, scripts do both. Reading is
 * strict, and messages never repeat what was read. Pure.
 */

import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { areOfOneLength } from '../encoding/encoding.ts'
import { encodingToText } from '../encoding/encoding-text.ts'
import { encodingText, type IdentityRecord, maxEncodings, ofOneLength } from '../identity/record.ts'
import { expected } from '../lib/field-faults.ts'
import { identityId, personName } from './person-fields.ts'

const peopleFormat = 'facegate-people'
/** Version of the line layout. */
const peopleVersion = 1

/** Longest line in bytes: a person with ten encodings of the greatest length of each of two networks has some 110,000. */
export const maxLineBytes = 128 * 1024
/** A person's line nests three deep; deeper text than this is not parsed. */
export const maxLineDepth = 4

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

const date = z.iso.datetime(expected('a time in UTC, as in 2026-11-24T00:00:00.000Z'))

const personLine = z
  .strictObject({
    identity: identityId,
    name: personName.optional(),
    model: modelName,
    encodings,
    other: z.strictObject({ model: modelName, encodings }).optional().openapi({
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
const unreadableLine = z
  .strictObject({
    identity: identityId,
    unreadable: z.string().openapi({ description: 'Why the record could not be read.' }),
  })
  .openapi('UnreadableLine')

const headerLine = z
  .strictObject({
    format: z.literal(peopleFormat).openapi({ description: 'What kind of file this is.' }),
    version: z.literal(peopleVersion).openapi({ description: 'The version of the format.' }),
    model: modelName.openapi({
      description: 'The running network. Each person names the network of their encodings.',
    }),
    date: date.openapi({ description: 'When the file was made.' }),
  })
  .openapi('PeopleHeader')

const closingLine = z
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

export type ParsedLine =
  | { readonly kind: 'header'; readonly header: HeaderLine }
  | { readonly kind: 'person'; readonly person: PersonLine }
  | { readonly kind: 'unreadable'; readonly identity: string }
  | { readonly kind: 'closing'; readonly closing: ClosingLine }
  | { readonly kind: 'blank' }
  /** `isObject` is false when the line is not even a JSON object. */
  | {
      readonly kind: 'malformed'
      readonly isObject: boolean
      readonly identity?: string
      readonly detail: string
    }

export function formatHeader(header: Omit<HeaderLine, 'format' | 'version'>): string {
  return toLine({ format: peopleFormat, version: peopleVersion, ...header })
}

export function formatPerson(record: Omit<PersonSource, 'version'>): string {
  const { identity, name, model, encodings, other, createdAt, updatedAt, expiresAt } = record
  return toLine({
    identity,
    name,
    model,
    encodings: encodings.map(encodingToText),
    other: other && { model: other.model, encodings: other.encodings.map(encodingToText) },
    createdAt,
    updatedAt,
    expiresAt,
  })
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

/** @param bytes one line without its end; null for one that was too long */
export function parseLine(bytes: Uint8Array | null): ParsedLine {
  if (bytes === null) {
    return malformed(false, `the line is longer than ${maxLineBytes} bytes`)
  }
  const text = decodeText(bytes)
  if (text === null) return malformed(false, 'expected text in UTF-8')
  if (text.trim() === '') return { kind: 'blank' }
  if (nestsDeeper(text, maxLineDepth)) {
    return malformed(false, `the line nests deeper than ${maxLineDepth}`)
  }
  const value = parseObject(text)
  if (value === null) return malformed(false, 'expected a JSON object')
  // The kind of a line is recognized by the field that only that kind has.
  if (Object.hasOwn(value, 'format')) {
    const header = headerLine.safeParse(value)
    if (header.success) return { kind: 'header', header: header.data }
    const wanted = `format "${peopleFormat}", version ${peopleVersion}`
    return malformed(true, `header: expected ${wanted}; ${describe(header.error)}`)
  }
  if (Object.hasOwn(value, 'sha256')) {
    const closing = closingLine.safeParse(value)
    if (closing.success) return { kind: 'closing', closing: closing.data }
    return malformed(true, `closing line: ${describe(closing.error)}`)
  }
  if (Object.hasOwn(value, 'unreadable')) {
    const unreadable = unreadableLine.safeParse(value)
    if (unreadable.success) return { kind: 'unreadable', identity: unreadable.data.identity }
    return malformed(true, describe(unreadable.error))
  }
  const person = personLine.safeParse(value)
  if (person.success) return { kind: 'person', person: person.data }
  const identity = identityId.safeParse('identity' in value ? value.identity : undefined)
  return {
    ...malformed(true, describe(person.error)),
    ...(identity.success && { identity: identity.data }),
  }
}

function malformed(isObject: boolean, detail: string) {
  return { kind: 'malformed', isObject, detail } as const
}

function toLine(value: object): string {
  return `${JSON.stringify(value)}\n`
}

function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    return null
  }
}

function parseObject(text: string): object | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own message quotes the line.
    return null
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
}

/** Brackets in strings are skipped. */
function nestsDeeper(text: string, maxDepth: number): boolean {
  let depth = 0
  let isInString = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (isInString) {
      if (character === '\\') i++
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{' || character === '[') {
      if (++depth > maxDepth) return true
    } else if (character === '}' || character === ']') depth--
  }
  return false
}

/** Fields are named as in the format; an unknown name is cut, because it came from outside. */
function describe({ issues }: z.ZodError): string {
  return issues
    .slice(0, 3)
    .map((issue) => {
      if (issue.code === 'unrecognized_keys') {
        return `unknown field ${JSON.stringify(issue.keys[0]?.slice(0, 64))}`
      }
      return `field ${JSON.stringify(issue.path.join('.').slice(0, 64))}: ${issue.message}`
    })
    .join('; ')
}
