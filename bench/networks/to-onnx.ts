/**
 * A table and its weights as an ONNX file, so that onnxruntime-web runs the very network that we run. Pictures are
 * [1, channels, height, width] there, and a vector is a picture of one pixel.
 */
import type { ReadLayer } from '../../src/network/plan/place-weights.ts'
import { placeLayers, type Shape, slide } from '../../src/network/shapes.ts'
import {
  type Activation,
  filterShape,
  type Layer,
  type NetworkTable,
  networkInput,
  outputChannels,
  type Padding,
  slopeOf,
} from '../../src/network/table.ts'
import { OnnxGraph } from './onnx-file.ts'

export const onnxInput = 'input'
export const onnxOutput = 'output'

/** @param layers those with weights, norms folded in, as loader and seeded networks have them */
export function toOnnx(
  table: NetworkTable,
  layers: readonly ReadLayer[],
  [height, width]: readonly [height: number, width: number],
): Uint8Array {
  const graph = new OnnxGraph()
  const weights = new Map(layers.map((layer) => [layer.layer.name, layer]))
  const values = new Map([[networkInput, onnxInput]])
  const shapes = new Map<string, Shape>([[networkInput, { height, width, channels: 3 }]])
  for (const { layer, inputs, shape } of placeLayers(table, height, width)) {
    const from = inputs.map((name) => values.get(name)!)
    const node = addLayer(graph, layer, from, shapes.get(inputs[0]!)!, weights.get(layer.name))
    values.set(layer.name, node)
    shapes.set(layer.name, shape)
  }
  const last = values.get(table.layers.at(-1)!.name)!
  graph.node('Identity', [last], {}, onnxOutput)
  return graph.toFile(onnxInput, [1, 3, height, width], onnxOutput)
}

/** Returns the name of what the layer gives. */
function addLayer(
  graph: OnnxGraph,
  layer: Layer,
  from: readonly string[],
  shape: Shape,
  weights: ReadLayer | undefined,
): string {
  const [x] = from as readonly [string]
  switch (layer.op) {
    case 'conv': {
      const [height, width] = layer.kernel
      const filter = transposed(weights!.floats(), filterShape(layer), [3, 2, 0, 1])
      const inputs = [x, graph.floats([layer.out, layer.in, height, width], filter)]
      const bias = biasOf(graph, weights!)
      const sum = graph.node('Conv', [...inputs, ...bias], {
        kernel_shape: layer.kernel,
        ...windows(layer.padding, shape, layer.kernel, layer.stride),
      })
      return activate(graph, sum, layer.activation)
    }
    case 'depthwise': {
      const [height, width] = layer.kernel
      const filter = transposed(weights!.floats(), filterShape(layer), [2, 3, 0, 1])
      const inputs = [x, graph.floats([layer.channels, 1, height, width], filter)]
      return graph.node('Conv', [...inputs, ...biasOf(graph, weights!)], {
        kernel_shape: layer.kernel,
        group: layer.channels,
        ...windows(layer.padding, shape, layer.kernel, layer.stride),
      })
    }
    case 'dense':
    case 'project': {
      const out = outputChannels(layer)
      const matrix = graph.floats([layer.in, out], weights!.floats())
      const flat = graph.node('Flatten', [x], { axis: 1 })
      const product = graph.node('Gemm', [flat, matrix, ...biasOf(graph, weights!)])
      return graph.node('Reshape', [product, graph.integers([1, out, 1, 1])])
    }
    case 'prelu':
      return graph.node('PRelu', [x, graph.floats([layer.channels, 1, 1], weights!.floats())])
    case 'relu':
      return activate(graph, x, 'relu')
    case 'gate':
      return graph.node('Mul', [x, graph.node('Sigmoid', [from[1]!])])
    case 'maxPool':
    case 'avgPool': {
      const op = layer.op === 'maxPool' ? 'MaxPool' : 'AveragePool'
      const kernel = [layer.size, layer.size] as const
      return graph.node(op, [x], {
        kernel_shape: kernel,
        ...windows(layer.padding, shape, kernel, layer.stride),
      })
    }
    case 'l2Pool': {
      const mean = graph.node('AveragePool', [graph.node('Mul', [x, x])], {
        kernel_shape: [layer.size, layer.size],
        strides: [layer.stride, layer.stride],
      })
      const count = graph.floats([1], Float32Array.of(layer.size ** 2))
      return graph.node('Sqrt', [graph.node('Mul', [mean, count])])
    }
    case 'localResponseNorm':
      return graph.node('LRN', [x], {
        size: layer.window,
        alpha: { float: layer.alpha },
        beta: { float: layer.beta },
        bias: { float: layer.k },
      })
    case 'add': {
      const sum = from.reduce((total, term) => graph.node('Add', [total, term]))
      return activate(graph, sum, layer.activation)
    }
    case 'appendZeros':
      return pad(graph, x, [0, 0, 0, 0, 0, layer.channels, layer.rows, layer.columns])
    case 'surroundWithZeros': {
      const { before, after } = layer
      return pad(graph, x, [0, 0, before, before, 0, 0, after, after])
    }
    case 'concat':
      return graph.node('Concat', from, { axis: 1 })
    case 'globalAverage':
      return graph.node('GlobalAveragePool', [x])
    case 'enlarge': {
      const scales = graph.floats([4], Float32Array.of(1, 1, layer.factor, layer.factor))
      return graph.node('Resize', [x, '', scales], {
        mode: 'linear',
        coordinate_transformation_mode: 'half_pixel',
      })
    }
    case 'flatten': {
      const rows = graph.node('Transpose', [x], { perm: [0, 2, 3, 1] })
      return graph.node('Reshape', [rows, graph.integers([1, -1, 1, 1])])
    }
    case 'l2Normalise':
      return graph.node('LpNormalization', [x], { axis: 1, p: 2 })
  }
}

function biasOf(graph: OnnxGraph, { bias }: ReadLayer): string[] {
  return bias ? [graph.floats([bias.length], bias)] : []
}

function pad(graph: OnnxGraph, x: string, pads: readonly number[]): string {
  return graph.node('Pad', [x, graph.integers(pads)], { mode: 'constant' })
}

function activate(graph: OnnxGraph, x: string, activation: Activation): string {
  if (activation === 'linear') return x
  if (activation === 'relu') return graph.node('Relu', [x])
  return graph.node('LeakyRelu', [x], { alpha: { float: slopeOf[activation] } })
}

function windows(
  padding: Padding,
  { height, width }: Shape,
  [kernelHeight, kernelWidth]: readonly [number, number],
  stride: number,
) {
  const rows = slide(padding, height, kernelHeight, stride)
  const columns = slide(padding, width, kernelWidth, stride)
  return {
    strides: [stride, stride],
    pads: [rows.before, columns.before, rows.after, columns.after],
  }
}

/** @param order which axis of `shape` comes first, second ... */
function transposed(
  values: Float32Array,
  shape: readonly number[],
  order: readonly number[],
): Float32Array {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  const [sides, strides] = [order.map((axis) => shape[axis]!), order.map((axis) => steps[axis]!)]
  const output = new Float32Array(values.length)
  let at = 0
  const walk = (depth: number, offset: number): void => {
    if (depth === sides.length) {
      output[at++] = values[offset]!
      return
    }
    for (let i = 0; i < sides[depth]!; i++) walk(depth + 1, offset + i * strides[depth]!)
  }
  walk(0, 0)
  return output
}
