/**
 * npm run bench:load [-- --seconds 60 --collect]
 *
 * Mixed requests against the real bundle in workerd, over loopback: what comes through, how long each kind takes while the
 * others want the same processor, and whether memory stays where it is. Ends by itself; ends with code 1 when an answer was
 * a 5xx or not the right one. Leave the machine alone meanwhile.
 *
 * workerd without a limit of memory lets garbage lie: an empty Worker grows by hundreds of MiB. With `--collect` V8 collects all of
 * its heap every time it collects, which costs time, and what is left is what is held.
 */
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import { setUp } from '../scripts/setup/set-up.ts'
import { type LoadKind, loadKinds } from './load-requests.ts'
import { percentile } from './percentile.ts'
import { residentBytes, workerdPids } from './process-memory.ts'
import { serveSamples } from './serve-samples.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    collect: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
if (!(seconds >= 5 && seconds <= 3600)) {
  console.error(`--seconds is "${values.seconds}", expected 5 to 3600`)
  process.exit(2)
}
/** Long enough for a queue of slow requests; a request that takes longer counts as lost. */
const timeoutSeconds = 60
/** Until every kind of request has come several times, the largest body too. */
const warmUpSeconds = 20
const sampleEveryMs = 1000

interface KindResult {
  readonly name: string
  /** Milliseconds, one for each answer, in the order they came. */
  readonly latencies: readonly number[]
  readonly serverErrors: number
  /** Neither a 5xx nor a right answer, or none at all. */
  readonly wrong: number
}

await setUp()
if (values.collect) process.env.MINIFLARE_WORKERD_V8_FLAGS = '--gc-global'
const keys = { admin: 'load-bench-admin-key', app: 'load-bench-app-key' }
const { url, close } = await serveSamples(keys)

const kinds = await loadKinds(keys)
await Promise.all(kinds.map((kind) => run(kind, warmUpSeconds)))
const memory = sampleMemory()
const results = await Promise.all(kinds.map((kind) => run(kind, seconds)))
const rss = await memory.stop()
await close()

const answers = results.reduce((sum, { latencies }) => sum + latencies.length, 0)
const serverErrors = results.reduce((sum, result) => sum + result.serverErrors, 0)
const wrong = results.reduce((sum, result) => sum + result.wrong, 0)
const figures = {
  seconds,
  answersPerSecond: round(answers / seconds),
  kinds: results.map((result) => ({ ...summarise(result), wrong: result.wrong })),
  serverErrors,
  wrong,
  rss,
  machine: `${cpus()[0]?.model}, ${cpus().length} cores, node ${process.versions.node}`,
}
const rows = figures.kinds.map(
  ({ name, perSecond, p50, p95, p99 }) => `| ${name} | ${perSecond} | ${p50} | ${p95} | ${p99} |`,
)
const mib = (bytes: number | null): string =>
  bytes === null ? 'unknown' : `${(bytes / 2 ** 20).toFixed(0)} MiB`
console.log(`
| request | answers a second | p50 ms | p95 ms | p99 ms |
|---|---|---|---|---|
${rows.join('\n')}
| all | ${figures.answersPerSecond} | | | |

| ${seconds} s | |
|---|---|
| 5xx | ${serverErrors} |
| wrong or no answer | ${wrong} |
| workerd at the start, in the middle, at the end | ${mib(rss.start)}, ${mib(rss.middle)}, ${mib(rss.end)} |
| workerd at its peak | ${mib(rss.peak)} |
`)
console.log(JSON.stringify(figures))
if (serverErrors + wrong > 0) process.exitCode = 1

/** One kind of request, on connections of its own. */
function run(kind: LoadKind, duration: number): Promise<KindResult> {
  const { name, connections, perSecond, requests, expected, contains } = kind
  const latencies: number[] = []
  let serverErrors = 0
  let wrong = 0
  return new Promise((resolve, reject) => {
    const load = autocannon(
      {
        url: `${url}`,
        connections,
        duration,
        timeout: timeoutSeconds,
        requests: requests.map((request) => ({
          ...request,
          onResponse(status: number, body: string) {
            if (status >= 500) serverErrors++
            else if (!expected.includes(status) || !body.includes(contains ?? '')) wrong++
          },
        })),
        ...(perSecond && { overallRate: perSecond, ignoreCoordinatedOmission: true }),
      },
      (error, result) => {
        if (error) return reject(error)
        const lost = result.errors + result.timeouts
        resolve({ name, latencies, serverErrors, wrong: wrong + lost })
      },
    )
    load.on('response', (_client, _status, _bytes, ms) => latencies.push(ms))
  })
}

function summarise({ name, latencies }: KindResult) {
  const at = (share: number): number => round(percentile(latencies, share))
  const perSecond = round(latencies.length / seconds)
  return { name, perSecond, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** Bytes of the largest workerd, sampled until stopped; null where the system does not tell. */
function sampleMemory() {
  const samples: number[] = []
  let isRunning = true
  const sampling = (async () => {
    const pids = await workerdPids()
    while (isRunning && pids.length > 0) {
      const sizes = await Promise.all(pids.map((pid) => residentBytes(pid)))
      samples.push(Math.max(...sizes))
      await sleep(sampleEveryMs)
    }
  })()
  return {
    async stop() {
      isRunning = false
      await sampling
      const { length } = samples
      const at = (i: number): number | null => samples[i] ?? null
      const peak = length > 0 ? Math.max(...samples) : null
      const everyTenth = samples.filter((_, i) => i % 10 === 0)
      return { start: at(0), middle: at(length >> 1), end: at(length - 1), peak, everyTenth }
    },
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
