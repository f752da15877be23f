/** Reads the lines of people-lines.ts. It is strict, and its messages never repeat what was read. Pure. */
import type { z } from '@hono/zod-openapi'
import { parseJson } from '../../lib/parse-json.ts'
import { identityId } from '../person-fields.ts'
import {
  type ClosingLine,
  closingLine,
  type HeaderLine,
  headerLine,
  type PersonLine,
  peopleFormat,
  peopleVersion,
  personLine,
  unreadableLine,
} from './people-lines.ts'

/** Longest line in bytes: a person with ten encodings of the greatest length of each of two networks has some 110,000. */
export const maxLineBytes = 128 * 1024
/** A person's line nests three deep; deeper text than this is not parsed. */
export const maxLineDepth = 4

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

function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    return null
  }
}

function parseObject(text: string): object | null {
  const value = parseJson(text)
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
