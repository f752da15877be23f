import { describe, expect, it } from 'vitest'
import { networks } from '../../scripts/weights/networks.ts'
import {
  type ConvLayer,
  csvTensors,
  csvTensorsOf,
  type DenseLayer,
  type DepthwiseLayer,
  filterShape,
  isWeighted,
  type Layer,
  type NetworkTable,
  outputChannels,
} from '../../src/network/table.ts'
import { readSource, type SourceFile } from '../support/references/source-networks.ts'

const conv: ConvLayer = {
  op: 'conv',
  name: 'stem',
  in: 3,
  out: 8,
  kernel: [5, 7],
  stride: 1,
  padding: 'same',
  activation: 'relu',
}
const depthwise: DepthwiseLayer = {
  op: 'depthwise',
  name: 'each',
  channels: 8,
  kernel: [3, 5],
  stride: 1,
  padding: 'same',
}
const dense: DenseLayer = { op: 'dense', name: 'fc', in: 8, out: 4, bias: true }

describe('csvTensorsOf', () => {
  it('lists filter [out, in, height, width] and bias of a convolution', () => {
    expect(csvTensorsOf(conv)).toEqual([
      { name: 'stem_w', shape: [8, 3, 5, 7] },
      { name: 'stem_b', shape: [8] },
    ])
  })

  it('adds weight and bias of a scale', () => {
    const scaled: ConvLayer = { ...conv, norm: { kind: 'scale', name: 'stem_scale' } }
    expect(csvTensorsOf(scaled).slice(2)).toEqual([
      { name: 'stem_scale_w', shape: [8] },
      { name: 'stem_scale_b', shape: [8] },
    ])
  })

  it('adds weight, bias, mean and variance of a batch normalisation', () => {
    const norm = { kind: 'batchNorm', name: 'stem_bn', epsilon: 1e-5 } as const
    expect(csvTensorsOf({ ...conv, norm }).slice(2)).toEqual([
      { name: 'stem_bn_w', shape: [8] },
      { name: 'stem_bn_b', shape: [8] },
      { name: 'stem_bn_m', shape: [8] },
      { name: 'stem_bn_v', shape: [8] },
    ])
  })

  it('lists one filter [channels, 1, height, width] of a depthwise convolution', () => {
    expect(csvTensorsOf(depthwise)).toEqual([{ name: 'each_w', shape: [8, 1, 3, 5] }])
  })

  it('adds the bias of a depthwise convolution that has one', () => {
    expect(csvTensorsOf({ ...depthwise, bias: true }).slice(1)).toEqual([
      { name: 'each_b', shape: [8] },
    ])
  })

  it('lists the slopes of a prelu', () => {
    expect(csvTensorsOf({ op: 'prelu', name: 'p', channels: 8 })).toEqual([
      { name: 'p_w', shape: [8] },
    ])
  })

  it('lists [out, in] of a dense layer, and its bias if it has one', () => {
    expect(csvTensorsOf(dense)).toEqual([
      { name: 'fc_w', shape: [4, 8] },
      { name: 'fc_b', shape: [4] },
    ])
    expect(csvTensorsOf({ ...dense, bias: false })).toEqual([{ name: 'fc_w', shape: [4, 8] }])
  })
})

describe('csvTensors', () => {
  it('lists the layers in their order and passes over those without weights', () => {
    const table: NetworkTable = {
      name: 'small',
      input: { size: 8, sizeIs: 'exact', mean: [0, 0, 0], divisor: 1 },
      layers: [
        conv,
        { op: 'maxPool', name: 'pool', size: 2, stride: 2, padding: 'same' },
        depthwise,
        { op: 'globalAverage', name: 'average' },
        dense,
      ],
    }
    expect(csvTensors(table).map(({ name }) => name)).toEqual([
      'stem_w',
      'stem_b',
      'each_w',
      'fc_w',
      'fc_b',
    ])
  })
})

describe('filterShape', () => {
  it('is what tfjs takes, with the output channel last', () => {
    expect(filterShape(conv)).toEqual([5, 7, 3, 8])
    expect(filterShape(depthwise)).toEqual([3, 5, 8, 1])
    expect(filterShape(dense)).toEqual([8, 4])
  })
})

describe('outputChannels', () => {
  it('counts what leaves the layer', () => {
    expect([conv, depthwise, dense].map(outputChannels)).toEqual([8, 8, 4])
  })
})

const sourceOf: Readonly<Record<string, SourceFile>> = {
  'dlib-resnet': 'face_recognition_model',
  'face-landmark-68': 'face_landmark_68_model',
}

/** Channels of a layer's output, given those that it reads. */
function channelsOf(layer: Layer, read: readonly number[]): number {
  if (layer.op === 'conv' || layer.op === 'dense') return layer.out
  if (layer.op === 'concat') return read.reduce((sum, count) => sum + count, 0)
  return layer.op === 'appendZeros' ? read[0]! + layer.channels : read[0]!
}

describe.each(networks)('$name', (table) => {
  it('gives every layer a name of its own', () => {
    const names = table.layers.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('reads only what stands above it', () => {
    const above = new Set(['input'])
    for (const layer of table.layers) {
      for (const name of [layer.from ?? []].flat()) expect(above).toContain(name)
      above.add(layer.name)
    }
  })

  it('has inputs of the channels that it says, as far as they are known', () => {
    const channels = new Map([['input', 3]])
    let previous = 'input'
    for (const layer of table.layers) {
      const from = [layer.from ?? previous].flat()
      const read = from.map((name) => channels.get(name)!)
      if (layer.op === 'conv') expect(layer.in, layer.name).toBe(read[0])
      channels.set(layer.name, channelsOf(layer, read))
      previous = layer.name
    }
  })
})

describe.each(networks.filter(({ name }) => sourceOf[name]))('$name', (table) => {
  it('needs as many tensors and numbers as its source has', () => {
    const source = [...readSource(sourceOf[table.name]!).values()]
    const tensors = csvTensors(table)
    const count = ({ shape }: { shape: readonly number[] }) => shape.reduce((a, b) => a * b, 1)
    expect(tensors).toHaveLength(source.length)
    expect(tensors.reduce((sum, tensor) => sum + count(tensor), 0)).toBe(
      source.reduce((sum, { values }) => sum + values.length, 0),
    )
    // Filters on disk and in memory hold the same numbers in another order.
    for (const layer of table.layers.filter(isWeighted)) {
      expect(count({ shape: filterShape(layer) })).toBe(count(csvTensorsOf(layer)[0]!))
    }
  })
})
