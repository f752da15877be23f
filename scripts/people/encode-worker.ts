/** One thread of the pool in encode-files.ts: loads the engine once, then answers each file with one result. */

import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { encodeUnaligned } from '../../src/engine/encode-unaligned.ts'
import { createEngine, loadModels } from '../../src/engine/face-engine.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { nodeAssets } from '../setup/node-engine.ts'
import type { EncodedFile, EncodeFileOptions, EncodeJob } from './encode-files.ts'

const models = await loadModels(await nodeAssets())
const engine = createEngine(models)
const { align, ...options }: EncodeFileOptions = workerData

async function encodeFile(file: string): Promise<EncodedFile> {
  try {
    const photo = new Uint8Array(await readFile(file))
    if (align === 'none') {
      const encoding = await encodeUnaligned(models, photo, options.mirror)
      return { file, encoding: Array.from(encoding), model: engine.model }
    }
    const encoded = await engine.encode(photo, options)
    const { encoding, single, face, quality, measures, suspicion } = encoded
    return {
      file,
      encoding: Array.from(encoding),
      ...(single ? { single: Array.from(single) } : {}),
      face,
      quality,
      measures,
      suspicion,
      model: engine.model,
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : `${error}`
    return { file, error: { code: error instanceof FaceError ? error.code : 'internal', detail } }
  }
}

parentPort?.on('message', async ({ index, file }: EncodeJob) => {
  parentPort?.postMessage({ index, result: await encodeFile(file) })
})
parentPort?.postMessage({ ready: true })
