/**
 * Fields as they were sent become fields as the endpoint declares them. A form and a query string carry text only, so a number
 * or a boolean is read from it where the schema wants one; JSON says itself what a value is. A field that the endpoint does not
 * know is refused, so that nobody sends a `threshold` and believes it had an effect. Pure.
 */
import type { z } from '@hono/zod-openapi'
import { invalidRequest } from '../../errors/face-error.ts'
import { quoteField } from '../../lib/field-faults.ts'

/** A field of a form or a query string: text, whatever it stands for. */
export class SentText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** As JSON would have carried it; text that does not stand for such a value stays text, and the schema refuses it. */
export function readText(type: z.ZodType, text: string): unknown {
  switch (kindOf(type)) {
    case 'number':
      return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text
    default:
      return text
  }
}

/** What zod calls the type inside `optional()`. */
function kindOf(type: z.ZodType): string {
  const { def } = type
  return 'innerType' in def ? kindOf(def.innerType as z.ZodType) : def.type
}

/** Throws `invalid_request` that lists every field at fault. `photos` are the fields that the endpoint takes besides those of the schema. */
export function parseFields<Schema extends z.ZodObject>(
  schema: Schema,
  sent: ReadonlyMap<string, unknown>,
  photos: readonly string[] = [],
): z.output<Schema> {
  const { shape } = schema
  const read = [...sent].map(([name, value]) => {
    const isText = value instanceof SentText
    return [name, isText ? readSent(shape, name, value) : value] as const
  })
  const parsed = schema.safeParse(Object.fromEntries(read))
  const strangers = [...sent.keys()].filter((name) => !Object.hasOwn(shape, name))
  const faults = parsed.success ? [] : parsed.error.issues.flatMap(describeIssue)
  faults.push(...strangers.map((name) => `${quoteField(name)}: not a field of this endpoint`))
  if (strangers.length > 0)
    faults.push(`this endpoint takes ${listNames([...photos, ...Object.keys(shape)])}`)
  if (!parsed.success || faults.length > 0) throw invalidRequest(faults.join('; '))
  return parsed.data
}

function listNames(names: readonly string[]): string {
  return names.length === 0 ? 'no field here' : names.join(', ')
}

function readSent(shape: z.ZodRawShape, name: string, { text }: SentText): unknown {
  return Object.hasOwn(shape, name) ? readText(shape[name] as z.ZodType, text) : text
}

/** More fields than any endpoint takes, and few enough for all of them to be named in a message. */
export const maxQueryFields = 32

/** The fields of the query string; one sent twice is refused, because readers disagree on which one counts. */
export function readQuery(request: Request): Map<string, SentText> {
  const fields = new Map<string, SentText>()
  for (const [name, text] of new URL(request.url).searchParams) {
    if (fields.has(name)) throw invalidRequest(`${quoteField(name)}: sent twice, expected once`)
    if (fields.size === maxQueryFields) {
      throw invalidRequest(`query string: expected at most ${maxQueryFields} fields`)
    }
    fields.set(name, new SentText(text))
  }
  return fields
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  // Unknown fields are listed by parseFields, for strict and lenient schemas alike.
  if (issue.code === 'unrecognized_keys') return []
  return [`${quoteField(issue.path.join('.'))}: ${issue.message}`]
}
