/** The size of every layer's output, from the table and the size of the input. Pure. */
import {
  type Layer,
  type LayerOf,
  type NetworkTable,
  networkInput,
  outputChannels,
  type Padding,
  readsOf,
} from './table.ts'

/** Of a picture; a vector is a picture of one pixel. */
export interface Shape {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** A layer with the names of what it reads. */
export interface PlacedLayer {
  readonly layer: Layer
  readonly inputs: readonly string[]
  readonly shape: Shape
  /** Whether tfjs gives its output as [batch, channels], without height and width. */
  readonly isVector: boolean
}

/** In the order of the table. Throws an Error that names the layer when it reads one that comes later. */
export function placeLayers(table: NetworkTable, height: number, width: number): PlacedLayer[] {
  const shapes = new Map<string, Shape>([[networkInput, { height, width, channels: 3 }]])
  const vectors = new Set<string>()
  return table.layers.map((layer, index) => {
    const inputs = readsOf(table, index)
    const read = inputs.map((name) => {
      const known = shapes.get(name)
      if (known !== undefined) return known
      throw new Error(`${table.name}: ${layer.name} reads ${name}, which comes later`)
    })
    const shape = shapeAfter(layer, read)
    shapes.set(layer.name, shape)
    const isVector = makesVector(layer) || inputs.every((name) => vectors.has(name))
    if (isVector) vectors.add(layer.name)
    return { layer, inputs, shape, isVector }
  })
}

/** [height, width, channels] or [channels], by the layer's name; networks of a fixed input size only. */
export function shapesOf(table: NetworkTable): Map<string, readonly number[]> {
  const { size } = table.input
  const placed = placeLayers(table, size, size).map(
    (one) => [one.layer.name, dimensionsOf(one)] as const,
  )
  return new Map<string, readonly number[]>([[networkInput, [size, size, 3]], ...placed])
}

export function dimensionsOf({ shape, isVector }: PlacedLayer): readonly number[] {
  return isVector ? [shape.channels] : [shape.height, shape.width, shape.channels]
}

/** Numbers that a network gives for one picture. */
export function outputLength(table: NetworkTable): number {
  return shapesOf(table)
    .get(table.layers.at(-1)!.name)!
    .reduce((product, side) => product * side)
}

function makesVector({ op }: Layer): boolean {
  return op === 'globalAverage' || op === 'flatten' || op === 'dense' || op === 'project'
}

function shapeAfter(layer: Layer, [first, ...others]: readonly Shape[]): Shape {
  const { height, width, channels } = first!
  switch (layer.op) {
    case 'conv':
    case 'depthwise': {
      const [kernelHeight, kernelWidth] = layer.kernel
      return {
        height: slide(layer.padding, height, kernelHeight, layer.stride).places,
        width: slide(layer.padding, width, kernelWidth, layer.stride).places,
        channels: layer.op === 'conv' ? layer.out : channels,
      }
    }
    case 'maxPool':
    case 'avgPool':
    case 'l2Pool': {
      const padding = layer.op === 'l2Pool' ? 'valid' : layer.padding
      return {
        height: slide(padding, height, layer.size, layer.stride).places,
        width: slide(padding, width, layer.size, layer.stride).places,
        channels,
      }
    }
    case 'appendZeros':
      return {
        height: height + layer.rows,
        width: width + layer.columns,
        channels: channels + layer.channels,
      }
    case 'surroundWithZeros': {
      const more = layer.before + layer.after
      return { height: height + more, width: width + more, channels }
    }
    case 'concat':
      return {
        height,
        width,
        channels: others.reduce((sum, other) => sum + other.channels, channels),
      }
    case 'enlarge':
      return { height: height * layer.factor, width: width * layer.factor, channels }
    case 'globalAverage':
      return { height: 1, width: 1, channels }
    case 'flatten':
      return { height: 1, width: 1, channels: height * width * channels }
    case 'dense':
    case 'project':
      return { height: 1, width: 1, channels: outputChannels(layer) }
    case 'add':
    case 'gate':
    case 'localResponseNorm':
    case 'prelu':
    case 'relu':
    case 'l2Normalise':
      return { height, width, channels }
  }
}

/** Where a window slides along one axis: zeros before and after, and how many places it takes. */
export interface Slide {
  readonly before: number
  readonly after: number
  readonly places: number
}

/** Of [batch, height, width, channels]: how many zeros a layer puts before and after. */
export function zerosAround(
  layer: LayerOf<'appendZeros' | 'surroundWithZeros'>,
): [number, number][] {
  if (layer.op === 'appendZeros')
    return [
      [0, 0],
      [0, layer.rows],
      [0, layer.columns],
      [0, layer.channels],
    ]
  const { before, after } = layer
  return [
    [0, 0],
    [before, after],
    [before, after],
    [0, 0],
  ]
}

/** 'same' as TensorFlow has it, the odd zero after. */
export function slide(padding: Padding, size: number, window: number, stride: number): Slide {
  const zeros = zerosOf(padding, size, window, stride)
  const { before, after } = zeros
  return { ...zeros, places: Math.floor((before + size + after - window) / stride) + 1 }
}

function zerosOf(padding: Padding, size: number, window: number, stride: number) {
  if (padding === 'valid') return { before: 0, after: 0 }
  if (typeof padding === 'number') return { before: padding, after: padding }
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + window - size)
  return { before: Math.floor(total / 2), after: Math.ceil(total / 2) }
}
