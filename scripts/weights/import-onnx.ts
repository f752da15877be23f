/**
 * An ONNX file -> the tensors of a network of ours, by the names and in the order of its CSV files. An ONNX file names
 * its tensors by number, so nodes and layers are matched by their order: each layer takes the next node, which has to be of its
 * kind, shape, stride and padding. That they are also connected alike is for a test to show, not for this.
 */
import {
  type ConvLayer,
  csvTensorsOf,
  type DenseLayer,
  type DepthwiseLayer,
  type Layer,
  type NetworkTable,
  type WeightedLayer,
} from '../../src/network/table.ts'
import type { OnnxGraph, OnnxNode, OnnxTensor } from './graphs/onnx-file.ts'

/** What PyTorch writes to compute the shape of a flattened tensor. */
const shapeOps = ['Shape', 'Constant', 'Gather', 'Unsqueeze', 'Concat', 'Reshape', 'Flatten']

/** @throws Error that names the layer and what was expected where the file does not fit the table */
export function tensorsOfOnnx(table: NetworkTable, graph: OnnxGraph): Map<string, Float32Array> {
  const nodes = graph.nodes.filter(({ op }) => !shapeOps.includes(op))
  const tensors = new Map<string, Float32Array>()
  let at = 0
  const next = (layer: Layer, ...ops: string[]): OnnxNode => {
    const node = nodes[at++]
    if (node && ops.includes(node.op)) return node
    throw new Error(
      `${table.name}: node ${at} is ${node?.op ?? 'absent'}, expected ${ops.join(' or ')} for the layer ${layer.name}`,
    )
  }
  const read = (layer: Layer, node: OnnxNode, input: number): OnnxTensor => {
    const tensor = graph.tensors.get(node.inputs[input] ?? '')
    if (tensor) return tensor
    throw new Error(`${table.name}: ${layer.name} has no tensor as input ${input} of its node`)
  }
  const keep = (layer: WeightedLayer, filled: readonly Float32Array[]): void => {
    csvTensorsOf(layer).forEach(({ name, shape }, i) => {
      const count = shape.reduce((product, side) => product * side, 1)
      const values = filled[i]
      if (values?.length !== count) {
        throw new Error(
          `${table.name}: ${name} has ${values?.length ?? 'no'} numbers, expected shape [${shape.join(', ')}]`,
        )
      }
      tensors.set(name, values)
    })
  }

  for (const layer of table.layers) {
    switch (layer.op) {
      case 'conv':
      case 'dense': {
        const node = next(layer, 'Conv', 'MatMul')
        const filter = read(layer, node, 1)
        const filled = [
          node.op === 'MatMul' ? transpose(filter) : filter.values,
          // A product has no bias; a convolution of ours wants one.
          node.op === 'MatMul' ? new Float32Array(layer.out) : read(layer, node, 2).values,
        ]
        if (node.op === 'Conv') requireConv(table, layer, node, filter)
        if (layer.op === 'dense' && !layer.bias) requireNoBias(table, layer, node)
        if (layer.op === 'conv' && layer.norm) {
          const norm = next(layer, 'BatchNormalization')
          requireEpsilon(table, layer, norm)
          filled.push(...[1, 2, 3, 4].map((input) => read(layer, norm, input).values))
        }
        keep(layer, filled)
        break
      }
      case 'depthwise': {
        const node = next(layer, 'Conv')
        const filter = read(layer, node, 1)
        requireConv(table, layer, node, filter)
        keep(layer, [filter.values, read(layer, node, 2).values])
        break
      }
      case 'prelu':
        keep(layer, [read(layer, next(layer, 'PRelu'), 1).values])
        break
      case 'add':
        for (let terms = layer.from.length; terms > 1; terms--) next(layer, 'Add')
        break
      case 'gate':
        next(layer, 'Sigmoid')
        next(layer, 'Mul')
        break
      case 'relu':
        next(layer, 'Relu')
        break
      case 'globalAverage':
        next(layer, 'GlobalAveragePool')
        break
      case 'flatten':
        break
      default:
        throw new Error(
          `${table.name}: ${layer.name} is ${layer.op}, which is not imported from ONNX`,
        )
    }
  }
  if (at < nodes.length) {
    throw new Error(`${table.name}: nothing reads node ${at + 1}, ${nodes[at]!.op}`)
  }
  return tensors
}

/** A dense layer on a single place may be written as a convolution of 1x1. */
function requireConv(
  { name }: NetworkTable,
  layer: ConvLayer | DepthwiseLayer | DenseLayer,
  node: OnnxNode,
  filter: OnnxTensor,
): void {
  const [kernel, stride, padding] =
    layer.op === 'dense' ? [[1, 1], 1, 0] : [layer.kernel, layer.stride, layer.padding]
  if (padding === 'same') throw new Error(`${name}: ${layer.name} pads by "same", ONNX by a number`)
  const pad = padding === 'valid' ? 0 : padding
  const shape =
    layer.op === 'depthwise' ? [layer.channels, 1, ...kernel] : [layer.out, layer.in, ...kernel]
  const wanted = {
    shape,
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
    dilations: [1, 1],
    group: [layer.op === 'depthwise' ? layer.channels : 1],
  }
  const found = {
    shape: filter.shape,
    strides: node.ints.get('strides'),
    pads: node.ints.get('pads'),
    dilations: node.ints.get('dilations'),
    group: node.ints.get('group'),
  }
  if (JSON.stringify(found) === JSON.stringify(wanted)) return
  throw new Error(
    `${name}: ${layer.name} is ${JSON.stringify(found)} in the file, expected ${JSON.stringify(wanted)}`,
  )
}

function requireNoBias({ name }: NetworkTable, layer: DenseLayer, node: OnnxNode): void {
  if (node.op === 'MatMul') return
  throw new Error(`${name}: ${layer.name} has a bias in the file, expected none`)
}

function requireEpsilon({ name }: NetworkTable, layer: ConvLayer, node: OnnxNode): void {
  const wanted = layer.norm?.kind === 'batchNorm' ? layer.norm.epsilon : 0
  // A float32 in the file.
  if (node.floats.get('epsilon') === Math.fround(wanted)) return
  throw new Error(
    `${name}: ${layer.name} has epsilon ${node.floats.get('epsilon')}, expected ${wanted}`,
  )
}

/** [in, out] -> [out, in] */
function transpose({ shape, values }: OnnxTensor): Float32Array {
  const [rows, columns] = shape as [number, number]
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!)
}
