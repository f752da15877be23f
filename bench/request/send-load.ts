/** One kind of request sent as hard as it comes, and the memory of workerd meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { residentBytes, workerdPids } from '../measure/process-memory.ts'
import type { LoadKind } from './load-requests.ts'

/** Long enough for a queue of slow requests; a request that takes longer counts as lost. */
const timeoutSeconds = 60
const sampleEveryMs = 1000

export interface KindResult {
  readonly name: string
  /** Milliseconds, one for each answer, in the order they came. */
  readonly latencies: readonly number[]
  readonly serverErrors: number
  /** Neither a 5xx nor a right answer, or none at all. */
  readonly wrong: number
}

/** One kind of request, on connections of its own. */
export function sendLoad(url: URL, kind: LoadKind, duration: number): Promise<KindResult> {
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

/** Bytes of the largest workerd, sampled until stopped; null where the system does not tell. */
export function sampleMemory() {
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
