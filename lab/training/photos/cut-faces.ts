/**
 * Photos -> aligned squares around the face, on all cores, in the order of the photos: the same stages as for an encoding,
 * up to the chip, with a margin around it so that training can shift it.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Squares } from './augment.ts'

export interface CutJob {
  /** Encoder that the chips are for; its alignment is taken. */
  readonly encoder: string
  readonly squares: Squares
}

export interface CutFace {
  readonly file: string
  /** [side, side, 3] with side = size + 2 * margin, or why there is none. */
  readonly square: Uint8Array | { readonly error: string }
}

/** Fewer photos than this are not worth loading the networks in another thread. */
const minPhotosPerThread = 8

export async function cutFaces(
  files: readonly string[],
  job: CutJob,
  onFace: (face: CutFace, index: number) => void,
): Promise<void> {
  let next = 0
  const threads = Math.min(availableParallelism(), Math.ceil(files.length / minPhotosPerThread))
  const runThread = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(join(import.meta.dirname, 'cut-faces-thread.ts'), {
        workerData: job,
      })
      worker.on('error', reject)
      worker.on('message', (message: { index: number; face: CutFace } | 'ready') => {
        if (message !== 'ready') onFace(message.face, message.index)
        if (next >= files.length) worker.terminate().then(() => resolve(), reject)
        else worker.postMessage({ index: next, file: files[next++] })
      })
    })
  await Promise.all(Array.from({ length: threads }, runThread))
}
