import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { startBackend } from '../../src/network/backend.ts'
import { foldLayer, toCsvOrder, toTfjsOrder } from '../../src/network/fold.ts'
import {
  type ConvLayer,
  csvTensorsOf,
  type DenseLayer,
  type DepthwiseLayer,
  filterShape,
} from '../../src/network/table.ts'
import { randomNumbers } from '../support/random.ts'

const point: ConvLayer = {
  op: 'conv',
  name: 'c',
  in: 1,
  out: 2,
  kernel: [1, 1],
  stride: 1,
  padding: 'valid',
  activation: 'linear',
}
const pointTensors = [
  ['c_w', Float32Array.of(3, 5)],
  ['c_b', Float32Array.of(10, 20)],
] as const

describe('foldLayer', () => {
  it('leaves a convolution without norm as it is', () => {
    expect(foldLayer(point, new Map(pointTensors))).toEqual({
      filter: Float32Array.of(3, 5),
      gain: Float32Array.of(1, 1),
      bias: Float32Array.of(10, 20),
    })
  })

  it('folds a scale: (w x + b) s + t = s w x + (b s + t)', () => {
    const layer: ConvLayer = { ...point, norm: { kind: 'scale', name: 'n' } }
    const csv = new Map([
      ...pointTensors,
      ['n_w', Float32Array.of(2, -4)],
      ['n_b', Float32Array.of(0.5, 1)],
    ])
    expect(foldLayer(layer, csv)).toEqual({
      filter: Float32Array.of(3, 5),
      gain: Float32Array.of(2, -4),
      bias: Float32Array.of(20.5, -79),
    })
  })

  it('folds a batch normalisation: s (w x + b - mean) / sqrt(variance + epsilon) + t', () => {
    const layer: ConvLayer = { ...point, norm: { kind: 'batchNorm', name: 'n', epsilon: 1 } }
    const csv = new Map([
      ...pointTensors,
      ['n_w', Float32Array.of(6, 8)],
      ['n_b', Float32Array.of(1, 2)],
      ['n_m', Float32Array.of(4, 30)],
      ['n_v', Float32Array.of(8, 15)],
    ])
    expect(foldLayer(layer, csv)).toEqual({
      filter: Float32Array.of(3, 5),
      gain: Float32Array.of(2, 2),
      bias: Float32Array.of(13, -18),
    })
  })

  it('keeps the bias of a depthwise convolution, and the slopes of a prelu as they are', () => {
    const depthwise: DepthwiseLayer = {
      op: 'depthwise',
      name: 'c',
      channels: 2,
      kernel: [1, 1],
      stride: 1,
      padding: 1,
      bias: true,
    }
    expect(foldLayer(depthwise, new Map(pointTensors))).toEqual({
      filter: Float32Array.of(3, 5),
      gain: Float32Array.of(1, 1),
      bias: Float32Array.of(10, 20),
    })
    const slopes = new Map([['p_w', Float32Array.of(0.25, -1)]])
    expect(foldLayer({ op: 'prelu', name: 'p', channels: 2 }, slopes)).toEqual({
      filter: Float32Array.of(0.25, -1),
      gain: Float32Array.of(1, 1),
      bias: null,
    })
  })

  it('has no bias where the layer has none', () => {
    const depthwise: DepthwiseLayer = {
      op: 'depthwise',
      name: 'd',
      channels: 2,
      kernel: [1, 1],
      stride: 1,
      padding: 'same',
    }
    const dense: DenseLayer = { op: 'dense', name: 'd', in: 1, out: 2, bias: false }
    for (const layer of [depthwise, dense]) {
      expect(foldLayer(layer, new Map([['d_w', Float32Array.of(3, 5)]]))).toEqual({
        filter: Float32Array.of(3, 5),
        gain: Float32Array.of(1, 1),
        bias: null,
      })
    }
  })

  it('names a tensor that is absent', () => {
    expect(() => foldLayer(point, new Map([pointTensors[0]]))).toThrow('the tensor c_b is absent')
  })
})

describe('a folded convolution', () => {
  beforeAll(async () => startBackend((await nodeAssets()).backend))

  it.each([
    ['scale', { kind: 'scale', name: 'n' }],
    ['batch normalisation', { kind: 'batchNorm', name: 'n', epsilon: 1e-3 }],
  ] as const)('with %s gives what the ops one after the other give', (_, norm) => {
    const layer: ConvLayer = { ...point, in: 5, out: 6, kernel: [3, 2], norm }
    const csv = new Map(
      csvTensorsOf(layer).map(({ name, shape }, seed) => {
        const values = randomNumbers(
          shape.reduce((product, side) => product * side, 1),
          seed,
        )
        // A variance is positive.
        return [name, name === 'n_v' ? values.map((value) => value + 1.1) : values]
      }),
    )
    const difference = tf.tidy(() => {
      const x = tf.tensor4d(randomNumbers(2 * 7 * 6 * 5, 99), [2, 7, 6, 5])
      const tensor = (name: string): tf.Tensor => tf.tensor(csv.get(name)!)
      const csvFilter = tf.tensor4d(csv.get('c_w')!, [6, 5, 3, 2])
      const filter = tf.transpose(csvFilter, [2, 3, 1, 0])
      const sum = tf.add(tf.conv2d(x, filter, 1, 'valid'), tensor('c_b'))
      const normed =
        norm.kind === 'scale'
          ? sum
          : tf.div(
              tf.sub(sum, tensor('n_m')),
              tf.sqrt(tf.add(tensor('n_v'), tf.scalar(norm.epsilon))),
            )
      const wanted = tf.add(tf.mul(normed, tensor('n_w')), tensor('n_b'))

      const folded = foldLayer(layer, csv)
      const gained = folded.filter.map((value, i) => value * folded.gain[i % 6]!)
      const shape = filterShape(layer) as [number, number, number, number]
      const got = tf.add(tf.conv2d(x, tf.tensor4d(gained, shape), 1, 'valid'), [...folded.bias!])
      return tf.max(tf.abs(tf.sub(got, wanted))).dataSync()[0]!
    })
    expect(difference).toBeLessThan(1e-5)
  })
})

describe('toTfjsOrder', () => {
  it('makes the output channel of a convolution the fastest, then the input channel', () => {
    // Each number is its place in [out, in, height, width]: out * 1000 + in * 100 + row * 10 + column.
    const layer: ConvLayer = { ...point, in: 2, out: 2, kernel: [1, 2] }
    const csv = Float32Array.of(0, 1, 100, 101, 1000, 1001, 1100, 1101)
    expect(toTfjsOrder(layer, csv)).toEqual(Float32Array.of(0, 1000, 100, 1100, 1, 1001, 101, 1101))
  })

  it('transposes a dense layer', () => {
    const layer: DenseLayer = { op: 'dense', name: 'd', in: 3, out: 2, bias: false }
    expect(toTfjsOrder(layer, Float32Array.of(0, 1, 2, 10, 11, 12))).toEqual(
      Float32Array.of(0, 10, 1, 11, 2, 12),
    )
  })

  it('makes the channel of a depthwise convolution the fastest', () => {
    const layer: DepthwiseLayer = {
      op: 'depthwise',
      name: 'd',
      channels: 2,
      kernel: [2, 2],
      stride: 1,
      padding: 'same',
    }
    expect(toTfjsOrder(layer, Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13))).toEqual(
      Float32Array.of(0, 10, 1, 11, 2, 12, 3, 13),
    )
  })
})

describe('toCsvOrder', () => {
  it.each([
    { ...point, in: 3, out: 4, kernel: [2, 5] } satisfies ConvLayer,
    { op: 'dense', name: 'd', in: 5, out: 3, bias: true } satisfies DenseLayer,
    {
      op: 'depthwise',
      name: 'd',
      channels: 4,
      kernel: [3, 2],
      stride: 1,
      padding: 'same',
    } satisfies DepthwiseLayer,
  ] as const)('is the way back of toTfjsOrder for $op', (layer) => {
    const count = filterShape(layer).reduce((product, side) => product * side, 1)
    const values = Float32Array.from({ length: count }, (_, i) => i)
    const ordered = toTfjsOrder(layer, values)
    expect(ordered).not.toEqual(values)
    expect(toCsvOrder(layer, ordered)).toEqual(values)
    expect(toTfjsOrder(layer, toCsvOrder(layer, values))).toEqual(values)
  })
})
