/**
 * Learners in threads, one a core. Work is dealt out by number and results are put together in the order of the threads,
 * so that a run gives the same numbers every time on as many threads.
 */

import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { LearnerSetup } from './learner.ts'
import type { BatchStatistics } from './passes/statistics.ts'
import type { Item } from './photos/item.ts'

export type LearnerCall =
  | { readonly method: 'prepare' | 'encode' | 'forward'; readonly items: readonly Item[] }
  | { readonly method: 'backward'; readonly gradient: Float32Array | null }

/** What a batch came to. */
export interface Batch {
  /** [items.length, length] */
  readonly encodings: Float32Array
  /** Of each thread that had items. */
  readonly statistics: readonly BatchStatistics[]
}

export interface Learners {
  /** Each thread's share of the gradient, the tensors in the places of the parameters. */
  readonly gradients: readonly Float32Array[]
  prepare(items: readonly Item[], onItems?: (count: number) => void): Promise<void>
  encode(items: readonly Item[]): Promise<Float32Array>
  forward(items: readonly Item[]): Promise<Batch>
  /** @param gradient of the encodings of `forward`, or null to drop them; then `gradients` are filled */
  backward(gradient: Float32Array | null): Promise<void>
  stop(): Promise<void>
}

/** Items that are handed over at once where progress is shown. */
const itemsAtOnce = 64

export function startLearners(setup: Omit<LearnerSetup, 'gradients'>, threads: number): Learners {
  const buffers = Array.from(
    { length: threads },
    () => new SharedArrayBuffer(setup.parameters.byteLength),
  )
  const workers = buffers.map((gradients) => startThread({ ...setup, gradients }))
  const call = <T>(thread: number, message: LearnerCall): Promise<T> =>
    workers[thread]!.call(message) as Promise<T>
  const deal = <T>(items: readonly T[]): T[][] =>
    workers.map((_, thread) => items.filter((_, i) => i % threads === thread))
  let forwarded = 0
  return {
    gradients: buffers.map((buffer) => new Float32Array(buffer)),
    async prepare(items, onItems = () => {}) {
      const shares = deal(items)
      await Promise.all(
        shares.map(async (share, thread) => {
          for (let first = 0; first < share.length; first += itemsAtOnce) {
            const some = share.slice(first, first + itemsAtOnce)
            await call(thread, { method: 'prepare', items: some })
            onItems(some.length)
          }
        }),
      )
    },
    async encode(items) {
      const shares = deal(items)
      const encodings = await Promise.all(
        shares.map((share, thread) =>
          call<Float32Array>(thread, { method: 'encode', items: share }),
        ),
      )
      return interleave(encodings, items.length)
    },
    async forward(items) {
      forwarded = items.length
      const results = await Promise.all(
        deal(items).map((share, thread) =>
          share.length > 0
            ? call<{ encodings: Float32Array; statistics: BatchStatistics }>(thread, {
                method: 'forward',
                items: share,
              })
            : null,
        ),
      )
      const some = results.filter((result) => result !== null)
      return {
        encodings: interleave(
          some.map(({ encodings }) => encodings),
          items.length,
        ),
        statistics: some.map(({ statistics }) => statistics),
      }
    },
    async backward(gradient) {
      const length = gradient ? gradient.length / forwarded : 0
      const rows = Array.from({ length: forwarded }, (_, row) => row)
      await Promise.all(
        deal(rows).map((share, thread) => {
          if (share.length === 0) {
            // What this thread wrote for an earlier, larger batch is not part of this one's gradient.
            new Float32Array(buffers[thread]!).fill(0)
            return null
          }
          const theirs = gradient && new Float32Array(share.length * length)
          share.forEach((row, i) => {
            theirs?.set(gradient!.subarray(row * length, (row + 1) * length), i * length)
          })
          return call(thread, { method: 'backward', gradient: theirs })
        }),
      )
    },
    async stop() {
      await Promise.all(workers.map(({ stop }) => stop()))
    },
  }
}

interface Thread {
  /** One call at a time: the next message is its answer. */
  call(message: LearnerCall): Promise<unknown>
  stop(): Promise<unknown>
}

function startThread(setup: LearnerSetup): Thread {
  const worker = new Worker(join(import.meta.dirname, 'learner-thread.ts'), { workerData: setup })
  let waiting: PromiseWithResolvers<unknown> | null = null
  let failure: Error | null = null
  const fail = (error: Error): void => {
    failure ??= error
    waiting?.reject(failure)
  }
  worker.on('message', (answer: unknown) => waiting?.resolve(answer))
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('a thread of the training ended')))
  return {
    call(message) {
      waiting = Promise.withResolvers<unknown>()
      if (failure) waiting.reject(failure)
      else worker.postMessage(message)
      return waiting.promise
    },
    stop: () => worker.terminate(),
  }
}

/** Undoes the dealing: row i comes from thread i % threads. */
function interleave(parts: readonly Float32Array[], count: number): Float32Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0) / Math.max(1, count)
  const all = new Float32Array(count * length)
  for (let row = 0; row < count; row++) {
    const part = parts[row % parts.length]!
    const from = Math.floor(row / parts.length) * length
    all.set(part.subarray(from, from + length), row * length)
  }
  return all
}
