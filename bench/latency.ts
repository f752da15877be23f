/**
 * How long a request waits for objects that are far away: the real bundle in workerd, where every call of a Durable Object
 * takes as long as the row says, and a read of KV 1 ms, or 80 ms where the copy is not near yet. Each figure is the median
 * of what a request takes more than the same without any delay, which is its own processor time.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleImagesDir, samplesDir } from '../scripts/setup/samples.ts'
import { setUp } from '../scripts/setup/set-up.ts'
import { type Place, type Places, startPlaces } from '../test/support/places/places.ts'
import { buildBundle } from '../test/support/run-wrangler.ts'
import { percentile } from './percentile.ts'

const delaysMs = [10, 80, 200] as const
const runs = 15
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
  console.log(
    `| ms more than without delay | ${delaysMs.map((ms) => `${ms} ms`).join(' | ')} | itself |`,
  )
  console.log(`|---|${delaysMs.map(() => '---|').join('')}---|`)
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
      for (const row of rows) await measureRow(places, row)
      await places.stop()
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function measureRow(places: Places, row: Row): Promise<void> {
  const base = await timed(places, row, 0)
  const more: string[] = []
  for (const delayMs of delaysMs) more.push(((await timed(places, row, delayMs)) - base).toFixed(0))
  console.log(`| ${row.name} | ${more.join(' | ')} | ${base.toFixed(0)} |`)
}

/** Median of the runs, the isolate warm. */
async function timed({ far, ...places }: Places, row: Row, delayMs: number): Promise<number> {
  const times: number[] = []
  for (let run = -3; run < runs; run++) {
    places.setWeather({ objectDelayMs: 0, kvDelayMs: 0 })
    const send = await row.prepare(far)
    const isKvFar = delayMs > 0
    places.setWeather({ objectDelayMs: delayMs / 2, kvDelayMs: isKvFar ? row.kvMs : 0 })
    const startMs = performance.now()
    const response = await send()
    const text = await response.text()
    if (run >= 0) times.push(performance.now() - startMs)
    if (!text.includes(`"decision":"${row.expects}"`)) throw new Error(text)
  }
  return percentile(times, 0.5)
}
