/**
 * POST /admin/import: people with encodings computed earlier, as lines of NDJSON. Each line gets an outcome while the next are read. Only
 * a window of lines is held at a time, so that 100,000 fit; a client that reads outcomes slowly slows the reading down. A line that is
 * stored already is `unchanged`: a killed import is resumed by running it again.
 */

import { z } from '@hono/zod-openapi'
import { FaceError, invalidRequest } from '../../errors/face-error.ts'
import { parseHeaderValue } from '../../lib/header-value.ts'
import { type Line, splitLines } from '../../lib/split-lines.ts'
import {
  type ClosingOutcome,
  formatOutcome,
  importOutcome,
  refused,
} from '../../people/lines/import-outcome.ts'
import {
  type ImportOptions,
  importWindow,
  type SentPerson,
} from '../../people/lines/import-window.ts'
import { maxLineBytes, type ParsedLine, parseLine } from '../../people/lines/parse-people-line.ts'
import { createLinesChecksum, peopleLine } from '../../people/lines/people-lines.ts'
import { openDuplicateSearch } from '../../people/search-duplicates.ts'
import { linesType } from '../answer/stream-lines.ts'
import type { Call, Endpoint } from '../contract/endpoint.ts'
import { allowDuplicate, secondModel } from '../request/fields.ts'
import { parseFields, readQuery } from '../request/parse-fields.ts'

/** Lines that are dealt with at once: as many people's objects are asked at the same time. */
const linesAWindow = 50
/** Lines that are no JSON objects: more of them, and the body is something else. */
const maxStrangeLines = 100

const query = z.object({
  allowDuplicate: allowDuplicate.optional(),
  secondModel: secondModel.optional(),
})

export const importPeople: Endpoint = {
  operationId: 'importPeople',
  method: 'post',
  path: '/admin/import',
  role: 'admin',
  tag: 'admin',
  usesStore: true,
  summary: 'Enroll people with encodings computed earlier',
  description:
    'Takes what `/admin/export` gives; the header and the closing line may be absent. Replaces people who are already enrolled. ' +
    'Answers with one outcome per line, in the same order, and closes with the totals and whether the checksum was right. ' +
    'A refused line does not stop the others. With `secondModel`, the lines are of a network that will run next: they are stored ' +
    'next to what the people have, and each network uses its own.',
  query,
  lines: {
    description: `One person per line, at most ${maxLineBytes / 1024} KiB a line.`,
    line: peopleLine,
  },
  answers: { 200: { description: 'The outcomes, streamed', line: importOutcome } },
  errors: ['invalid_request', 'engine_unavailable'],
  async handle(call) {
    const { request, store, thresholds, now, requestId, auditPeople } = call
    const { allowDuplicate = false, secondModel = false } = parseFields(query, readQuery(request))
    const type = parseHeaderValue(request.headers.get('content-type') ?? '')
    if (type?.value !== linesType) throw invalidRequest(`Content-Type: expected ${linesType}`)
    const { model, encodingLength } = await call.startEngine()
    const source = { model, encodingLength }
    const openSearch = () => openDuplicateSearch(call, source)
    // What would refuse every line refuses the request.
    if (!allowDuplicate) await openSearch()
    const lines = await readLines(request.body)
    const options = {
      store,
      source,
      secondModel,
      thresholds,
      now,
      requestId,
      ...(!allowDuplicate && { openSearch }),
    }
    return { status: 200, lines: outcomes(lines, options, auditPeople) }
  },
}

interface ReadLine {
  readonly number: number
  readonly parsed: ParsedLine
}

interface Lines {
  readonly all: AsyncIterable<ReadLine>
  /** What the closing line says of the lines before it; ask at the end. */
  checksum(): ClosingOutcome['checksum']
}

/** Throws `invalid_request` when there is no line, or the first is none of ours. */
async function readLines(body: ReadableStream<Uint8Array> | null): Promise<Lines> {
  if (body === null) throw invalidRequest('body: expected lines of JSON')
  const sum = createLinesChecksum()
  const lines = splitLines(body, maxLineBytes, (bytes) => sum.add(bytes))
  let checksum: ClosingOutcome['checksum'] = 'missing'

  function parse({ number, bytes }: Line): ReadLine {
    const parsed = parseLine(bytes)
    if (parsed.kind === 'closing') {
      checksum = parsed.closing.sha256 === sum.digest() ? 'verified' : 'wrong'
    } else if (bytes !== null) {
      sum.add(bytes)
      sum.add('\n')
    }
    return { number, parsed }
  }

  let first: ReadLine
  do {
    const { done, value } = await lines.next()
    if (done) throw invalidRequest('body: expected lines of JSON')
    first = parse(value)
  } while (first.parsed.kind === 'blank')
  if (first.parsed.kind === 'malformed' && !first.parsed.isObject) {
    throw invalidRequest(`line ${first.number}: ${first.parsed.detail}`)
  }

  async function* all(): AsyncGenerator<ReadLine> {
    yield first
    if (first.parsed.kind === 'closing') return
    for await (const line of lines) {
      const read = parse(line)
      yield read
      // What follows it was not in the sum.
      if (read.parsed.kind === 'closing') return
    }
  }
  return { all: all(), checksum: () => checksum }
}

/** Several lines a turn. Who was changed is in the audit before the caller hears of it, who may have hung up. */
async function* outcomes(
  lines: Lines,
  options: ImportOptions,
  auditPeople: Call['auditPeople'],
): AsyncGenerator<string> {
  const count = { created: 0, replaced: 0, unchanged: 0, refused: 0 }
  let problem: string | undefined
  let window: ReadLine[] = []

  async function flush(): Promise<string> {
    const done = await dealWith(window, options)
    for (const { outcome } of done) count[outcome]++
    for (const outcome of ['created', 'replaced'] as const) {
      auditPeople(
        outcome,
        done.flatMap((line) => (line.outcome === outcome ? line.identity : [])),
      )
    }
    window = []
    return done.map(formatOutcome).join('')
  }

  let strangeLines = 0
  try {
    for await (const line of lines.all) {
      if (window.length === linesAWindow || isInWindow(line, window)) yield await flush()
      window.push(line)
      if (line.parsed.kind === 'malformed' && !line.parsed.isObject) strangeLines++
      if (strangeLines > maxStrangeLines) {
        problem = `More than ${maxStrangeLines} lines are no JSON objects.`
        break
      }
    }
  } catch (error) {
    if (!(error instanceof FaceError)) throw error
    problem = error.message
  }
  yield await flush()
  yield formatOutcome({
    outcome: 'finished',
    ...count,
    checksum: lines.checksum(),
    ...(problem !== undefined && { problem }),
  })
}

/** Two lines of one person are dealt with one after the other: the later one counts. */
function isInWindow({ parsed }: ReadLine, window: readonly ReadLine[]): boolean {
  if (parsed.kind !== 'person') return false
  const { identity } = parsed.person
  return window.some(
    (other) => other.parsed.kind === 'person' && other.parsed.person.identity === identity,
  )
}

async function dealWith(window: readonly ReadLine[], options: ImportOptions) {
  const sent: SentPerson[] = window.flatMap(({ number, parsed }) =>
    parsed.kind === 'person' ? { line: number, person: parsed.person } : [],
  )
  const stored = await importWindow(sent, options)
  const outcomeOf = new Map(stored.map((outcome) => [outcome.line, outcome]))
  return window.flatMap(({ number: line, parsed }) => {
    if (parsed.kind === 'person') return outcomeOf.get(line)!
    if (parsed.kind === 'unreadable') {
      const { identity } = parsed
      return refused(
        { line, identity },
        'record_unreadable',
        'The record could not be read when it was exported.',
      )
    }
    if (parsed.kind !== 'malformed') return []
    const { identity, detail } = parsed
    const at = { line, ...(identity !== undefined && { identity }) }
    return refused(at, 'invalid_request', detail)
  })
}
