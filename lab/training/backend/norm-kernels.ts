/**
 * What follows a convolution, for training on tfjs's WASM backend: statistics of each channel, x * gain + shift with an
 * activation, and the sums and products that its gradient is made of. One pass over the numbers each, where tfjs's
 * batch normalisation would take a dozen.
 */

import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { addressOf, type TrainExports, withScratch } from './heap.ts'

/** Activations that training knows; both networks that encode faces use no others. */
export type TrainedActivation = 'linear' | 'relu'

export function registerNormKernels(kernels: TrainExports): void {
  const register = (
    kernelName: string,
    run: (
      backend: BackendWasm,
      address: (input: string) => number,
      size: { pixels: number; channels: number; relu: number },
      shape: number[],
    ) => tf.TensorInfo | tf.TensorInfo[],
  ): void =>
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs, backend }) => {
        const { shape } = inputs.x!
        const channels = shape.at(-1)!
        const pixels = shape.reduce((product, side) => product * side, 1) / channels
        const wasm = backend as BackendWasm
        const relu = attrs?.activation === 'relu' ? 1 : 0
        return run(
          wasm,
          (input) => addressOf(wasm, inputs[input]!),
          { pixels, channels, relu },
          shape,
        )
      },
    })
  register('ChannelStatistics', (backend, address, { pixels, channels }) => {
    const means = backend.makeOutput([channels], 'float32')
    const variances = backend.makeOutput([channels], 'float32')
    withScratch(backend, channels * 12, (sums) => {
      const to = addressOf(backend, means)
      kernels.channelMeans(address('x'), to, sums, pixels, channels)
      kernels.channelVariances(
        address('x'),
        to,
        addressOf(backend, variances),
        sums,
        pixels,
        channels,
      )
    })
    return [means, variances]
  })
  register('ScaleChannels', (backend, address, { pixels, channels, relu }, shape) => {
    const y = backend.makeOutput(shape, 'float32')
    const to = addressOf(backend, y)
    kernels.scale(address('x'), address('gain'), address('shift'), to, pixels, channels, relu)
    return y
  })
  register('ScaleChannelsSums', (backend, address, { pixels, channels, relu }) => {
    const sums = backend.makeOutput([channels], 'float32')
    const products = backend.makeOutput([channels], 'float32')
    withScratch(backend, channels * 24, (scratch) => {
      const [dy, y, x] = [address('dy'), address('y'), address('x')]
      const second = scratch + channels * 8
      const narrow = second + channels * 8
      kernels.scaleSums(dy, y, x, scratch, second, narrow, pixels, channels, relu)
      const wide = new Float64Array(backend.wasm.HEAPU8.buffer, scratch, channels * 2)
      backend.typedArrayFromHeap(sums).set(wide.subarray(0, channels))
      backend.typedArrayFromHeap(products).set(wide.subarray(channels))
    })
    return [sums, products]
  })
  register('ScaleChannelsGrad', (backend, address, { pixels, channels, relu }, shape) => {
    const dx = backend.makeOutput(shape, 'float32')
    const [dy, y, x, a, b, c] = ['dy', 'y', 'x', 'a', 'b', 'c'].map(address) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    kernels.scaleGradient(dy, y, x, a, b, c, addressOf(backend, dx), pixels, channels, relu)
    return dx
  })
}

/**
 * @param x [..., channels]
 * @returns mean and biased variance of each channel
 */
export function channelStatistics(x: tf.Tensor): { mean: Float32Array; variance: Float32Array } {
  return tf.tidy(() => {
    const [mean, variance] = run<tf.Tensor[]>('ChannelStatistics', { x }, {}) as [
      tf.Tensor,
      tf.Tensor,
    ]
    return {
      mean: mean.dataSync() as Float32Array,
      variance: variance.dataSync() as Float32Array,
    }
  })
}

/** activation(x * gain + shift), gain and shift [channels]. */
export function scaleChannels(
  x: tf.Tensor,
  gain: Float32Array,
  shift: Float32Array,
  activation: TrainedActivation,
): tf.Tensor {
  return tf.tidy(() =>
    run<tf.Tensor>(
      'ScaleChannels',
      { x, gain: tf.tensor1d(gain), shift: tf.tensor1d(shift) },
      { activation },
    ),
  )
}

/** Per channel: the sum of the gradient that passed the activation, and of its products with x. */
export function scaleChannelsSums(
  dy: tf.Tensor,
  y: tf.Tensor,
  x: tf.Tensor,
  activation: TrainedActivation,
): { sum: Float32Array; product: Float32Array } {
  return tf.tidy(() => {
    const [sum, product] = run<tf.Tensor[]>('ScaleChannelsSums', { dy, y, x }, { activation }) as [
      tf.Tensor,
      tf.Tensor,
    ]
    return { sum: sum.dataSync() as Float32Array, product: product.dataSync() as Float32Array }
  })
}

/** g * a + x * b + c per channel, where g is the gradient that passed the activation. */
export function scaleChannelsGrad(
  dy: tf.Tensor,
  y: tf.Tensor,
  x: tf.Tensor,
  [a, b, c]: readonly [Float32Array, Float32Array, Float32Array],
  activation: TrainedActivation,
): tf.Tensor {
  return tf.tidy(() =>
    run<tf.Tensor>(
      'ScaleChannelsGrad',
      { dy, y, x, a: tf.tensor1d(a), b: tf.tensor1d(b), c: tf.tensor1d(c) },
      { activation },
    ),
  )
}

function run<T extends tf.Tensor | tf.Tensor[]>(
  kernelName: string,
  inputs: tf.NamedTensorMap,
  attrs: tf.NamedAttrMap,
): T {
  return tf.engine().runKernel(kernelName, inputs, attrs)
}
