/**
 * node bench/import.ts [--lines 100000] [--people 2000]
 *
 * An import into the real bundle, as one request that is streamed both ways: lines a second, and how much workerd and the sender
 * grow meanwhile. First many lines that are read, checked and refused, since they are of another network: what reading costs and
 * holds. Then people who are stored, once more when nobody changes, and the export. Locally workerd opens an SQLite file for
 * each person, which takes nearly all of the time, and holds their objects for a while; --people 100000 takes hours. Duplicates
 * are allowed: a search a line costs what bench/search.ts says. Leave the machine alone meanwhile.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { createTestHarness } from 'wrangler'
import { projectRoot } from '../scripts/networks.ts'
import { packedModel } from '../scripts/packed-model.ts'
import { setUp } from '../scripts/setup.ts'
import { createLinesChecksum, formatClosing, formatPerson } from '../src/api/people-lines.ts'
import { encodingLength } from '../src/identity/compare.ts'
import { SeededRandom } from '../src/learning/seeded-random.ts'
import { residentBytes, workerdPids } from './process-memory.ts'

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '100000' },
    people: { type: 'string', default: '2000' },
  },
})
const lines = Number(values.lines)
const people = Number(values.people)
const key = 'bench-admin-key'
await setUp()
const model = await packedModel()
const server = createTestHarness({
  root: projectRoot,
  workers: [
    {
      configPath: 'wrangler.toml',
      secrets: {
        ADMIN_KEY: key,
        APP_KEY: 'bench-app-key',
        TEMPLATE_KEYS: `bench:${btoa('k'.repeat(32))}`,
      },
    },
  ],
})
const { url } = await server.listen()
// Starts the networks, so that they are not counted.
await (await fetch(new URL('/health', url))).text()
console.log(`${cpus()[0]?.model}, ${cpus().length} cores, node ${process.versions.node}`)
console.log('| what | lines/s | workerd grows by | sender grows by | outcome |')
console.log('|---|---|---|---|---|')
const other = 'another-network@00000000'
await measure(`${lines} lines refused`, lines, () => sendPeople(lines, other))
await measure(`${people} people imported`, people, () => sendPeople(people, model))
await measure('the same again', people, () => sendPeople(people, model))
await measure('exported', people, readPeople)
await server.close()

async function measure(what: string, count: number, run: () => Promise<string>): Promise<void> {
  const pids = await workerdPids()
  const before = await Promise.all(pids.map(residentBytes))
  const senderBefore = process.memoryUsage().rss
  let senderPeak = senderBefore
  let peaks = before
  const watch = setInterval(async () => {
    senderPeak = Math.max(senderPeak, process.memoryUsage().rss)
    const now = await Promise.all(pids.map(residentBytes))
    peaks = peaks.map((peak, i) => Math.max(peak, now[i]!))
  }, 200)
  const start = performance.now()
  const outcome = await run()
  const seconds = (performance.now() - start) / 1000
  clearInterval(watch)
  const growth = Math.max(...peaks.map((peak, i) => peak - before[i]!))
  console.log(
    `| ${what} | ${(count / seconds).toFixed(0)} | ${mib(growth)} | ${mib(senderPeak - senderBefore)} | ${outcome} |`,
  )
}

async function sendPeople(count: number, ofModel: string): Promise<string> {
  const parts = peopleLines(count, ofModel)
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = parts.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
  })
  const response = await fetch(new URL('/admin/import?allowDuplicate=true', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
    body,
    duplex: 'half',
  } as RequestInit)
  return await lastLine(response)
}

async function readPeople(): Promise<string> {
  const headers = { authorization: `Bearer ${key}` }
  return await lastLine(await fetch(new URL('/admin/export', url), { headers }))
}

/** Reads all and keeps the end. */
async function lastLine(response: Response): Promise<string> {
  let end = ''
  const decoder = new TextDecoder()
  for await (const part of response.body!) {
    const text = end + decoder.decode(part, { stream: true })
    end = text.slice(text.lastIndexOf('\n', text.length - 2) + 1)
  }
  return end.trim()
}

/** Hundred a turn. */
function* peopleLines(count: number, ofModel: string): Generator<string> {
  const random = new SeededRandom(1)
  const checksum = createLinesChecksum()
  for (let first = 0; first < count; first += 100) {
    let text = ''
    for (let i = first; i < Math.min(count, first + 100); i++) {
      const encoding = Float32Array.from({ length: encodingLength }, () => random.next() - 0.5)
      const identity = `p${String(i).padStart(7, '0')}`
      text += formatPerson({ identity, model: ofModel, encodings: [encoding] })
    }
    checksum.add(text)
    yield text
  }
  yield formatClosing({ people: count, unreadable: 0, sha256: checksum.digest() })
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`
}
