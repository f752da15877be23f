/**
 * A Worker only for the bench: runs inside workerd, where the product runs, and times there. Locally workerd's clock
 * goes on while code runs; on Cloudflare it stands still, so this is never deployed.
 */
import { createApp } from '../../src/app.ts'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { encodeChip } from '../../src/encoder/encode.ts'
import { bundledAssets, checkHealth, galleryKernel } from '../../src/engine/bundled-engine.ts'
import { createEngine, loadModels } from '../../src/engine/face-engine.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { wasmHeapBytes } from '../../src/network/backend.ts'
import { loadNetwork } from '../../src/network/load.ts'

export { DirectoryObject } from '../../src/identity/directory/directory-object.ts'
export { PersonObject } from '../../src/identity/objects/person-object.ts'
export { SessionObject } from '../../src/identity/objects/session-object.ts'

interface BenchEnv {
  readonly ADMIN_KEY: string
  readonly APP_KEY: string
}

const identity = 'bench'
const warmUpRuns = 10
/** workerd's clock counts whole milliseconds, so a sample is the mean of several runs. */
const runsPerSample = 5

let models: Promise<Models> | undefined
const startModels = (): Promise<Models> => (models ??= loadModels(bundledAssets))

/** With a threshold that everything matches by: what is timed is not to depend on a calibration. */
async function startApp() {
  const { model } = await startModels()
  const measured = { fmr: 0.001, threshold: 100, interval: [0, 1] }
  const calibration = {
    model,
    metric: { kind: 'l2' },
    verification: [{ encodings: 1, ...measured }],
    identification: [{ people: 1, ...measured }],
    data: 'none',
    date: '2026-01-01',
    command: 'npm run bench',
  }
  return createApp({
    loadEngine: async () => createEngine(await startModels()),
    checkHealth,
    galleryKernel,
    calibrations: readCalibrationTable({ format: 2, calibrations: [calibration] }),
  })
}

/**
 * By turns, so that a machine whose speed drifts slows all alike: whole /verify requests with either photo, from the request
 * object to the answer's text; the encoder that is packed; the same network on tfjs's own operations.
 */
async function timeWarm(photos: readonly ArrayBuffer[], runs: number, env: BenchEnv) {
  const app = await startApp()
  await enroll(app, photos[0]!, env)
  const models = await startModels()
  const encoder = models.encoder[0]!.network
  const heapBytes = wasmHeapBytes()
  const packed = await bundledAssets.packedNetwork(encoder.table)
  const stock = await loadNetwork(encoder.table, packed, 'stock')
  const { size } = encoder.table.input
  const chip = Float32Array.from({ length: size * size * 3 }, (_, i) => (i * 7919) % 256)
  const timed: Record<string, () => Promise<unknown>> = {
    ...Object.fromEntries(
      photos.map((photo, i) => [`verify${i}`, () => verify(app, photo, env)] as const),
    ),
    encoder: async () => encodeChip(encoder, chip),
    stockEncoder: async () => encodeChip(stock, chip),
  }
  const ms: Record<string, number[]> = Object.fromEntries(
    Object.keys(timed).map((name) => [name, []]),
  )
  for (let run = -warmUpRuns; run < runs; run++) {
    for (const [name, once] of Object.entries(timed)) {
      const one = await sample(once)
      if (run >= 0) ms[name]!.push(one)
    }
  }
  return { encoder: encoder.model, ms, wasmHeapBytes: heapBytes }
}

type App = ReturnType<typeof createApp>

async function enroll(app: App, body: ArrayBuffer, env: BenchEnv): Promise<void> {
  const init = { method: 'PUT', headers: headers(env.ADMIN_KEY), body }
  const answer = await app.request(`/admin/identities/${identity}`, init, env)
  if (!answer.ok) throw new Error(await answer.text())
}

async function verify(app: App, body: ArrayBuffer, env: BenchEnv): Promise<void> {
  const init = { method: 'POST', headers: headers(env.APP_KEY), body }
  const answer = await app.request(`/verify?identity=${identity}`, init, env)
  const text = await answer.text()
  if (JSON.parse(text).decision !== 'match') throw new Error(text)
}

/** Mean milliseconds of one run. */
async function sample(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < runsPerSample; i++) await run()
  return (performance.now() - start) / runsPerSample
}

function headers(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}`, 'content-type': 'image/jpeg' }
}

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { searchParams } = new URL(request.url)
    const firstBytes = Number(searchParams.get('firstBytes'))
    const body = await request.arrayBuffer()
    const photos = [body.slice(0, firstBytes), body.slice(firstBytes)]
    return Response.json(await timeWarm(photos, Number(searchParams.get('runs')), env))
  },
}
