/** The heap of tfjs's WASM backend, as the training kernels work on it: what they export, where tensors lie, room for a while. */

import type * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'

/** The exports of build/kernels/train.wasm; arguments are documented in kernels/. */
export type TrainExports = Readonly<
  Record<
    | 'place'
    | 'findStarts'
    | 'pack'
    | 'packTurned'
    | 'narrow'
    | 'convolve'
    | 'filterGradient'
    | 'channelMeans'
    | 'channelVariances'
    | 'scale'
    | 'scaleSums'
    | 'scaleGradient'
    | 'responseNorm'
    | 'responseNormGradient'
    | 'maxPoolGradient',
    (...args: number[]) => void
  >
>

/** Address of a tensor's first number on the heap. */
export function addressOf(backend: BackendWasm, tensor: tf.TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset
}

/** Memory for as long as `use` runs. */
export function withScratch(
  backend: BackendWasm,
  bytes: number,
  use: (address: number) => void,
): void {
  // Unsigned: the heap may be larger than 2 GiB.
  const address = backend.wasm._malloc(bytes) >>> 0
  if (address === 0)
    throw new Error(`the WASM heap has no room for ${bytes} bytes; use a smaller batch`)
  try {
    use(address)
  } finally {
    backend.wasm._free(address)
  }
}
