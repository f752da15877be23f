/** npm run bench:recognize: what a search among many adds to a request, as callers see it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { declare } from '../scripts/front/command.ts'
import { number, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { sampleImagesDir } from '../scripts/setup/samples.ts'
import { setUp } from '../scripts/setup/set-up.ts'
import { packedModel } from '../scripts/weights/packed-model.ts'
import { machine } from './measure/machine.ts'
import { percentile } from './measure/percentile.ts'
import { sendPeople } from './people/send-people.ts'
import { type ServedSamples, serveSamples } from './request/serve-samples.ts'

const warmUpRuns = 30
const keys = { admin: 'bench-admin-key', app: 'bench-app-key' }

export const command = declare({
  name: 'bench:recognize',
  summary: 'Measures what a search among many adds to a request, as callers see it.',
  about:
    'The real bundle in workerd twice, over loopback, one with the sample people only and one with made-up people beside them, asked by ' +
    'turns with a photo that is enrolled. The index is kv. /verify looks for somebody nearer than the person asked for, so it is asked ' +
    'too. Storing 10,000 people takes minutes, since workerd opens an SQLite file for each. Leave the machine alone meanwhile.',
  options: {
    people: number('N', 'who are enrolled', wholeFrom(10), 10_000),
    runs: number('N', 'of each', wholeFrom(1), 200),
  },
  examples: ['', '--people 1000 --runs 50'],
  async run({ people: peopleCount, runs }) {
    await setUp()
    const probe = await readFile(join(sampleImagesDir, 'eve.jpg'))
    const few = await serveSamples(keys)
    const many = await serveSamples(keys)
    const start = performance.now()
    const madeUp = peopleCount - many.people
    const target = { url: many.url, key: keys.admin }
    const outcome = await sendPeople(target, madeUp, await packedModel())
    const seconds = (performance.now() - start) / 1000
    console.log(machine())
    console.log(`${madeUp} people stored in ${seconds.toFixed(0)} s: ${outcome}\n`)

    const asked = { few, many, peopleCount, runs, probe }
    console.log('| request | people | first, ms | p50 ms | p95 ms | more than with few: p50, p95 |')
    console.log('|---|---|---|---|---|---|')
    await compare(asked, 'POST /recognize', (url) => new URL('/recognize', url))
    await compare(asked, 'POST /verify', (url) => new URL('/verify?identity=eve', url))
    await Promise.all([few.close(), many.close()])
    return 0
  },
})

interface Asked {
  readonly few: ServedSamples
  readonly many: ServedSamples
  readonly peopleCount: number
  readonly runs: number
  readonly probe: Buffer
}

async function compare(asked: Asked, what: string, to: (url: URL) => URL): Promise<void> {
  const { few, many, peopleCount, runs, probe } = asked
  const first = [await timed(to(few.url), probe), await timed(to(many.url), probe)] as const
  const alone: number[] = []
  const among: number[] = []
  for (let run = 0; run < warmUpRuns + runs; run++) {
    const took = [await timed(to(few.url), probe), await timed(to(many.url), probe)] as const
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
async function timed(url: URL, probe: Buffer): Promise<number> {
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

if (import.meta.main) runCommand(command)
