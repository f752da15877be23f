/**
 * npm run bench [-- --runs 100]
 *
 * What a request costs with the encoder that is packed, measured inside workerd, and beside it in the same run what the
 * same network costs as one would write it first, and what the other encoders cost. Prints a table, then one line of JSON. Leave the machine alone meanwhile.
 */
import { spawnSync } from 'node:child_process'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createTestHarness, type TestHarness } from 'wrangler'
import { drawReceiptKey } from '../scripts/setup/draw-receipt-key.ts'
import { setUp, wranglerBin, wranglerEnv } from '../scripts/setup/set-up.ts'
import { readCsv } from '../scripts/weights/csv.ts'
import { buildDir, networksWith, projectRoot } from '../scripts/weights/networks.ts'
import { readChoices } from '../scripts/weights/pack-choices.ts'
import type { PackOptions } from '../scripts/weights/pack-network.ts'
import { packedEncoder } from '../scripts/weights/packed-encoder.ts'
import { toTfjsOrder } from '../src/network/fold.ts'
import { csvTensorsOf, filterShape, isWeighted } from '../src/network/table.ts'
import { percentile } from './percentile.ts'
import { makeJpeg } from './photos.ts'
import { peakBytes, residentBytes, workerdPids } from './process-memory.ts'
import { type UnfoldedTensor, writeUnfolded } from './unfolded-file.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '100' } } })
const runs = Number(values.runs)
const keys = await setUp()
const encoderName = await packedEncoder()
await mkdir(join(buildDir, 'bench'), { recursive: true })
await writeFile(join(buildDir, 'bench', 'unfolded.bin'), writeUnfolded(await readEncoderTensors()))

const phonePhoto = await makeJpeg(640, 480)
const largestPhoto = await makeJpeg(2048, 1536)
const cold = await timeCold(phonePhoto)
const warm = await timeWarm(phonePhoto)
const memory = await measureMemory(largestPhoto)
const bundle = await measureBundle()

const encoder = summarise(warm.encoderMs)
const unfused = summarise(warm.unfusedMs)
const verify = summarise(warm.verifyMs)
const figures = {
  encoder: { model: warm.encoder, ...encoder },
  unfused,
  others: warm.others.map(({ encoder: name, ms: times }) => ({
    encoder: name,
    ...summarise(times),
    overEncoder: medianRatio(times, warm.encoderMs),
  })),
  encoderOverUnfused: medianRatio(warm.encoderMs, warm.unfusedMs),
  verify640x480: verify,
  verifyOverEncoder: medianRatio(warm.verifyMs, warm.encoderMs),
  largestDifference: warm.largestDifference,
  wasmHeapBytes: warm.wasmHeapBytes,
  cold,
  memory,
  bundle,
  runs,
  machine: `${cpus()[0]?.model}, ${cpus().length} cores, node ${process.versions.node}`,
}
const ms = (value: number): string => `${value.toFixed(1)} ms`
const mib = (bytes: number | null): string =>
  bytes === null ? 'unknown' : `${(bytes / 2 ** 20).toFixed(1)} MiB`
const otherRows = figures.others.flatMap(({ encoder: name, p50, p95, overEncoder }) => [
  `| encoder ${name}, on seeded weights | ${ms(p50)} | ${ms(p95)} |`,
  `| ratio to the packed encoder, median of neighbours | ${overEncoder.toFixed(2)} | |`,
])
console.log(`
| what | p50 | p95 |
|---|---|---|
| encoder ${warm.encoder}, folded and fused | ${ms(encoder.p50)} | ${ms(encoder.p95)} |
| the same network, unfolded and unfused | ${ms(unfused.p50)} | ${ms(unfused.p95)} |
| ratio, median of neighbours | ${figures.encoderOverUnfused.toFixed(2)} | |
${otherRows.join('\n')}
| whole /verify, 640x480 JPEG | ${ms(verify.p50)} | ${ms(verify.p95)} |
| ratio to the encoder, median of neighbours | ${figures.verifyOverEncoder.toFixed(2)} | |
| cold first request | ${ms(cold.firstMs)} | |
| the request after it | ${ms(cold.secondMs)} | |

| size | |
|---|---|
| bundle | ${mib(bundle.totalBytes)} |
| of it weights | ${mib(bundle.shardBytes)} |
| WASM heap of the networks | ${mib(warm.wasmHeapBytes)} |
| isolate at its peak, ${memory.requests} requests with a 2048x1536 JPEG: growth of workerd | ${mib(memory.growthBytes)} |
`)
console.log(JSON.stringify(figures))

async function readEncoderTensors(): Promise<UnfoldedTensor[]> {
  const [{ table, folder }] = (await readChoices(encoderName)) as [PackOptions]
  const tensors: UnfoldedTensor[] = []
  for (const layer of table.layers.filter(isWeighted)) {
    for (const { name, shape } of csvTensorsOf(layer)) {
      const count = shape.reduce((product, side) => product * side, 1)
      const { values } = await readCsv(join(folder, `${name}.csv`), count)
      const isFilter = name === `${layer.name}_w`
      tensors.push(
        isFilter
          ? { name, shape: filterShape(layer), values: toTfjsOrder(layer, values) }
          : { name, shape, values },
      )
    }
  }
  return tensors
}

/** The real bundle in a fresh workerd: its first request starts backend, networks and decoder. */
async function timeCold(photo: Uint8Array): Promise<{ firstMs: number; secondMs: number }> {
  const server = createTestHarness({
    workers: [{ configPath: join(projectRoot, 'wrangler.toml') }],
  })
  await server.listen()
  const time = async (): Promise<number> => {
    const start = performance.now()
    await requestEncoding(server, photo)
    return performance.now() - start
  }
  const firstMs = await time()
  const secondMs = await time()
  await server.close()
  return { firstMs, secondMs }
}

async function timeWarm(photo: Uint8Array): Promise<{
  encoder: string
  others: { encoder: string; ms: number[] }[]
  encoderMs: number[]
  unfusedMs: number[]
  verifyMs: number[]
  largestDifference: number
  wasmHeapBytes: number
}> {
  const server = createTestHarness({
    workers: [
      {
        configPath: join(import.meta.dirname, 'wrangler.toml'),
        secrets: { RECEIPT_KEYS: drawReceiptKey() },
      },
    ],
  })
  await server.listen()
  const answer = await server.fetch(`/?runs=${runs}`, { method: 'POST', body: photo })
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  await server.close()
  return JSON.parse(text)
}

/**
 * How much the workerd that serves the real bundle grows over what it took before the first request, while the largest
 * photo allowed comes again and again. Code, garbage not collected yet and decoder heaps included. Null where /proc
 * does not tell.
 */
async function measureMemory(
  photo: Uint8Array,
): Promise<{ growthBytes: number | null; requests: number }> {
  const requests = 30
  const server = createTestHarness({
    workers: [{ configPath: join(projectRoot, 'wrangler.toml') }],
  })
  await server.listen()
  const pids = await workerdPids()
  const idle = await Promise.all(pids.map((pid) => residentBytes(pid)))
  for (let request = 0; request < requests; request++) await requestEncoding(server, photo)
  const peak = await Promise.all(pids.map((pid) => peakBytes(pid)))
  await server.close()
  const growth = peak.map((bytes, i) => bytes - idle[i]!)
  return { growthBytes: growth.length > 0 ? Math.max(...growth) : null, requests }
}

async function requestEncoding(server: TestHarness, photo: Uint8Array): Promise<void> {
  const answer = await server.fetch('/encode', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${keys.ADMIN_KEY.split(',')[0]}`,
      'content-type': 'image/jpeg',
    },
    body: photo,
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
}

/** What `wrangler deploy` would upload. */
async function measureBundle(): Promise<{ totalBytes: number; shardBytes: number }> {
  const outDir = join(buildDir, 'bench', 'bundle')
  await rm(outDir, { recursive: true, force: true })
  const args = ['deploy', '--dry-run', '--outdir', outDir]
  const { status, stderr } = spawnSync(wranglerBin, args, {
    cwd: projectRoot,
    encoding: 'utf8',
    env: wranglerEnv,
  })
  if (status !== 0) throw new Error(stderr)
  let totalBytes = 0
  let shardBytes = 0
  for (const file of await readdir(outDir)) {
    if (file.endsWith('.map') || file === 'README.md') continue
    const { size } = await stat(join(outDir, file))
    totalBytes += size
    if (networksWith(encoderName).some(({ name }) => isShardOf(name, file))) shardBytes += size
  }
  return { totalBytes, shardBytes }
}

/** wrangler puts a hash before the names of files. */
function isShardOf(network: string, file: string): boolean {
  const [, after] = file.split(`-${network}-`)
  return after !== undefined && /^\d+\.bin$/.test(after)
}

function summarise(times: readonly number[]): { p50: number; p95: number } {
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) }
}

/** Median of the ratios of samples taken one after the other. */
function medianRatio(times: readonly number[], others: readonly number[]): number {
  return summarise(times.map((time, i) => time / others[i]!)).p50
}
