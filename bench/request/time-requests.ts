/** Requests as workerd serves them: a fresh isolate's first, warm ones by turns with tfjs, their processor time, and memory. */
import { join } from 'node:path'
import { createTestHarness, type TestHarness } from 'wrangler'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { drawReceiptKey } from '../../scripts/setup/draw-receipt-key.ts'
import type { LocalKeys } from '../../scripts/setup/local-keys.ts'
import { percentile } from '../measure/percentile.ts'
import { cpuMs } from '../measure/process-cpu.ts'
import { peakBytes, residentBytes, workerdPids } from '../measure/process-memory.ts'
import { leaveOutTraces } from './without-traces.ts'

const identity = 'bench'
const cpuRequests = 100
/** Of which so many are sent one after the other. */
const cpuBatch = 25
const memoryRequests = 30

/** Medians; ratios are medians of neighbours' ratios. */
export interface RequestFigures {
  readonly verifyMs: number
  readonly stockEncoderMs: number
  readonly verifyOverStockEncoder: number
  /** Processor time of all workerd processes for a warm /verify over HTTP, and over the same encoder on tfjs. */
  readonly cpuMs: number
  readonly cpuOverStockEncoder: number
  /** What the local server takes for the same photo sent to a path that there is none of; and the rest, which is the Worker's. */
  readonly bareCpuMs: number
  readonly ownCpuOverStockEncoder: number
  /** A 2048x1536 JPEG beside the 640x480 one. */
  readonly largeOverSmall: number
  readonly coldMs: number
  readonly secondMs: number
  readonly wasmHeapBytes: number
  /** Of workerd over 30 photos of 2048x1536. */
  readonly growthBytes: number
}

interface Warm {
  readonly ms: Readonly<Record<'verify0' | 'verify1' | 'encoder' | 'stockEncoder', number[]>>
  readonly wasmHeapBytes: number
}

/** @param photos of 640x480 and of 2048x1536 */
export async function timeRequests(
  [small, large]: readonly [Uint8Array, Uint8Array],
  runs: number,
  keys: LocalKeys,
): Promise<RequestFigures> {
  leaveOutTraces()
  const cold = await timeCold(small, keys)
  const { ms, wasmHeapBytes } = await timeWarm([small, large], runs)
  const cpu = await measureCpu(small, keys)
  const stockEncoderMs = percentile(ms.stockEncoder, 0.5)
  return {
    verifyMs: percentile(ms.verify0, 0.5),
    stockEncoderMs,
    verifyOverStockEncoder: medianRatio(ms.verify0, ms.stockEncoder),
    ...cpu,
    cpuOverStockEncoder: cpu.cpuMs / stockEncoderMs,
    ownCpuOverStockEncoder: (cpu.cpuMs - cpu.bareCpuMs) / stockEncoderMs,
    largeOverSmall: medianRatio(ms.verify1, ms.verify0),
    ...cold,
    wasmHeapBytes,
    growthBytes: await measureMemory(large, keys),
  }
}

/** Median of the ratios of samples taken one after the other. */
function medianRatio(times: readonly number[], others: readonly number[]): number {
  return percentile(
    times.map((time, i) => time / others[i]!),
    0.5,
  )
}

/** The real bundle in a fresh workerd: its first request starts backend, networks and decoder. */
async function timeCold(
  photo: Uint8Array,
  keys: LocalKeys,
): Promise<{ coldMs: number; secondMs: number }> {
  const server = await serveBundle()
  const time = async (): Promise<number> => {
    const start = performance.now()
    await send(server, 'POST', '/encode', keys.ADMIN_KEY, photo)
    return performance.now() - start
  }
  const coldMs = await time()
  const secondMs = await time()
  await server.close()
  return { coldMs, secondMs }
}

async function timeWarm(photos: readonly Uint8Array[], runs: number): Promise<Warm> {
  const configPath = join(import.meta.dirname, 'wrangler.toml')
  const server = createTestHarness({
    workers: [{ configPath, secrets: { RECEIPT_KEYS: drawReceiptKey() } }],
  })
  await server.listen()
  const answer = await server.fetch(`/?runs=${runs}&firstBytes=${photos[0]!.length}`, {
    method: 'POST',
    body: Buffer.concat(photos),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  await server.close()
  return JSON.parse(text)
}

/**
 * Of workerd, milliseconds of the processor for a warm /verify over loopback, HTTP included; and, by turns, for the same photo sent to
 * nowhere, which costs what the local server does around a Worker: HTTP, and a second process before it.
 */
async function measureCpu(
  photo: Uint8Array,
  keys: LocalKeys,
): Promise<{ cpuMs: number; bareCpuMs: number }> {
  const server = await serveBundle()
  await send(server, 'PUT', `/admin/identities/${identity}`, keys.ADMIN_KEY, photo)
  const verify = (): Promise<void> =>
    send(server, 'POST', `/verify?identity=${identity}`, keys.APP_KEY, photo)
  const bare = (): Promise<void> => send(server, 'POST', '/nowhere', keys.APP_KEY, photo, 404)
  for (let i = 0; i < cpuRequests; i++) await verify()
  for (let i = 0; i < cpuRequests; i++) await bare()
  const pids = await workerdPids()
  const spent = async (): Promise<number> =>
    (await Promise.all(pids.map(cpuMs))).reduce((sum, ms) => sum + ms, 0)
  const spentOn = async (request: () => Promise<void>): Promise<number> => {
    const before = await spent()
    for (let i = 0; i < cpuBatch; i++) await request()
    return (await spent()) - before
  }
  let [verifyMs, bareMs] = [0, 0]
  for (let sent = 0; sent < cpuRequests; sent += cpuBatch) {
    verifyMs += await spentOn(verify)
    bareMs += await spentOn(bare)
  }
  await server.close()
  return { cpuMs: verifyMs / cpuRequests, bareCpuMs: bareMs / cpuRequests }
}

/**
 * How much the workerd that serves the real bundle grows over what it took before the first request, while the largest
 * photo comes again and again. Code, garbage not collected yet and decoder heaps included.
 */
async function measureMemory(photo: Uint8Array, keys: LocalKeys): Promise<number> {
  const server = await serveBundle()
  const pids = await workerdPids()
  const idle = await Promise.all(pids.map(residentBytes))
  for (let i = 0; i < memoryRequests; i++) {
    await send(server, 'POST', '/encode', keys.ADMIN_KEY, photo)
  }
  const peak = await Promise.all(pids.map(peakBytes))
  await server.close()
  const growth = peak.map((bytes, i) => bytes - idle[i]!)
  return Math.max(...growth)
}

async function serveBundle(): Promise<TestHarness> {
  const server = createTestHarness({
    workers: [
      {
        configPath: join(projectRoot, 'wrangler.toml'),
        // One person is verified again and again.
        vars: { ATTEMPTS_PER_HOUR: 100_000 },
      },
    ],
  })
  await server.listen()
  return server
}

async function send(
  server: TestHarness,
  method: string,
  path: string,
  key: string,
  photo: Uint8Array,
  status?: number,
): Promise<void> {
  const answer = await server.fetch(path, {
    method,
    headers: { authorization: `Bearer ${key.split(',')[0]}`, 'content-type': 'image/jpeg' },
    body: photo as Uint8Array<ArrayBuffer>,
  })
  const text = await answer.text()
  const isWanted = status === undefined ? answer.ok : answer.status === status
  if (!isWanted) throw new Error(text)
}
