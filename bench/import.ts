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
import { projectRoot } from '../scripts/front/project-root.ts'
import { setUp } from '../scripts/setup/set-up.ts'
import { packedModel } from '../scripts/weights/packed-model.ts'
import { residentBytes, workerdPids } from './process-memory.ts'
import { lastLine, sendPeople } from './send-people.ts'

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
const target = { url, key }
// Starts the networks, so that they are not counted.
await (await fetch(new URL('/health', url))).text()
console.log(`${cpus()[0]?.model}, ${cpus().length} cores, node ${process.versions.node}`)
console.log('| what | lines/s | workerd grows by | sender grows by | outcome |')
console.log('|---|---|---|---|---|')
const other = 'another-network@00000000'
await measure(`${lines} lines refused`, lines, () => sendPeople(target, lines, other))
await measure(`${people} people imported`, people, () => sendPeople(target, people, model))
await measure('the same again', people, () => sendPeople(target, people, model))
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

async function readPeople(): Promise<string> {
  const headers = { authorization: `Bearer ${key}` }
  return await lastLine(await fetch(new URL('/admin/export', url), { headers }))
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`
}
