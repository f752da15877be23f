/**
 * Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3), with alpha divided by the window
 * as in Torch's SpatialCrossMapLRN: a tfjs kernel of our own on the WASM backend's heap (kernels/local-response-norm.ts).
 * The backend has none; put together from the operations that it has, the two layers of nn4.small2 took 3.1 ms, a fifth
 * of the whole network, and take 0.2 ms so.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import type { LayerOf } from './table.ts'

export type LocalResponseNormLayer = LayerOf<'localResponseNorm'>

const kernelName = 'LocalResponseNorm'

/** What build/kernels/kernels.wasm exports for it; arguments are documented there. */
interface NormExports {
  localResponseNorm(...args: number[]): void
}

/** Makes the kernel known to tfjs. */
export function registerLocalResponseNorm(kernels: WebAssembly.Exports): void {
  const { localResponseNorm: norm } = kernels as unknown as NormExports
  if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm')
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) =>
      run(norm, backend as BackendWasm, inputs.x!, attrs as unknown as LocalResponseNormLayer),
  })
}

/** @param x [batch, height, width, channels] */
export function localResponseNorm(x: tf.Tensor4D, layer: LocalResponseNormLayer): tf.Tensor {
  return tf.engine().runKernel(kernelName, { x }, { ...layer })
}

function run(
  norm: NormExports['localResponseNorm'],
  backend: BackendWasm,
  x: tf.TensorInfo,
  { window, alpha, k }: LocalResponseNormLayer,
): tf.TensorInfo {
  const [batch, height, width, channels] = x.shape as [number, number, number, number]
  const output = backend.makeOutput(x.shape, 'float32')
  const address = ({ dataId }: tf.TensorInfo): number => backend.dataIdMap.get(dataId).memoryOffset
  const squares = backend.wasm._malloc((channels + window) * 4)
  if (squares === 0) throw new Error('the WASM heap has no room for a normalisation')
  const pixels = batch * height * width
  norm(address(x), address(output), squares, pixels, channels, window, alpha / window, k)
  backend.wasm._free(squares)
  return output
}
