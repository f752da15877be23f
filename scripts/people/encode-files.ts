/** Encodes many photos without a server, on all cores; results come in the order of the photos. */

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { EncodeOptions } from '../../src/engine/pipeline.ts'
import type { FaceReport } from '../../src/engine/stages/face-report.ts'
import type { ErrorCode } from '../../src/errors/error-table.ts'
import type { Quality } from '../../src/face/quality.ts'
import type { Suspicion } from '../../src/gate/judge-face.ts'
import type { Measures } from '../../src/gate/rule.ts'

export interface EncodeJob {
  readonly index: number
  readonly file: string
}

export interface EncodeFileOptions extends EncodeOptions {
  /** 'none': every photo is the encoder's input as it is, and no face is looked for; 'face' unless given. */
  readonly align?: 'face' | 'none'
}

export type EncodedFile =
  | {
      readonly file: string
      /** With `mirror` averaged with the mirror image's. */
      readonly encoding: readonly number[]
      /** Of the photo as it is; with `mirror` only. */
      readonly single?: readonly number[]
      /** Absent without alignment, and quality with it. */
      readonly face?: FaceReport
      readonly quality?: Quality
      /** Quality, and all else that the gate judges by. */
      readonly measures?: Measures
      /** For a purpose only. */
      readonly suspicion?: Suspicion
      readonly model: string
    }
  | { readonly file: string; readonly error: { readonly code: ErrorCode; readonly detail: string } }

type Message = { readonly ready: true } | { readonly index: number; readonly result: EncodedFile }

/** Fewer photos than this are not worth loading the networks in another thread. */
const minPhotosPerThread = 4

/** @param onResult called one after the other; while it works, threads that are done wait, so that results never pile up */
export async function encodeFiles(
  files: readonly string[],
  options: EncodeFileOptions,
  onResult: (result: EncodedFile) => void | Promise<void>,
): Promise<void> {
  const early = new Map<number, EncodedFile>()
  let next = 0
  let reported = 0
  let reporting = Promise.resolve()
  async function reportInOrder(): Promise<void> {
    for (let result = early.get(reported); result; result = early.get(reported)) {
      early.delete(reported++)
      await onResult(result)
    }
  }
  const threads = Math.min(availableParallelism(), Math.ceil(files.length / minPhotosPerThread))
  const runThread = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(join(import.meta.dirname, 'encode-worker.ts'), {
        workerData: options,
      })
      const fail = (error: unknown): void => {
        worker.terminate().then(() => reject(error), reject)
      }
      worker.on('error', reject)
      worker.on('message', (message: Message) => {
        if ('result' in message) early.set(message.index, message.result)
        reporting = reporting.then(reportInOrder)
        reporting.then(() => {
          if (next >= files.length) worker.terminate().then(() => resolve(), reject)
          else worker.postMessage({ index: next, file: files[next++] })
        }, fail)
      })
    })
  await Promise.all(Array.from({ length: threads }, runThread))
}
