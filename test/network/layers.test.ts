import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { startBackend } from '../../src/network/backend.ts'
import { applyLayer } from '../../src/network/layers.ts'
import type { LocalResponseNormLayer } from '../../src/network/local-response-norm.ts'
import type { DepthwiseLayer, Layer } from '../../src/network/table.ts'
import { randomNumbers } from '../support/random.ts'

beforeAll(async () => startBackend((await nodeAssets()).backend))

/** What a layer without weights makes of its inputs, and that it leaves no tensor behind. */
function apply(layer: Layer, ...inputs: [shape: number[], values: ArrayLike<number>][]) {
  const before = tf.memory().numTensors
  const result = tf.tidy(() => {
    const tensors = inputs.map(([shape, values]) => tf.tensor(Float32Array.from(values), shape))
    const output = applyLayer(layer, tensors, undefined)
    return { shape: output.shape, values: [...(output.dataSync() as Float32Array)] }
  })
  expect(tf.memory().numTensors).toBe(before)
  return result
}

describe('relu and prelu', () => {
  it('relu makes what is negative 0', () => {
    const { values } = apply({ op: 'relu', name: 'r' }, [
      [1, 3],
      [-2, 0, 5],
    ])
    expect(values).toEqual([0, 0, 5])
  })

  it('prelu multiplies what is negative by the slope of its channel', () => {
    const layer: Layer = { op: 'prelu', name: 'p', channels: 3 }
    const values = tf.tidy(() => {
      const x = tf.tensor4d([-2, -2, -2, 4, 4, -1], [1, 1, 2, 3])
      const slopes = tf.tensor1d([0.5, -3, 0])
      return [...(applyLayer(layer, [x], { filter: slopes }).dataSync() as Float32Array)]
    })
    values.forEach((value, i) => {
      expect(value).toBeCloseTo([-1, 6, 0, 4, 4, 0][i]!, 6)
    })
  })
})

describe('enlarge', () => {
  it('reads bilinearly between the centres of pixels, as plain tfjs does', () => {
    const layer: Layer = { op: 'enlarge', name: 'e', factor: 2 }
    const { shape, values } = apply(layer, [
      [1, 1, 2, 1],
      [0, 4],
    ])
    expect(shape).toEqual([1, 2, 4, 1])
    expect(values).toEqual([0, 1, 3, 4, 0, 1, 3, 4])
    const numbers = randomNumbers(2 * 5 * 3 * 4, 9)
    const wanted = tf.tidy(() =>
      tf.image.resizeBilinear(tf.tensor4d(numbers, [2, 5, 3, 4]), [15, 9], false, true).dataSync(),
    )
    const larger = apply({ ...layer, factor: 3 }, [[2, 5, 3, 4], numbers])
    expect(larger.shape).toEqual([2, 15, 9, 4])
    larger.values.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 5)
    })
  })
})

describe('gate', () => {
  it('multiplies each channel of each picture by the sigmoid of its own gate', () => {
    const layer: Layer = { op: 'gate', name: 'g', from: ['picture', 'gates'] }
    const { shape, values } = apply(
      layer,
      [
        [2, 1, 2, 2],
        [1, 2, 3, 4, 5, 6, 7, 8],
      ],
      [
        [2, 2],
        [0, 100, -100, Math.log(3)],
      ],
    )
    expect(shape).toEqual([2, 1, 2, 2])
    ;[0.5, 2, 1.5, 4, 0, 4.5, 0, 6].forEach((wanted, i) => {
      expect(values[i]).toBeCloseTo(wanted, 6)
    })
  })
})

describe('depthwise', () => {
  const layer: DepthwiseLayer = {
    op: 'depthwise',
    name: 'd',
    channels: 2,
    kernel: [2, 2],
    stride: 2,
    padding: 1,
    bias: true,
  }

  it('filters each channel by its own, pads by a number, and adds the bias', () => {
    const { shape, values } = tf.tidy(() => {
      const x = tf.tensor4d([1, 10, 2, 20, 3, 30, 4, 40], [1, 2, 2, 2])
      // [height, width, channel]: the first channel takes the lower right pixel, the second all four.
      const filter = tf.tensor4d([0, 1, 0, 1, 0, 1, 1, 1], [2, 2, 2, 1])
      const output = applyLayer(layer, [x], { filter, bias: tf.tensor1d([0.5, -1]) })
      return { shape: output.shape, values: [...(output.dataSync() as Float32Array)] }
    })
    expect(shape).toEqual([1, 2, 2, 2])
    // Windows begin at -1 and 1: each sees one pixel of the picture.
    expect(values).toEqual([1.5, 9, 0.5, 19, 0.5, 29, 0.5, 39])
  })
})

describe('concat', () => {
  it('puts channels one behind the other, in the order of `from`', () => {
    const layer: Layer = { op: 'concat', name: 'c', from: ['a', 'b'] }
    const first: [number[], number[]] = [
      [1, 1, 2, 2],
      [1, 2, 3, 4],
    ]
    expect(
      apply(layer, first, [
        [1, 1, 2, 1],
        [5, 6],
      ]),
    ).toEqual({
      shape: [1, 1, 2, 3],
      values: [1, 2, 5, 3, 4, 6],
    })
  })
})

describe('surroundWithZeros', () => {
  it('adds rows and columns, `before` above and left, `after` below and right', () => {
    const layer: Layer = { op: 'surroundWithZeros', name: 'z', before: 1, after: 2 }
    expect(
      apply(layer, [
        [1, 1, 1, 2],
        [7, 8],
      ]),
    ).toEqual({
      shape: [1, 4, 4, 2],
      values: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 8, ...new Array<number>(20).fill(0)],
    })
  })
})

describe('l2Pool', () => {
  it('is the root of the sum of squares, and leaves out what fills no window', () => {
    const layer: Layer = { op: 'l2Pool', name: 'p', size: 2, stride: 2 }
    const picture = [1, -1, 9, 3, 5, 9, 9, 9, 9]
    expect(apply(layer, [[1, 3, 3, 1], picture])).toEqual({ shape: [1, 1, 1, 1], values: [6] })
  })
})

describe('localResponseNorm', () => {
  const layer: LocalResponseNormLayer = {
    op: 'localResponseNorm',
    name: 'n',
    window: 5,
    alpha: 1e-4,
    beta: 0.75,
    k: 1,
  }

  it('divides alpha by the window: 200 / (1 + 1e-4 / 5 * 200^2)^0.75', () => {
    const { values } = apply(layer, [[1, 1, 1, 1], [200]])
    expect(values[0]).toBeCloseTo(200 / 1.8 ** 0.75, 3)
  })

  it('looks two channels to either side and no further', () => {
    const { values } = apply({ ...layer, alpha: 5 }, [
      [1, 1, 1, 7],
      [1, 0, 0, 1, 0, 0, 2],
    ])
    const wanted = [1 / 2 ** 0.75, 0, 0, 1 / 2 ** 0.75, 0, 0, 2 / 5 ** 0.75]
    values.forEach((value, c) => {
      expect(value).toBeCloseTo(wanted[c]!, 6)
    })
  })

  it.each([
    [1, 3, 2, 64, 5],
    [2, 2, 3, 192, 5],
    [2, 1, 4, 7, 3],
    [1, 2, 2, 3, 5],
    [3, 1, 1, 1, 1],
  ])('is as its definition, %i pictures of %i x %i x %i, window %i', (...sizes) => {
    const [batch, height, width, channels, window] = sizes
    const input = randomNumbers(batch * height * width * channels, 4).map((value) => value * 9)
    const made = { ...layer, window, alpha: 0.1, k: 2 }
    const { shape, values } = apply(made, [[batch, height, width, channels], input])
    expect(shape).toEqual([batch, height, width, channels])
    const reach = (window - 1) / 2
    values.forEach((value, i) => {
      const channel = i % channels
      let sum = 0
      for (let c = channel - reach; c <= channel + reach; c++) {
        if (c >= 0 && c < channels) sum += input[i - channel + c]! ** 2
      }
      expect(value).toBeCloseTo(input[i]! / (2 + (0.1 / window) * sum) ** 0.75, 5)
    })
  })
})

describe('l2Normalise', () => {
  const layer: Layer = { op: 'l2Normalise', name: 'u' }

  it('gives each vector of a batch length 1', () => {
    const { shape, values } = apply(layer, [
      [2, 2],
      [3, -4, 0, 1e-3],
    ])
    expect(shape).toEqual([2, 2])
    ;[0.6, -0.8, 0, 1].forEach((wanted, i) => {
      expect(values[i]).toBeCloseTo(wanted, 6)
    })
  })

  it('makes zeros NaN, which never match, and no vector', () => {
    expect(
      apply(layer, [
        [1, 2],
        [0, 0],
      ]).values,
    ).toEqual([Number.NaN, Number.NaN])
  })
})
