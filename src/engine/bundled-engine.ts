/** The engine from what is bundled with the Worker: WASM modules and packed weights, all imported statically. */

import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'
import webpModule from 'wasm-webp/dist/esm/webp-wasm.wasm'
import gallery from '../../build/kernels/gallery.wasm'
import averages from '../../build/kernels/image.wasm'
import jpeg from '../../build/kernels/jpeg.wasm'
import kernels from '../../build/kernels/kernels.wasm'
import knownEncoding from '../../build/known-face/encoding.json'
import knownPhoto from '../../build/known-face/photo.bin'
import { bundledEncoder, bundledNetworks } from '../../build/shards/bundle.ts'
import { distance } from '../encoding/distance.ts'
import type { EncodingSource } from '../encoding/encoding.ts'
import { livenessParts } from '../face/liveness.ts'
import type { EngineKind } from '../network/engine-kind.ts'
import { modelName } from '../network/load.ts'
import { encodingLengthOf } from './encoders.ts'
import { createEngine, type EngineAssets, type FaceEngine, loadModels } from './face-engine.ts'
import { pipelineModel, pipelineNetworks } from './pipeline-model.ts'

export const bundledAssets: EngineAssets = {
  codecs: { jpeg, webp: webpModule },
  backend: { simd, kernels },
  averages,
  encoder: bundledEncoder,
  hasLiveness: livenessParts.every(({ table }) => table.name in bundledNetworks),
  packedNetwork({ name }) {
    const bundled = bundledNetworks[name]
    if (!bundled) throw new Error(`${name} is not in the bundle; run "npm run pack"`)
    return { index: bundled.index, readShardFile: (file) => bundled.files[file]! }
  },
}

/** The scan of galleries. */
export const galleryKernel: WebAssembly.Module = gallery

/** The model that runs and the length of its encodings, known without loading it. */
export function bundledSource(): EncodingSource {
  const networks = pipelineNetworks(bundledEncoder).map(({ name }) => {
    const bundled = bundledNetworks[name]
    if (!bundled) throw new Error(`${name} is not in the bundle; run "npm run pack"`)
    return modelName(bundled.index)
  })
  return {
    model: pipelineModel(bundledEncoder, networks),
    encodingLength: encodingLengthOf(bundledEncoder.parts[0].table),
  }
}

/** The length of an encoding as a vector, of the face that is bundled: that of other faces is within a third of it. */
export function bundledNorm(): number {
  return Math.hypot(...knownEncoding)
}

/** Rejects when a shard is damaged or the backend does not start; it may then be called again. */
export async function loadBundledEngine(kind: EngineKind): Promise<FaceEngine> {
  const models = await loadModels({ ...bundledAssets, kind })
  // The weights are on the backend now; the bundled copies would occupy memory for the life of the isolate.
  for (const { files } of Object.values(bundledNetworks)) {
    for (const file of Object.values(files)) file.transfer(0)
  }
  return createEngine(models)
}

/**
 * Largest distance between the known face's encoding here and where the weights were packed: none on plans, which give the same
 * bits on every processor, in Node as in workerd.
 */
const maxDrift = { plan: 0, stock: 1e-3 } as const satisfies Record<EngineKind, number>

/** Encodes the known face that is bundled. Rejects when the encoding differs from the one recorded when the weights were packed. */
export async function checkHealth(engine: FaceEngine): Promise<void> {
  const { encoding } = await engine.encode(new Uint8Array(knownPhoto), {
    mirror: false,
    faces: 'only',
  })
  const drift = distance(encoding, Float32Array.from(knownEncoding))
  if (!(drift <= maxDrift[engine.runsOn]))
    throw new Error(`the known face is ${drift} away from its encoding`)
}
