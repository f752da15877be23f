import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { startBackend, wasmHeapBytes } from '../../src/network/backend.ts'
import { channelsPerBlock, packedConv, packFilter } from '../../src/network/packed-conv.ts'
import type { Activation, ConvLayer, Padding } from '../../src/network/table.ts'
import { randomNumbers } from '../support/random.ts'

beforeAll(async () => startBackend((await nodeAssets()).backend))

const layer: ConvLayer = {
  op: 'conv',
  name: 'c',
  in: 4,
  out: 8,
  kernel: [3, 3],
  stride: 1,
  padding: 'same',
  activation: 'linear',
}

type Shape4D = [number, number, number, number]

interface Operands {
  readonly input: Float32Array
  readonly shape: Shape4D
  readonly filter: Float32Array
  readonly bias: Float32Array
}

function operandsFor(
  { kernel, in: channels, out }: ConvLayer,
  [batch, height, width]: readonly [number, number, number],
): Operands {
  return {
    input: randomNumbers(batch * height * width * channels, 1),
    shape: [batch, height, width, channels],
    filter: randomNumbers(kernel[0] * kernel[1] * channels * out, 2),
    bias: randomNumbers(out, 3),
  }
}

function runPacked(conv: ConvLayer, { input, shape, filter, bias }: Operands) {
  return tf.tidy(() => {
    const packed = tf.tensor1d(packFilter(filter, conv.out))
    const output = packedConv(tf.tensor4d(input, shape), packed, tf.tensor1d(bias), conv)
    return { shape: output.shape, values: output.dataSync() as Float32Array }
  })
}

/** Convolution as its definition has it, one product after the other, in float64. */
function runNaive(conv: ConvLayer, { input, shape, filter, bias }: Operands) {
  const [batch, height, width, channels] = shape
  const { out, stride, kernel, padding, activation } = conv
  const [kernelHeight, kernelWidth] = kernel
  const before = (size: number, kernelSize: number): [before: number, out: number] => {
    if (padding === 'valid') return [0, Math.floor((size - kernelSize) / stride) + 1]
    if (typeof padding === 'number') {
      return [padding, Math.floor((size + 2 * padding - kernelSize) / stride) + 1]
    }
    const outSize = Math.ceil(size / stride)
    const total = Math.max(0, (outSize - 1) * stride + kernelSize - size)
    return [Math.floor(total / 2), outSize]
  }
  const [top, outHeight] = before(height, kernelHeight)
  const [left, outWidth] = before(width, kernelWidth)
  const values: number[] = []
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        for (let o = 0; o < out; o++) {
          let sum = bias[o]!
          for (let ky = 0; ky < kernelHeight; ky++) {
            for (let kx = 0; kx < kernelWidth; kx++) {
              const row = y * stride + ky - top
              const column = x * stride + kx - left
              if (row < 0 || column < 0 || row >= height || column >= width) continue
              for (let c = 0; c < channels; c++) {
                const place = ((n * height + row) * width + column) * channels + c
                const weight = ((ky * kernelWidth + kx) * channels + c) * out + o
                sum += input[place]! * filter[weight]!
              }
            }
          }
          values.push(activate(sum, activation))
        }
      }
    }
  }
  return { shape: [batch, outHeight, outWidth, out], values: Float32Array.from(values) }
}

function activate(x: number, activation: Activation): number {
  if (activation === 'linear' || x >= 0) return x
  return activation === 'relu' ? 0 : 0.1 * x
}

function expectSame(conv: ConvLayer, size: readonly [number, number, number]): void {
  const operands = operandsFor(conv, size)
  const got = runPacked(conv, operands)
  const wanted = runNaive(conv, operands)
  expect(got.shape).toEqual(wanted.shape)
  const worst = got.values.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - wanted.values[i]!)),
    0,
  )
  expect(worst).toBeLessThan(2e-5)
}

describe('packFilter', () => {
  it('puts eight output channels side by side, block after block', () => {
    // Each number is place * 100 + output channel.
    const out = 2 * channelsPerBlock
    const filter = Float32Array.from(
      { length: 3 * out },
      (_, i) => Math.floor(i / out) * 100 + (i % out),
    )
    const eight = (first: number) => Array.from({ length: 8 }, (_, i) => first + i)
    expect([...packFilter(filter, out)]).toEqual(
      [0, 100, 200, 8, 108, 208].flatMap((first) => eight(first)),
    )
  })
})

describe('packedConv', () => {
  it.each<[Padding, number]>([
    ['valid', 1],
    ['valid', 2],
    ['same', 1],
    ['same', 2],
    [1, 1],
    [3, 2],
  ])('padding %s and stride %i give what the definition gives', (padding, stride) => {
    // Sizes even and odd, so that "same" pads one side more than the other in some.
    for (const [height, width] of [
      [3, 3],
      [5, 8],
      [8, 5],
      [6, 6],
    ] as const) {
      expectSame({ ...layer, padding, stride }, [1, height, width])
    }
  })

  it.each<[readonly [number, number]]>([[[1, 1]], [[2, 2]], [[7, 7]], [[1, 5]], [[5, 1]]])(
    'a kernel of %j gives what the definition gives',
    (kernel) => {
      expectSame({ ...layer, kernel }, [1, 8, 9])
      expectSame({ ...layer, kernel, padding: 'valid', stride: 2 }, [1, 8, 9])
    },
  )

  it.each([1, 2, 3, 4, 5, 7, 8])('%i input channels give what the definition gives', (channels) => {
    expectSame({ ...layer, in: channels }, [1, 4, 5])
  })

  it.each([8, 16, 24])('%i output channels give what the definition gives', (out) => {
    expectSame({ ...layer, out }, [1, 5, 5])
  })

  it('any number of pixels gives what the definition gives', () => {
    for (let width = 1; width <= 14; width++) {
      expectSame({ ...layer, kernel: [1, 1] }, [1, 1, width])
    }
  })

  it.each<Activation>(['linear', 'relu', 'leakyRelu'])('%s comes last', (activation) => {
    expectSame({ ...layer, activation }, [1, 6, 7])
  })

  it('pictures of one batch do not see each other', () => {
    expectSame(layer, [3, 5, 4])
    expectSame({ ...layer, padding: 'valid' }, [3, 5, 4])
  })

  it('a value that is not a number is not hidden by an activation', () => {
    for (const activation of ['linear', 'relu', 'leakyRelu'] as const) {
      const operands = operandsFor({ ...layer, activation }, [1, 3, 3])
      operands.input[0] = Number.NaN
      expect(runPacked({ ...layer, activation }, operands).values[0]).toBeNaN()
    }
  })

  it('agrees with tf.fused.conv2d', () => {
    const conv: ConvLayer = { ...layer, in: 16, out: 32, activation: 'relu' }
    const operands = operandsFor(conv, [2, 20, 18])
    const wanted = tf.tidy(() =>
      tf.fused
        .conv2d({
          x: tf.tensor4d(operands.input, operands.shape),
          filter: tf.tensor4d(operands.filter, [3, 3, 16, 32]),
          strides: 1,
          pad: 'same',
          bias: tf.tensor1d(operands.bias),
          activation: 'relu',
        })
        .dataSync(),
    )
    const got = runPacked(conv, operands).values
    const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0)
    expect(worst).toBeLessThan(5e-5)
  })

  it('leaves nothing behind on the heap', () => {
    const operands = operandsFor(layer, [1, 100, 100])
    runPacked(layer, operands)
    const { numTensors } = tf.memory()
    const heap = wasmHeapBytes()
    // 200 KB of scratch each: left behind, they would not fit into the heap of 16 MiB.
    for (let i = 0; i < 150; i++) runPacked(layer, operands)
    expect(tf.memory().numTensors).toBe(numTensors)
    expect(wasmHeapBytes()).toBe(heap)
  })
})
