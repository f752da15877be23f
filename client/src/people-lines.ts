/**
 * Many people with their encodings, as lines. Both ways they travel in parts that carry a checksum: a part that broke off or
 * arrived changed is a failure that may be retried, and no line of it is handed on.
 */
import type { Connection } from './connection.ts'
import type {
  ExportPeopleFields,
  ImportOutcome,
  ImportPeopleFields,
  PeopleClosing,
  PeopleHeader,
  PersonLine,
  UnreadableLine,
} from './contract.ts'
import { clientError } from './facegate-error.ts'
import { pagesOf } from './pages.ts'
import { toQuery } from './query.ts'
import { backOff, waitByTimer } from './retry.ts'
import type { CallOptions } from './send.ts'

/** A line of an export: first a header, then one a person. */
export type ExportedLine = PeopleHeader | PersonLine | UnreadableLine

/** What became of a person of an import; `line` counts what was given, from 1 on. */
export type ImportedLine = Exclude<ImportOutcome, { readonly outcome: 'finished' }>

/** A person, as an object or as a line of a people file. Headers of an export are passed over. */
export type ImportedPerson = ExportedLine | string

/** People of one request: 10 reads of KV, and at most 15 MB. */
const peopleAPart = 1000
/** Two calls a person and some for the search stay far below the 10,000 that a request may make. */
export const peopleARequest = 500

export async function* exportPeople(
  connection: Connection,
  { cursor: start, limit = peopleAPart }: ExportPeopleFields,
  options?: CallOptions,
): AsyncGenerator<ExportedLine, void> {
  const parts = pagesOf(async (cursor: string | undefined = start) => {
    const path = `/admin/export${toQuery({ limit, cursor })}`
    return await connection.callForLines({ method: 'GET', path }, readPart, options)
  })
  let isFirst = true
  for await (const { header, people } of parts) {
    if (isFirst) yield header
    isFirst = false
    yield* people
  }
}

interface Part {
  readonly header: PeopleHeader
  readonly people: readonly (PersonLine | UnreadableLine)[]
  readonly cursor?: string
}

async function readPart(text: string): Promise<Part> {
  const closingStart = text.lastIndexOf('\n', text.length - 2) + 1
  const closing = parseLine<PeopleClosing>(text.slice(closingStart))
  const digest = await digestOf(text.slice(0, closingStart))
  if (closingStart === 0 || closing?.sha256 !== digest) {
    throw clientError('network_failed', 'A part of the export was cut off.')
  }
  const [header, ...people] = text
    .slice(0, closingStart - 1)
    .split('\n')
    .map((line) => JSON.parse(line))
  return { header, people, ...(closing.cursor !== undefined && { cursor: closing.cursor }) }
}

/** Outcomes in the order of the people, some hundred at a time. */
export async function* importPeople(
  connection: Connection,
  people: Iterable<ImportedPerson> | AsyncIterable<ImportedPerson>,
  fields: ImportPeopleFields,
  options?: CallOptions,
): AsyncGenerator<ImportedLine, void> {
  let lines: string[] = []
  let sent = 0
  async function* flush(): AsyncGenerator<ImportedLine, void> {
    const outcomes = await importLines(connection, lines, fields, options)
    for (const [i, outcome] of outcomes.entries()) yield { ...outcome, line: sent + i + 1 }
    sent += lines.length
    lines = []
  }
  for await (const person of people) {
    if (typeof person !== 'string' && 'format' in person) continue
    lines.push(`${typeof person === 'string' ? person.trim() : JSON.stringify(person)}\n`)
    if (lines.length === peopleARequest) yield* flush()
  }
  if (lines.length > 0) yield* flush()
}

/** Lines that may succeed later are sent again, those alone, if the connection retries. */
async function importLines(
  connection: Connection,
  lines: readonly string[],
  fields: ImportPeopleFields,
  options?: CallOptions,
): Promise<readonly ImportedLine[]> {
  const { attempts, wait = waitByTimer, ...policy } = connection.retry ?? { attempts: 1 }
  const outcomes: ImportedLine[] = []
  let open = lines.map((_, i) => i)
  for (let attempt = 1; ; attempt++) {
    const sent = open.map((i) => lines[i]!)
    for (const [k, outcome] of (await sendLines(connection, sent, fields, options)).entries()) {
      outcomes[open[k]!] = outcome
    }
    open = open.filter((i) => {
      const outcome = outcomes[i]!
      return outcome.outcome === 'refused' && outcome.retryable
    })
    if (open.length === 0 || attempt >= attempts) return outcomes
    await wait(backOff(attempt, { attempts, ...policy }), options?.signal)
  }
}

/** One outcome a line, in their order. */
async function sendLines(
  connection: Connection,
  lines: readonly string[],
  fields: ImportPeopleFields,
  options?: CallOptions,
): Promise<readonly ImportedLine[]> {
  const text = lines.join('')
  const closing = { people: lines.length, unreadable: 0, sha256: await digestOf(text) }
  const question = {
    method: 'POST',
    path: `/admin/import${toQuery(fields)}`,
    body: `${text}${JSON.stringify(closing)}\n`,
  } as const
  return await connection.callForLines(question, (answer) => readOutcomes(answer, lines), options)
}

function readOutcomes(text: string, lines: readonly string[]): readonly ImportedLine[] {
  const outcomes = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseLine<ImportOutcome>(line))
  const last = outcomes.at(-1)
  if (last?.outcome !== 'finished') {
    throw clientError('network_failed', 'The answer broke off before its end.')
  }
  if (last.checksum !== 'verified') {
    throw clientError(
      'network_failed',
      last.problem ?? 'The lines did not arrive as they were sent.',
    )
  }
  const byLine = new Map<number, ImportedLine>()
  for (const outcome of outcomes) {
    if (outcome !== null && outcome.outcome !== 'finished') byLine.set(outcome.line, outcome)
  }
  return lines.map((_, i) => {
    const outcome = byLine.get(i + 1)
    if (outcome === undefined) {
      throw clientError('unexpected_answer', `The service gave no outcome for line ${i + 1}.`)
    }
    return outcome
  })
}

/** Null when the line was cut. */
function parseLine<Line>(text: string): Line | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** SHA-256 in hexadecimal. */
async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
