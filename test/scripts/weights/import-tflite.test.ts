import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { tensorsOfTflite } from '../../../scripts/weights/import-tflite.ts'
import { readTflite } from '../../../scripts/weights/tflite-file.ts'
import { blazefaceFullRange } from '../../../src/face/networks/blazeface-full-range.ts'
import { faceLandmark68 } from '../../../src/face/networks/face-landmark-68.ts'
import { csvTensors, type Layer, type NetworkTable } from '../../../src/network/table.ts'
import { countOf } from '../../support/networks/pack-in-memory.ts'
import { detectorFile, readDetector } from '../../support/references/tflite-reference.ts'

describe('readTflite', () => {
  it('reads operators in their order, with strides and padding, and no unpacking of constants', () => {
    const { nodes, tensors, inputs } = readDetector()
    expect(tensors[inputs[0]!]!.shape).toEqual([1, 192, 192, 3])
    expect(nodes[0]).toMatchObject({ op: 'Conv', stride: 2, padding: 'same', activation: 'linear' })
    expect(nodes.map(({ op }) => op)).not.toContain('Dequantize')
    const groups = Map.groupBy(nodes, ({ op }) => op)
    const counts = [...groups].map(([op, all]) => [op, all.length])
    expect(Object.fromEntries(counts)).toEqual({
      Conv: 49,
      Relu: 47,
      DepthwiseConv: 40,
      Add: 23,
      MaxPool: 4,
      Pad: 8,
      ResizeBilinear: 3,
      Reshape: 2,
    })
  })

  it('gives constants of half precision as float32', () => {
    const { nodes, tensors } = readDetector()
    const filter = tensors[nodes[0]!.inputs[1]!]!
    expect(filter.shape).toEqual([32, 3, 3, 3])
    expect(filter.values).toHaveLength(864)
    expect(filter.values!.some((value) => value !== 0)).toBe(true)
    for (const value of filter.values!) expect(Math.f16round(value)).toBe(value)
  })

  it.each([
    ['text', new TextEncoder().encode('this is no network at all')],
    ['nothing', new Uint8Array()],
  ])('refuses %s', (_, bytes) => {
    expect(() => readTflite(bytes)).toThrow(/^not a TensorFlow Lite file/)
  })

  it('refuses a file that is cut short', () => {
    const bytes = new Uint8Array(readFileSync(detectorFile))
    expect(() => readTflite(bytes.slice(0, bytes.length / 2))).toThrow()
  })
})

describe('tensorsOfTflite', () => {
  const graph = readDetector()

  it('fills every tensor that the network has, and no other', () => {
    const tensors = tensorsOfTflite(blazefaceFullRange, graph)
    const wanted = csvTensors(blazefaceFullRange)
    expect([...tensors.keys()]).toEqual(wanted.map(({ name }) => name))
    for (const { name, shape } of wanted) {
      expect(tensors.get(name), name).toHaveLength(countOf(shape))
    }
  })

  const changed = (name: string, change: object): NetworkTable => ({
    ...blazefaceFullRange,
    layers: blazefaceFullRange.layers.map((layer) =>
      layer.name === name ? ({ ...layer, ...change } as Layer) : layer,
    ),
  })

  it.each([
    [
      'another stride',
      changed('stem', { stride: 1 }),
      /stem is .*"stride":2.* in the file, expected .*"stride":1/,
    ],
    [
      'other channels',
      changed('down0_conv0', { out: 16 }),
      /down0_conv0 is .*\[8,1,1,32\].* in the file, expected .*\[16,1,1,32\]/,
    ],
    [
      'another padding',
      changed('down0_conv0_depthwise', { padding: 'valid' }),
      /down0_conv0_depthwise is .*"padding":"same"/,
    ],
    [
      'another network',
      faceLandmark68,
      'face-landmark-68: the file has 89 convolutions, expected 32',
    ],
  ])('refuses a table with %s', (_, table, message) => {
    expect(() => tensorsOfTflite(table, graph)).toThrow(message)
  })
})
