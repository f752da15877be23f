/**
 * GET /admin/export: everybody with their encodings, as lines that /admin/import takes. Read page by page while it is sent: the
 * directory says who is enrolled and in which version, the records of that version come from KV, or from the people's
 * objects where KV is late. Whoever is deleted meanwhile is left out; a record that cannot be read has a line that says so.
 */

import { z } from '@hono/zod-openapi'
import type { IdentityRecord } from '../../identity/record.ts'
import type { IdentityStore, KnownPerson } from '../../identity/store.ts'
import {
  createLinesChecksum,
  formatClosing,
  formatHeader,
  formatPerson,
  formatUnreadable,
  type HeaderLine,
  peopleLine,
} from '../../people/lines/people-lines.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { exportLimit, pageCursor } from '../request/fields.ts'
import { parseFields, readQuery } from '../request/parse-fields.ts'

/** People whose records are held at once: at most 1.5 MB. */
const peopleAPage = 100

const page = z.object({ cursor: pageCursor.optional(), limit: exportLimit.optional() })

export const exportPeople: Endpoint = {
  operationId: 'exportPeople',
  method: 'get',
  path: '/admin/export',
  role: 'admin',
  tag: 'admin',
  usesStore: true,
  summary: 'Everybody, with their encodings',
  description:
    'A header, one line per person, sorted by the bytes of the identity, and a closing line with the SHA-256 of all lines before ' +
    'it. An export without a closing line was cut off. With `limit`, the closing line has a `cursor` when there are more people.',
  query: page,
  answers: { 200: { description: 'The people, streamed', line: peopleLine } },
  errors: ['invalid_request', 'engine_unavailable'],
  async handle(call) {
    const { cursor, limit } = parseFields(page, readQuery(call.request))
    const { model } = await call.startEngine()
    const header = { model, date: call.now.toISOString() }
    return { status: 200, lines: peopleLines(call.store, header, { cursor, limit }) }
  },
}

interface Part {
  readonly cursor: string | undefined
  readonly limit: number | undefined
}

/** Several lines a turn. */
async function* peopleLines(
  store: IdentityStore,
  header: Omit<HeaderLine, 'format' | 'version'>,
  { cursor: after, limit = Number.POSITIVE_INFINITY }: Part,
): AsyncGenerator<string> {
  const checksum = createLinesChecksum()
  const count = { people: 0, unreadable: 0 }
  let cursor = after
  let remaining = limit
  let text = formatHeader(header)
  do {
    checksum.add(text)
    yield text
    const list = await store.list({
      prefix: '',
      limit: Math.min(peopleAPage, remaining),
      ...(cursor !== undefined && { cursor }),
    })
    const lines = await linesOf(store, list.identities)
    const unreadable = lines.filter(({ isUnreadable }) => isUnreadable).length
    count.people += lines.length - unreadable
    count.unreadable += unreadable
    text = lines.map((line) => line.text).join('')
    remaining -= list.identities.length
    cursor = list.cursor
  } while (cursor !== undefined && remaining > 0)
  checksum.add(text)
  const closing = { ...count, sha256: checksum.digest(), ...(cursor !== undefined && { cursor }) }
  yield text + formatClosing(closing)
}

interface ExportLine {
  readonly text: string
  readonly isUnreadable: boolean
}

/** In the order of the people, without those who are gone. */
async function linesOf(
  store: IdentityStore,
  people: readonly KnownPerson[],
): Promise<readonly ExportLine[]> {
  const { records, unreadable } = await store.getMany(people)
  const lineOf = new Map<string, ExportLine>()
  const report = (record: IdentityRecord): void => {
    lineOf.set(record.identity, { text: formatPerson(record), isUnreadable: false })
  }
  records.forEach(report)
  for (const identity of unreadable) {
    const found = await store.find(identity)
    // Somebody may have enrolled them again, or deleted them, since then.
    if (found.kind === 'enrolled') report(found.record)
    if (found.kind === 'unreadable') {
      const text = formatUnreadable(identity, found.error.message)
      lineOf.set(identity, { text, isUnreadable: true })
    }
  }
  return people.flatMap(({ identity }) => lineOf.get(identity) ?? [])
}
