/**
 * A TensorFlow Lite file -> the tensors of a network of ours, by the names and in the order of its CSV files. Layers and operators
 * are matched by their order: each layer with weights takes the next convolution, which has to be of its kind, shape, stride
 * and padding. That they are also connected alike is for a test to show, not for this.
 */
import { toCsvOrder } from '../../src/network/fold.ts'
import {
  type ConvLayer,
  csvTensorsOf,
  type DepthwiseLayer,
  filterShape,
  isWeighted,
  type NetworkTable,
} from '../../src/network/table.ts'
import type { TfliteGraph, TfliteNode } from './tflite-file.ts'

/** @throws Error that names the layer and what was expected where the file does not fit the table */
export function tensorsOfTflite(
  table: NetworkTable,
  { nodes, tensors: constants }: TfliteGraph,
): Map<string, Float32Array> {
  const convolutions = nodes.filter(({ op }) => op === 'Conv' || op === 'DepthwiseConv')
  const layers = table.layers.filter(isWeighted)
  if (convolutions.length !== layers.length) {
    throw new Error(
      `${table.name}: the file has ${convolutions.length} convolutions, expected ${layers.length}`,
    )
  }
  const tensors = new Map<string, Float32Array>()
  layers.forEach((layer, i) => {
    if (layer.op !== 'conv' && layer.op !== 'depthwise') {
      throw new Error(`${table.name}: ${layer.name} is ${layer.op}, which is not imported`)
    }
    const node = convolutions[i]!
    const [filter, bias] = [node.inputs[1]!, node.inputs[2]!].map((input) => constants[input])
    if (!filter?.values || !bias?.values) {
      throw new Error(`${table.name}: the convolution for ${layer.name} has no constant weights`)
    }
    requireAlike(table, layer, node, filter.shape)
    const inTfjsOrder =
      layer.op === 'conv' ? outputLast(filter.values, filter.shape[0]!) : filter.values
    const filled = [toCsvOrder(layer, inTfjsOrder), bias.values]
    csvTensorsOf(layer).forEach(({ name }, t) => {
      tensors.set(name, filled[t]!)
    })
  })
  return tensors
}

function requireAlike(
  { name }: NetworkTable,
  layer: ConvLayer | DepthwiseLayer,
  node: TfliteNode,
  shape: readonly number[],
): void {
  const [height, width, channels, out] = filterShape(layer) as [number, number, number, number]
  const wanted = {
    op: layer.op === 'conv' ? 'Conv' : 'DepthwiseConv',
    shape: layer.op === 'conv' ? [out, height, width, channels] : [1, height, width, channels],
    stride: layer.stride,
    // A window of one place needs none.
    padding: height * width === 1 ? node.padding : layer.padding,
  }
  const found = { op: node.op, shape, stride: node.stride, padding: node.padding }
  if (JSON.stringify(found) === JSON.stringify(wanted)) return
  throw new Error(
    `${name}: ${layer.name} is ${JSON.stringify(found)} in the file, expected ${JSON.stringify(wanted)}`,
  )
}

/** [out, height, width, in] -> [height, width, in, out]. */
function outputLast(values: Float32Array, out: number): Float32Array {
  const rest = values.length / out
  const moved = new Float32Array(values.length)
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < rest; i++) moved[i * out + o] = values[o * rest + i]!
  }
  return moved
}
