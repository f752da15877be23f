/**
 * The fields that requests carry beside photos. Each schema is written once: it validates and it describes the field in
 * /openapi.json. Messages name the field and what was expected, and never repeat what was sent. A field that an endpoint
 * does not know is refused, so that nobody sends a `threshold` and believes it had an effect.
 */
import { z } from '@hono/zod-openapi'
import { FaceError } from '../errors.ts'

const maxNameLength = 200
const maxCandidates = 50

export const identityId = z
  .string(expected('1 to 128 characters of A-Z a-z 0-9 . _ -'))
  .regex(/^[A-Za-z0-9._-]{1,128}$/, expected('1 to 128 characters of A-Z a-z 0-9 . _ -'))
  // A URL loses these two on its way.
  .regex(/[^.]|^\.{3}/, expected('more than one or two dots'))
  .openapi({ example: 'younes', description: 'Whom this is about, as enrolled.' })

export const personName = z
  .string(expected('text'))
  .refine(isDisplayable, expected(`1 to ${maxNameLength} characters, no control characters`))
  .openapi({
    minLength: 1,
    maxLength: maxNameLength,
    example: 'Younes',
    description: 'What to call the person in listings; it takes no part in any decision.',
  })

export const expiresAt = z.iso
  .datetime({ offset: true, ...expected('a date and time as in 2030-01-31T12:00:00Z') })
  .openapi({
    example: '2030-01-31T12:00:00Z',
    description: 'When to forget the person, a time in the future; from then on they match nobody.',
  })

export const fmr = z
  .number(expected('a number between 0 and 1'))
  .gt(0, expected('a number between 0 and 1'))
  .lt(1, expected('a number between 0 and 1'))
  .openapi({
    example: 0.001,
    description:
      'False-match rate to decide at, one of the calibrated ones; 0.001 unless given. There is no bare threshold.',
  })

export const challengeToken = z
  .string(expected('the challenge of POST /challenge'))
  .regex(/^[!-~]{1,256}$/, expected('the challenge of POST /challenge'))
  .openapi({
    example: 'mZ9ZpQ0bqkYvJmS7XlM6cJ1o3Hh4sB2uFqk1rV5tW8A',
    description:
      'What POST /challenge gave for this identity, unchanged; it is good once. Asked for when REQUIRE_CHALLENGE is set.',
  })

export const candidateLimit = z
  .int(expected(`a whole number from 1 to ${maxCandidates}`))
  .min(1, expected(`a whole number from 1 to ${maxCandidates}`))
  .max(maxCandidates, expected(`a whole number from 1 to ${maxCandidates}`))
  .openapi({ example: 5, description: 'Most candidates in the answer; 5 unless given.' })

export const allowDuplicate = z.boolean(expected('true or false')).openapi({
  example: false,
  description:
    'Enrol the person even if they match somebody who is enrolled already; false unless given.',
})

export const beside = z.boolean(expected('true or false')).openapi({
  example: false,
  description:
    'Add the encodings beside those of the network that runs, for people who are enrolled; false unless given.',
})

export const pageLimit = z
  .int(expected('a whole number from 1 to 1000'))
  .min(1, expected('a whole number from 1 to 1000'))
  .max(1000, expected('a whole number from 1 to 1000'))
  .openapi({ example: 100, description: 'Most identities in the answer; 100 unless given.' })

export const pageCursor = z
  .string(expected('the cursor of the page before'))
  .regex(/^[A-Za-z0-9._-]{1,128}$/, expected('the cursor of the page before'))
  .openapi({ description: 'The `cursor` of the page before, unchanged.' })

export const exportLimit = z
  .int(expected('a whole number from 1 to 100000'))
  .min(1, expected('a whole number from 1 to 100000'))
  .max(100_000, expected('a whole number from 1 to 100000'))
  .openapi({ example: 1000, description: 'Most people in the answer; everybody unless given.' })

export const walkLimit = z
  .int(expected('a whole number from 1 to 1000'))
  .min(1, expected('a whole number from 1 to 1000'))
  .max(1000, expected('a whole number from 1 to 1000'))
  .openapi({
    example: 200,
    description: 'Most people to change in this request; 200 unless given.',
  })

export const idPrefix = z
  .string(expected('up to 128 characters of A-Z a-z 0-9 . _ -'))
  .regex(/^[A-Za-z0-9._-]{0,128}$/, expected('up to 128 characters of A-Z a-z 0-9 . _ -'))
  .openapi({ example: 'you', description: 'Lists only identities that begin with this.' })

/** These are numbers, and arrive as text in a form or a query string. */
const numberFields: ReadonlySet<string> = new Set(['fmr', 'limit'])

/** So are these. */
const booleanFields: ReadonlySet<string> = new Set(['allowDuplicate', 'beside'])

/** A field of a form or query string as JSON would have carried it. */
export function fieldFromText(name: string, text: string): unknown {
  if (booleanFields.has(name) && (text === 'true' || text === 'false')) return text === 'true'
  const isNumber = numberFields.has(name) && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)
  return isNumber ? Number(text) : text
}

/** Throws `invalid_request` that lists every field at fault. */
export function parseFields<Schema extends z.ZodObject>(
  schema: Schema,
  sent: ReadonlyMap<string, unknown>,
): z.output<Schema> {
  const parsed = schema.safeParse(Object.fromEntries(sent))
  const known = Object.keys(schema.shape)
  const strangers = [...sent.keys()].filter((name) => !known.includes(name))
  const faults = parsed.success ? [] : parsed.error.issues.flatMap(describeIssue)
  faults.push(...strangers.map((name) => `${quoteField(name)}: not a field of this endpoint`))
  if (!parsed.success || faults.length > 0) throw invalidRequest(faults.join('; '))
  return parsed.data
}

/** More fields than any endpoint takes, and few enough for all of them to be named in a message. */
const maxQueryFields = 32

/** The fields of the query string; one sent twice is refused, because readers disagree on which one counts. */
export function readQuery(request: Request): Map<string, unknown> {
  const fields = new Map<string, unknown>()
  for (const [name, text] of new URL(request.url).searchParams) {
    if (fields.has(name)) throw invalidRequest(`${quoteField(name)}: sent twice, expected once`)
    if (fields.size === maxQueryFields) {
      throw invalidRequest(`query string: expected at most ${maxQueryFields} fields`)
    }
    fields.set(name, fieldFromText(name, text))
  }
  return fields
}

/** How a message names a field: quoted, and cut, because the name came from outside. */
export function quoteField(name: string): string {
  return `field ${JSON.stringify(name.slice(0, 64))}`
}

export function invalidRequest(detail: string): FaceError {
  return new FaceError('invalid_request', detail)
}

function expected(what: string) {
  return {
    error: (issue: { readonly input?: unknown }) =>
      issue.input === undefined ? `missing, expected ${what}` : `expected ${what}`,
  }
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  // Unknown fields are listed by parseFields, for strict and lenient schemas alike.
  if (issue.code === 'unrecognized_keys') return []
  return [`${quoteField(issue.path.join('.'))}: ${issue.message}`]
}

function isDisplayable(text: string): boolean {
  return (
    text.trim() !== '' &&
    text.length <= maxNameLength &&
    text.isWellFormed() &&
    !/\p{Cc}/u.test(text)
  )
}
