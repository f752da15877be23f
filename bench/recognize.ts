/**
 * node bench/recognize.ts [--people 10000] [--runs 200]
 *
 * What a search among many adds to a request, as callers see it: the real bundle in workerd twice, over loopback, one with the sample
 * people only and one with made-up people (synthetic-faces.ts) beside them, asked by turns with a photo
 * that is enrolled: at the threshold of 10,000 people few others would match. The index is `kv`.
 * /verify looks for somebody nearer than the person asked for, so it is asked too. Storing 10,000 people takes minutes, since
 * workerd opens an SQLite file for each. Leave the machine alone meanwhile.
 */
import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sampleImagesDir } from '../scripts/setup/samples.ts'
import { setUp } from '../scripts/setup/set-up.ts'
import { packedModel } from '../scripts/weights/packed-model.ts'
import { percentile } from './percentile.ts'
import { sendPeople } from './send-people.ts'
import { serveSamples } from './serve-samples.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '200' },
  },
})
const [peopleCount, runs] = [values.people, values.runs].map(Number) as [number, number]
const warmUpRuns = 30
const keys = { admin: 'bench-admin-key', app: 'bench-app-key' }

await setUp()
const probe = await readFile(join(sampleImagesDir, 'eve.jpg'))
const few = await serveSamples(keys)
const many = await serveSamples(keys)
const start = performance.now()
const madeUp = peopleCount - many.people
const target = { url: many.url, key: keys.admin }
const outcome = await sendPeople(target, madeUp, await packedModel())
const seconds = (performance.now() - start) / 1000
console.log(`${cpus()[0]?.model}, ${cpus().length} cores, node ${process.versions.node}`)
console.log(`${madeUp} people stored in ${seconds.toFixed(0)} s: ${outcome}\n`)

console.log('| request | people | first, ms | p50 ms | p95 ms | more than with few: p50, p95 |')
console.log('|---|---|---|---|---|---|')
await compare('POST /recognize', (url) => new URL('/recognize', url))
await compare('POST /verify', (url) => new URL('/verify?identity=eve', url))
await Promise.all([few.close(), many.close()])

async function compare(what: string, to: (url: URL) => URL): Promise<void> {
  const first = [await timed(to(few.url)), await timed(to(many.url))] as const
  const alone: number[] = []
  const among: number[] = []
  for (let run = 0; run < warmUpRuns + runs; run++) {
    const took = [await timed(to(few.url)), await timed(to(many.url))] as const
    if (run < warmUpRuns) continue
    alone.push(took[0])
    among.push(took[1])
  }
  const more = among.map((ms, run) => ms - alone[run]!)
  const row = (people: number, firstMs: number, ms: number[], rest: string): void =>
    console.log(
      `| ${what} | ${people} | ${firstMs.toFixed(0)} | ${at(ms, 0.5)} | ${at(ms, 0.95)} | ${rest} |`,
    )
  row(few.people, first[0], alone, '')
  row(peopleCount, first[1], among, `${at(more, 0.5)}, ${at(more, 0.95)}`)
}

/** Milliseconds until the answer is read; it must be a match. */
async function timed(url: URL): Promise<number> {
  const headers = { authorization: `Bearer ${keys.admin}`, 'content-type': 'image/jpeg' }
  const start = performance.now()
  const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(probe) })
  const text = await response.text()
  const took = performance.now() - start
  if (!text.includes('"decision":"match"')) throw new Error(`${url.pathname} answered ${text}`)
  return took
}

function at(times: readonly number[], share: number): string {
  return percentile(times, share).toFixed(1)
}
