/**
 * Local response normalisation with its gradient, for training on tfjs's WASM backend, in one pass each. The formula is
 * that of the layer in src/network/table.ts.
 */

import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { LocalResponseNormLayer } from '../../../src/network/local-response-norm.ts'
import { addressOf, type TrainExports, withScratch } from './heap.ts'

interface Attrs {
  readonly reach: number
  readonly k: number
  readonly share: number
}

export function registerResponseNormKernels(kernels: TrainExports): void {
  tf.registerKernel({
    kernelName: 'ResponseNorm',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const wasm = backend as BackendWasm
      const { reach, k, share } = attrs as unknown as Attrs
      const { shape } = inputs.x!
      const y = wasm.makeOutput(shape, 'float32')
      const bases = wasm.makeOutput(shape, 'float32')
      const [x, to, s] = [inputs.x!, y, bases].map((tensor) => addressOf(wasm, tensor)) as Three
      const { pixels, channels } = sizeOf(shape)
      kernels.responseNorm(x, to, s, pixels, channels, reach, k, share)
      return [y, bases]
    },
  })
  tf.registerKernel({
    kernelName: 'ResponseNormGrad',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const wasm = backend as BackendWasm
      const { reach, share } = attrs as unknown as Attrs
      const { shape } = inputs.x!
      const dx = wasm.makeOutput(shape, 'float32')
      const [dy, x, s] = [inputs.dy!, inputs.x!, inputs.bases!].map((tensor) =>
        addressOf(wasm, tensor),
      ) as Three
      const { pixels, channels } = sizeOf(shape)
      withScratch(wasm, channels * 4, (scratch) => {
        const to = addressOf(wasm, dx)
        kernels.responseNormGradient(dy, x, s, to, scratch, pixels, channels, reach, share)
      })
      return dx
    },
  })
}

type Three = [number, number, number]

/** @returns the normalised numbers, and the bases of the powers, which the gradient wants */
export function responseNorm(
  x: tf.Tensor,
  layer: LocalResponseNormLayer,
): [output: tf.Tensor, bases: tf.Tensor] {
  return tf.engine().runKernel('ResponseNorm', { x }, { ...attrsOf(layer) })
}

export function responseNormGrad(
  dy: tf.Tensor,
  x: tf.Tensor,
  bases: tf.Tensor,
  layer: LocalResponseNormLayer,
): tf.Tensor {
  return tf.engine().runKernel('ResponseNormGrad', { dy, x, bases }, { ...attrsOf(layer) })
}

function attrsOf({ window, alpha, k }: LocalResponseNormLayer): Attrs {
  return { reach: (window - 1) / 2, k, share: alpha / window }
}

function sizeOf(shape: readonly number[]): { pixels: number; channels: number } {
  const channels = shape.at(-1)!
  return { pixels: shape.reduce((product, side) => product * side, 1) / channels, channels }
}
