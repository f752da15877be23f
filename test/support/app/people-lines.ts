/** People files for tests: lines as /admin/import takes them, and what it and /admin/export answer, parsed. */
import type { ImportOutcome } from '../../../src/people/lines/import-outcome.ts'
import {
  createLinesChecksum,
  formatClosing,
  formatHeader,
  formatPerson,
} from '../../../src/people/lines/people-lines.ts'
import { seededRandom } from '../random.ts'
import { fakeEncoding, fakeModel } from './fake-engine.ts'

export type LinePerson = Parameters<typeof formatPerson>[0]

/** A person of the fake engine. */
export function linePerson(identity: string, fields: Partial<LinePerson> = {}): LinePerson {
  return { identity, model: fakeModel, encodings: [fakeEncoding(identity)], ...fields }
}

/** People who are far from each other, however many. */
export function randomPeople(count: number, seed = 1): LinePerson[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, i) => {
    const numbers = Float32Array.from({ length: 128 }, () => random() - 0.5)
    const norm = Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0))
    const identity = `p${String(i).padStart(6, '0')}`
    return linePerson(identity, { encodings: [numbers.map((value) => value / norm)] })
  })
}

/** A whole file: header, people, closing line. */
export function peopleFile(people: readonly LinePerson[]): string {
  const header = formatHeader({ model: fakeModel, date: '2026-11-24T00:00:00.000Z' })
  const text = header + people.map(formatPerson).join('')
  const checksum = createLinesChecksum()
  checksum.add(text)
  const closing = { people: people.length, unreadable: 0, sha256: checksum.digest() }
  return text + formatClosing(closing)
}

export function importRequest(body: BodyInit, key = 'test-admin-key'): RequestInit {
  return {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/x-ndjson' },
    body,
  }
}

export function parseLines<Value>(text: string): Value[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

export async function outcomesOf(response: Response): Promise<ImportOutcome[]> {
  if (response.status !== 200) throw new Error(await response.text())
  return parseLines(await readText(response))
}

/** Without the warning that workerd logs of text whose type is not text. */
export async function readText(response: Response): Promise<string> {
  return new TextDecoder().decode(await response.arrayBuffer())
}
