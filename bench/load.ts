/** npm run bench:load: mixed requests against the real bundle in workerd, over loopback. */
import { declare } from '../scripts/front/command.ts'
import { flag, number } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { setUp } from '../scripts/setup/set-up.ts'
import { machine } from './measure/machine.ts'
import { percentile } from './measure/percentile.ts'
import { loadKinds } from './request/load-requests.ts'
import { type KindResult, sampleMemory, sendLoad } from './request/send-load.ts'
import { serveSamples } from './request/serve-samples.ts'

/** Until every kind of request has come several times, the largest body too. */
const warmUpSeconds = 20

const duration = {
  expected: '5 to 3600',
  isFine: (value: number) => value >= 5 && value <= 3600,
}

export const command = declare({
  name: 'bench:load',
  summary: 'Sends mixed requests to the real bundle in workerd, over loopback.',
  about:
    'What comes through, how long each kind takes while the others want the same processor, and whether memory stays where it is. ' +
    'The exit code is 1 when an answer was a 5xx or not the right one. Leave the machine alone meanwhile.',
  options: {
    seconds: number('SECONDS', 'how long', duration, 60),
    // Without a limit of memory workerd lets garbage lie: an empty Worker grows by hundreds of MiB.
    collect: flag(
      'let V8 collect all of its heap each time: slower, but what is left is what is held',
    ),
  },
  examples: ['', '--seconds 300 --collect'],
  async run({ seconds, collect }) {
    await setUp()
    if (collect) process.env.MINIFLARE_WORKERD_V8_FLAGS = '--gc-global'
    const keys = { admin: 'load-bench-admin-key', app: 'load-bench-app-key' }
    const { url, close } = await serveSamples(keys)

    const kinds = await loadKinds(keys)
    await Promise.all(kinds.map((kind) => sendLoad(url, kind, warmUpSeconds)))
    const memory = sampleMemory()
    const results = await Promise.all(kinds.map((kind) => sendLoad(url, kind, seconds)))
    const rss = await memory.stop()
    await close()

    const answers = results.reduce((sum, { latencies }) => sum + latencies.length, 0)
    const serverErrors = results.reduce((sum, result) => sum + result.serverErrors, 0)
    const wrong = results.reduce((sum, result) => sum + result.wrong, 0)
    const figures = {
      seconds,
      answersPerSecond: round(answers / seconds),
      kinds: results.map((result) => ({ ...summarise(result, seconds), wrong: result.wrong })),
      serverErrors,
      wrong,
      rss,
      machine: machine(),
    }
    console.log(describe(figures))
    console.log(JSON.stringify(figures))
    return serverErrors + wrong > 0 ? 1 : 0
  },
})

interface Figures {
  readonly seconds: number
  readonly answersPerSecond: number
  readonly kinds: readonly ReturnType<typeof summarise>[]
  readonly serverErrors: number
  readonly wrong: number
  readonly rss: Awaited<ReturnType<ReturnType<typeof sampleMemory>['stop']>>
}

function describe({ seconds, answersPerSecond, kinds, serverErrors, wrong, rss }: Figures): string {
  const rows = kinds.map(
    ({ name, perSecond, p50, p95, p99 }) => `| ${name} | ${perSecond} | ${p50} | ${p95} | ${p99} |`,
  )
  const mib = (bytes: number | null): string =>
    bytes === null ? 'unknown' : `${(bytes / 2 ** 20).toFixed(0)} MiB`
  return `
| request | answers a second | p50 ms | p95 ms | p99 ms |
|---|---|---|---|---|
${rows.join('\n')}
| all | ${answersPerSecond} | | | |

| ${seconds} s | |
|---|---|
| 5xx | ${serverErrors} |
| wrong or no answer | ${wrong} |
| workerd at the start, in the middle, at the end | ${mib(rss.start)}, ${mib(rss.middle)}, ${mib(rss.end)} |
| workerd at its peak | ${mib(rss.peak)} |
`
}

function summarise({ name, latencies }: KindResult, seconds: number) {
  const at = (share: number): number => round(percentile(latencies, share))
  const perSecond = round(latencies.length / seconds)
  return { name, perSecond, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

if (import.meta.main) runCommand(command)
