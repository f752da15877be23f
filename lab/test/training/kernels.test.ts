/** Each kernel that training registers on the WASM backend, against tfjs's CPU backend or the definition. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { randomNumbers } from '../../../test/support/random.ts'
import {
  channelStatistics,
  scaleChannels,
  scaleChannelsGrad,
  scaleChannelsSums,
} from '../../training/backend/norm-kernels.ts'
import { responseNorm, responseNormGrad } from '../../training/backend/response-norm-kernels.ts'
import { startTrainBackend } from '../../training/backend/train-backend.ts'

beforeAll(startTrainBackend)

type Quad = [number, number, number, number]

/** The same on both backends; new tensors each time, since data does not move along. */
async function onBoth(compute: () => tf.Tensor): Promise<[wasm: Float32Array, cpu: Float32Array]> {
  const results: Float32Array[] = []
  for (const backend of ['wasm', 'cpu']) {
    await tf.setBackend(backend)
    results.push(tf.tidy(() => compute().dataSync().slice() as Float32Array))
  }
  await tf.setBackend('wasm')
  return results as [Float32Array, Float32Array]
}

function largestDifference(got: Float32Array, wanted: Float32Array): number {
  expect(got.length).toBe(wanted.length)
  return got.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0)
}

function draw(shape: number[], seed: number): tf.Tensor {
  const count = shape.reduce((product, side) => product * side, 1)
  return tf.tensor(randomNumbers(count, seed), shape)
}

describe.each<[Quad, Quad, number, 'same' | 'valid' | number]>([
  [[2, 7, 6, 3], [3, 3, 3, 8], 1, 'same'],
  [[2, 7, 6, 8], [3, 3, 8, 16], 2, 'same'],
  [[1, 8, 9, 4], [3, 3, 4, 5], 2, 'valid'],
  [[3, 8, 8, 16], [5, 5, 16, 8], 2, 2],
  [[3, 5, 7, 9], [1, 1, 9, 8], 1, 'valid'],
  [[2, 6, 6, 8], [1, 1, 8, 12], 2, 0],
  [[2, 12, 12, 3], [7, 7, 3, 24], 2, 3],
  [[9, 3, 3, 7], [3, 3, 7, 1], 1, 1],
])('a convolution of %j by %j, stride %i, padding %s', (input, filter, stride, pad) => {
  const x = () => draw(input, 1) as tf.Tensor4D
  const f = () => draw(filter, 2) as tf.Tensor4D
  const outShape = tf.backend_util.computeConv2DInfo(input, filter, stride, 1, pad).outShape
  const attrs = { strides: stride, pad, dataFormat: 'NHWC' }

  it('gives what the CPU backend gives', async () => {
    const [wasm, cpu] = await onBoth(() => tf.conv2d(x(), f(), stride, pad))
    expect(largestDifference(wasm, cpu)).toBeLessThan(2e-5)
    expect(Math.max(...wasm)).toBeGreaterThan(0.5)
  })

  it('has the gradient of the input that the CPU backend has', async () => {
    const [wasm, cpu] = await onBoth(() =>
      tf
        .engine()
        .runKernel<tf.Tensor>(
          'Conv2DBackpropInput',
          { dy: draw(outShape, 3), filter: f() },
          { ...attrs, inputShape: input },
        ),
    )
    expect(largestDifference(wasm, cpu)).toBeLessThan(2e-5)
  })

  it('has the gradient of the filter that the CPU backend has', async () => {
    const [wasm, cpu] = await onBoth(() =>
      tf
        .engine()
        .runKernel<tf.Tensor>(
          'Conv2DBackpropFilter',
          { x: x(), dy: draw(outShape, 3) },
          { ...attrs, filterShape: filter },
        ),
    )
    expect(largestDifference(wasm, cpu)).toBeLessThan(5e-5)
  })
})

describe('convolutions', () => {
  it('with more pixels than are worked on at once have the same gradient', async () => {
    const [wasm, cpu] = await onBoth(() =>
      tf
        .engine()
        .runKernel<tf.Tensor>(
          'Conv2DBackpropFilter',
          { x: draw([3, 17, 19, 6], 1), dy: draw([3, 17, 19, 8], 2) },
          { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 6, 8] },
        ),
    )
    expect(largestDifference(wasm, cpu)).toBeLessThan(2e-4)
  })

  it('with dilation are refused', () => {
    const [x, f] = [draw([1, 8, 8, 3], 1), draw([3, 3, 3, 8], 2)]
    expect(() => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 'same', 'NHWC', 2)).toThrow(
      'training convolves NHWC without dilation',
    )
  })
})

describe.each<[Quad, number, number, 'same' | 'valid' | number]>([
  [[2, 7, 6, 4], 3, 2, 1],
  [[1, 8, 8, 6], 3, 1, 'same'],
  [[2, 6, 6, 3], 2, 2, 'valid'],
  [[3, 12, 12, 8], 3, 3, 'valid'],
])('pooling of %j, window %i, stride %i, padding %s', (shape, size, stride, pad) => {
  const info = tf.backend_util.computePool2DInfo(shape, size, stride, 1, pad)
  const attrs = { filterSize: size, strides: stride, pad }

  it('by maximum has the gradient that the CPU backend has', async () => {
    const [wasm, cpu] = await onBoth(() => {
      const input = draw(shape, 1) as tf.Tensor4D
      const output = tf.maxPool(input, size, stride, pad)
      const dy = draw(info.outShape, 2)
      return tf.engine().runKernel<tf.Tensor>('MaxPoolGrad', { dy, input, output }, attrs)
    })
    expect(largestDifference(wasm, cpu)).toBeLessThan(1e-6)
  })

  it('by average has the gradient that the CPU backend has', async () => {
    const [wasm, cpu] = await onBoth(() =>
      tf
        .engine()
        .runKernel<tf.Tensor>(
          'AvgPoolGrad',
          { dy: draw(info.outShape, 2), input: draw(shape, 1) },
          attrs,
        ),
    )
    expect(largestDifference(wasm, cpu)).toBeLessThan(1e-6)
  })
})

it('of equal maxima the first one takes the gradient, as on the CPU backend', async () => {
  const [wasm, cpu] = await onBoth(() => {
    const input = tf.zeros<tf.Rank.R4>([1, 4, 4, 5])
    const output = tf.maxPool(input, 3, 1, 'valid')
    const dy = draw([1, 2, 2, 5], 2)
    const attrs = { filterSize: 3, strides: 1, pad: 'valid' }
    return tf.engine().runKernel<tf.Tensor>('MaxPoolGrad', { dy, input, output }, attrs)
  })
  expect(largestDifference(wasm, cpu)).toBe(0)
})

describe.each([3, 8, 18])('norms of %i channels', (channels) => {
  // More pixels than are summed in float32 at once.
  const shape = [2, 9, 11, channels]
  const perChannel = (seed: number) => randomNumbers(channels, seed)

  it('have the statistics that tf.moments gives', async () => {
    const { mean, variance } = channelStatistics(draw(shape, 1))
    await tf.setBackend('cpu')
    const wanted = tf.moments(draw(shape, 1), [0, 1, 2])
    expect(largestDifference(mean, wanted.mean.dataSync() as Float32Array)).toBeLessThan(1e-6)
    expect(largestDifference(variance, wanted.variance.dataSync() as Float32Array)).toBeLessThan(
      1e-6,
    )
    await tf.setBackend('wasm')
  })

  it.each(['linear', 'relu'] as const)(
    'scale, and sum and pass gradients, %s',
    async (activation) => {
      const [gain, shift] = [perChannel(2), perChannel(3)]
      const factors = [perChannel(5), perChannel(6), perChannel(7)] as const
      const y = scaleChannels(draw(shape, 1), gain, shift, activation)
      const { sum, product } = scaleChannelsSums(draw(shape, 4), y, draw(shape, 1), activation)
      const dx = scaleChannelsGrad(draw(shape, 4), y, draw(shape, 1), factors, activation)
      const got = [y.dataSync(), sum, product, dx.dataSync()] as Float32Array[]

      await tf.setBackend('cpu')
      const x = draw(shape, 1)
      const scaled = tf.add(tf.mul(x, tf.tensor1d(gain)), tf.tensor1d(shift))
      const wantedY = activation === 'relu' ? tf.relu(scaled) : scaled
      const passed =
        activation === 'relu'
          ? tf.mul(draw(shape, 4), tf.cast(tf.greater(scaled, 0), 'float32'))
          : draw(shape, 4)
      const [a, b, c] = factors.map((values) => tf.tensor1d(values)) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ]
      const wanted = [
        wantedY,
        tf.sum(passed, [0, 1, 2]),
        tf.sum(tf.mul(passed, x), [0, 1, 2]),
        tf.add(tf.add(tf.mul(passed, a), tf.mul(x, b)), c),
      ].map((tensor) => tensor.dataSync() as Float32Array)
      await tf.setBackend('wasm')
      got.forEach((values, i) => {
        expect(largestDifference(values, wanted[i]!)).toBeLessThan(2e-5)
      })
    },
  )
})

describe.each([3, 5])('local response normalisation with a window of %i', (window) => {
  const layer = {
    op: 'localResponseNorm',
    name: 'lrn',
    window,
    alpha: 0.3,
    beta: 0.75,
    k: 1,
  } as const
  const shape = [2, 3, 4, 7]
  // tfjs takes half the window, and alpha undivided.
  const [reach, alpha] = [(window - 1) / 2, layer.alpha / window]
  const onCpu = (x: tf.Tensor4D) => tf.localResponseNormalization(x, reach, 1, alpha, 0.75)

  it('gives what the CPU backend gives', async () => {
    const [output] = responseNorm(draw(shape, 1), layer)
    const got = output.dataSync() as Float32Array
    await tf.setBackend('cpu')
    const wanted = onCpu(draw(shape, 1) as tf.Tensor4D).dataSync() as Float32Array
    await tf.setBackend('wasm')
    expect(largestDifference(got, wanted)).toBeLessThan(1e-6)
  })

  it('has the gradient that the CPU backend has', async () => {
    const [, bases] = responseNorm(draw(shape, 1), layer)
    const got = responseNormGrad(draw(shape, 2), draw(shape, 1), bases, layer).dataSync()
    await tf.setBackend('cpu')
    const x = draw(shape, 1) as tf.Tensor4D
    const attrs = { depthRadius: reach, bias: 1, alpha, beta: 0.75 }
    const wanted = tf
      .engine()
      .runKernel<tf.Tensor>('LRNGrad', { x, y: onCpu(x), dy: draw(shape, 2) }, attrs)
      .dataSync()
    await tf.setBackend('wasm')
    expect(largestDifference(got as Float32Array, wanted as Float32Array)).toBeLessThan(1e-6)
  })
})

it('leaves nothing behind on the heap', () => {
  const before = tf.memory().numTensors
  tf.tidy(() => {
    for (let i = 0; i < 5; i++) {
      tf.conv2d(draw([1, 8, 8, 3], 1) as tf.Tensor4D, draw([3, 3, 3, 8], 2) as tf.Tensor4D, 1, 1)
    }
  })
  channelStatistics(tf.tidy(() => draw([4, 4], 1))).mean.at(0)
  expect(tf.memory().numTensors).toBe(before + 1)
})
