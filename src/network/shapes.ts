/** Shape of every layer's output for one picture, by the table alone. Pure. */
import {
  type Layer,
  type NetworkTable,
  networkInput,
  outputChannels,
  type Padding,
  readsOf,
} from './table.ts'

type Shape = readonly number[]

/** [height, width, channels] or [channels], by the layer's name; networks of a fixed input size only. */
export function shapesOf(table: NetworkTable): Map<string, Shape> {
  const { size } = table.input
  const shapes = new Map<string, Shape>([[networkInput, [size, size, 3]]])
  table.layers.forEach((layer, index) => {
    const inputs = readsOf(table, index).map((name) => shapes.get(name)!)
    shapes.set(layer.name, outputShape(layer, inputs))
  })
  return shapes
}

/** Numbers that a network gives for one picture. */
export function outputLength(table: NetworkTable): number {
  return shapesOf(table)
    .get(table.layers.at(-1)!.name)!
    .reduce((product, side) => product * side)
}

function outputShape(layer: Layer, inputs: readonly Shape[]): Shape {
  const [first] = inputs as [Shape]
  const [height, width, channels] = first as [number, number, number]
  switch (layer.op) {
    case 'conv':
    case 'depthwise': {
      const { stride, padding, kernel } = layer
      return [
        slide(height, kernel[0], stride, padding),
        slide(width, kernel[1], stride, padding),
        outputChannels(layer),
      ]
    }
    case 'maxPool':
    case 'avgPool':
    case 'l2Pool': {
      const padding = layer.op === 'l2Pool' ? 'valid' : layer.padding
      return [
        slide(height, layer.size, layer.stride, padding),
        slide(width, layer.size, layer.stride, padding),
        channels,
      ]
    }
    case 'appendZeros':
      return [height + layer.rows, width + layer.columns, channels + layer.channels]
    case 'surroundWithZeros': {
      const more = layer.before + layer.after
      return [height + more, width + more, channels]
    }
    case 'concat':
      return [height, width, inputs.reduce((sum, shape) => sum + shape[2]!, 0)]
    case 'dense':
      return [layer.out]
    case 'enlarge':
      return [height * layer.factor, width * layer.factor, channels]
    case 'globalAverage':
      return [channels]
    case 'flatten':
      return [first.reduce((product, side) => product * side, 1)]
    case 'localResponseNorm':
    case 'prelu':
    case 'relu':
    case 'gate':
    case 'add':
    case 'l2Normalise':
      return first
  }
}

/** Places at which a window fits. */
function slide(side: number, window: number, stride: number, padding: Padding): number {
  if (padding === 'same') return Math.ceil(side / stride)
  const margin = padding === 'valid' ? 0 : padding
  return Math.floor((side + 2 * margin - window) / stride) + 1
}
