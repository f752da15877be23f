/**
 * A Worker only for the bench: runs inside workerd, where the product runs, and times there. Locally workerd's clock
 * goes on while code runs; on Cloudflare it stands still, so this is never deployed.
 */
import * as tf from '@tensorflow/tfjs-core'
import unfolded from '../build/bench/unfolded.bin'
import { createApp } from '../src/app.ts'
import { readCalibrationTable } from '../src/decision/calibration.ts'
import { encodeChip } from '../src/encoder/encode.ts'
import { bundledAssets, checkHealth, galleryKernel } from '../src/engine/bundled-engine.ts'
import { encoders } from '../src/engine/encoders.ts'
import { createEngine, loadModels } from '../src/engine/face-engine.ts'
import type { Models } from '../src/engine/pipeline.ts'
import { wasmHeapBytes } from '../src/network/backend.ts'
import { disposeNetwork } from '../src/network/load.ts'
import { toNetworkInput } from '../src/network/picture.ts'
import { seededNetwork } from './seeded-network.ts'
import { readUnfolded } from './unfolded-file.ts'
import { runUnfused } from './unfused.ts'

export { DirectoryObject } from '../src/identity/directory-object.ts'
export { PersonObject } from '../src/identity/person-object.ts'

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
 * By turns, so that a machine whose speed drifts slows all alike: whole /verify requests, from the request object to the
 * answer's text; the encoder that is packed; the same network as written first; every other encoder, on seeded weights.
 */
async function timeWarm(photo: ArrayBuffer, runs: number, env: BenchEnv) {
  const verify = await enrollAndVerify(photo, env)
  const { encoder } = await startModels()
  const heapBytes = wasmHeapBytes()
  const { size } = encoder.table.input
  const random = seededRandom(1)
  const chip = Float32Array.from({ length: size * size * 3 }, () => random() * 255)
  const tensors = readUnfolded(unfolded)
  const encode = (): Float32Array => encodeChip(encoder, chip)
  const encodeUnfused = (): Float32Array => {
    const input = tf.tensor4d(toNetworkInput(encoder.table, [chip]), [1, size, size, 3])
    const output = runUnfused(encoder.table, tensors, input)
    const values = output.dataSync() as Float32Array
    tf.dispose([input, output])
    return values
  }
  const unfused = encodeUnfused()
  const largestDifference = encode().reduce(
    (largest, value, i) => Math.max(largest, Math.abs(value - unfused[i]!)),
    0,
  )
  const others = encoders
    .filter(({ table }) => table !== encoder.table)
    .map(({ table }) => ({ network: seededNetwork(table, random), ms: [] as number[] }))
  const otherChips = others.map(({ network }) =>
    Float32Array.from({ length: network.table.input.size ** 2 * 3 }, () => random() * 255),
  )
  const verifyMs: number[] = []
  const encoderMs: number[] = []
  const unfusedMs: number[] = []
  for (let run = 0; run < warmUpRuns + runs; run++) {
    const samples = [
      await sample(verify),
      await sample(async () => encode()),
      await sample(async () => encodeUnfused()),
    ] as const
    const otherSamples: number[] = []
    for (const [i, { network }] of others.entries()) {
      otherSamples.push(await sample(async () => encodeChip(network, otherChips[i]!)))
    }
    if (run < warmUpRuns) continue
    verifyMs.push(samples[0])
    encoderMs.push(samples[1])
    unfusedMs.push(samples[2])
    for (const [i, { ms }] of others.entries()) ms.push(otherSamples[i]!)
  }
  tf.dispose([...tensors.values()])
  for (const { network } of others) disposeNetwork(network)
  return {
    encoder: encoder.model,
    verifyMs,
    encoderMs,
    unfusedMs,
    others: others.map(({ network, ms }) => ({ encoder: network.table.name, ms })),
    largestDifference,
    wasmHeapBytes: heapBytes,
  }
}

async function enrollAndVerify(photo: ArrayBuffer, env: BenchEnv): Promise<() => Promise<void>> {
  const app = await startApp()
  const enrolled = await app.request(
    `/admin/identities/${identity}`,
    { method: 'PUT', headers: headers(env.ADMIN_KEY), body: photo },
    env,
  )
  if (!enrolled.ok) throw new Error(await enrolled.text())
  return async () => {
    const answer = await app.request(
      `/verify?identity=${identity}`,
      { method: 'POST', headers: headers(env.APP_KEY), body: photo },
      env,
    )
    const text = await answer.text()
    if (JSON.parse(text).decision !== 'match') throw new Error(text)
  }
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

/** Mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const runs = Number(new URL(request.url).searchParams.get('runs'))
    return Response.json(await timeWarm(await request.arrayBuffer(), runs, env))
  },
}
