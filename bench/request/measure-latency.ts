/**
 * How long a request waits for objects that are far away: the real bundle in workerd, where every call of a Durable Object
 * takes as long as the column says, and a read of KV 1 ms, or 80 ms where the copy is not near yet. Each figure is what a
 * request takes more than the same without any delay, which is its own processor time: the least of all runs of each, so
 * that little of it is what else the machine does.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleImagesDir, samplesDir } from '../../scripts/setup/samples.ts'
import { setUp } from '../../scripts/setup/set-up.ts'
import { type Place, type Places, startPlaces } from '../../test/support/places/places.ts'
import { buildBundle } from '../../test/support/running/run-wrangler.ts'

const delaysMs = [10, 80, 200] as const
const runs = 15
const warmUpRuns = 2
const kvHitMs = 1
const kvMissMs = 80

interface Row {
  readonly name: string
  readonly kvMs: number
  /** Prepares a request, which is timed. */
  prepare(place: Place): Promise<() => Promise<Response>>
  readonly expects: string
}

const vars = { LOCKOUT_AFTER: '100', DISABLE_AFTER: 'never', ATTEMPTS_PER_HOUR: '100000' }

export async function measureLatency(): Promise<void> {
  await setUp()
  const folder = await mkdtemp(join(tmpdir(), 'facegate-latency-'))
  const outdir = join(folder, 'out')
  const built = await buildBundle(outdir)
  if (built.status !== 0) throw new Error(built.output)
  const eve = new Uint8Array(await readFile(join(samplesDir, 'probe-eve.jpg')))
  const stranger = new Uint8Array(await readFile(join(sampleImagesDir, 'ada.jpg')))

  const verify = (name: string, image: Uint8Array, kvMs: number, expects: string): Row => ({
    name,
    kvMs,
    expects,
    prepare:
      async ({ admin }) =>
      () =>
        admin.post('/verify', { identity: 'eve', image }),
  })
  const recognize: Row = {
    name: '`/recognize`',
    kvMs: kvHitMs,
    expects: 'match',
    prepare:
      async ({ admin }) =>
      () =>
        admin.post('/recognize', { image: eve }),
  }
  const strict: readonly Row[] = [
    verify('`/verify`, a match', eve, kvHitMs, 'match'),
    verify('`/verify`, a match, KV misses', eve, kvMissMs, 'match'),
    verify('`/verify`, `no_match`', stranger, kvHitMs, 'no_match'),
    {
      name: '`/verify` with the token of a session, a match',
      kvMs: kvHitMs,
      expects: 'match',
      prepare: async (place) => {
        const { token } = await place.openSession({ identity: 'eve' })
        return () => place.withKey(token).post('/verify', { image: eve })
      },
    },
    recognize,
  ]
  const edge: readonly Row[] = [
    verify('`/verify`, `CONSISTENCY=edge`', eve, kvHitMs, 'match'),
    { ...recognize, name: '`/recognize`, `CONSISTENCY=edge`' },
  ]
  const table = [
    `| request | ${delaysMs.map((ms) => `${ms} ms`).join(' | ')} | without delay |`,
    `| --- | ${delaysMs.map(() => '--- | ').join('')}--- |`,
  ]
  try {
    for (const [rows, more] of [
      [strict, {}],
      [edge, { CONSISTENCY: 'edge' }],
    ] as const) {
      const store = await mkdtemp(join(folder, 'store-'))
      const places = await startPlaces(outdir, store, { ...vars, ...more })
      const enrolled = await places.near.admin.put('/admin/identities/eve', [
        join(sampleImagesDir, 'eve.jpg'),
      ])
      if (!enrolled.ok) throw new Error(await enrolled.text())
      for (const row of rows) table.push(await measureRow(places, row))
      await places.stop()
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  // After what the Worker logged meanwhile.
  console.log(`\n${table.join('\n')}`)
}

async function measureRow(places: Places, row: Row): Promise<string> {
  const leastMs = new Map<number, number>()
  for (let run = -warmUpRuns; run < runs; run++) {
    // By turns, so that what else the machine does meets all of them.
    for (const delayMs of [0, ...delaysMs]) {
      const tookMs = await timed(places, row, delayMs)
      if (run >= 0) leastMs.set(delayMs, Math.min(tookMs, leastMs.get(delayMs) ?? Infinity))
    }
  }
  const itselfMs = leastMs.get(0)!
  const more = delaysMs.map((delayMs) => String(Math.round(leastMs.get(delayMs)! - itselfMs)))
  return `| ${row.name} | ${more.join(' | ')} | ${itselfMs.toFixed(0)} |`
}

async function timed({ far, setWeather }: Places, row: Row, delayMs: number): Promise<number> {
  setWeather({ objectDelayMs: 0, kvDelayMs: 0 })
  const send = await row.prepare(far)
  setWeather({ objectDelayMs: delayMs / 2, kvDelayMs: delayMs === 0 ? 0 : row.kvMs })
  const startMs = performance.now()
  const text = await (await send()).text()
  const tookMs = performance.now() - startMs
  if (!text.includes(`"decision":"${row.expects}"`)) throw new Error(text)
  return tookMs
}
