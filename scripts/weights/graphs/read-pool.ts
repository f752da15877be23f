/** Nodes that take the largest or the mean of a window, or of all places. */
import { MisfitNode, UnknownNode } from './graph-faults.ts'
import type { Value } from './layer-list.ts'
import type { OnnxNode } from './onnx-file.ts'
import { paddingOf, placesOf, sidesOf, surrounded } from './read-padding.ts'
import {
  axisOf,
  channelAxis,
  intsOf,
  pictureOf,
  type Reading,
  type ReadNode,
  readPicture,
  readValue,
  vectorOf,
} from './reading.ts'

function averageOf(value: Value, reading: Reading, shape: readonly number[]): Value {
  if (value.isVector) return { ...value, shape }
  return vectorOf(reading.list.add({ op: 'globalAverage' }, value), value.channels, shape)
}

export const globalAverage: ReadNode = (node, reading) => {
  const value = readPicture(reading, node)
  return averageOf(value, reading, [1, value.channels, 1, 1])
}

export const globalMost: ReadNode = (node, reading) => {
  const value = readPicture(reading, node)
  const { height, width, channels } = value
  if (height !== width) throw new UnknownNode(`${node.op} of another form than a square`)
  const layer = { op: 'maxPool', size: height, stride: 1, padding: 'valid' } as const
  return pictureOf(reading.list.add(layer, value), 1, 1, channels)
}

/** Of all places, whatever the order of the axes. */
export const reduceMean: ReadNode = (node, reading) => {
  const value = readValue(reading, node)
  const { shape } = value
  const axes =
    intsOf(reading, node, 'axes', 1)?.map((axis) => axisOf(axis, shape)) ??
    shape.map((_, axis) => axis)
  const channels = channelAxis(value)
  const isOverPlaces = shape.every(
    (side, axis) => axis === channels || side === 1 || axes.includes(axis),
  )
  if (channels === -1 || axes.includes(channels) || !isOverPlaces) {
    throw new MisfitNode(`${node.op} of [${shape.join(', ')}] over ${axes.join(', ')}`)
  }
  const isKept = node.ints.get('keepdims')?.[0] !== 0
  const left = isKept
    ? shape.map((side, axis) => (axis === channels ? side : 1))
    : shape.filter((_, axis) => !axes.includes(axis))
  return averageOf(value, reading, left)
}

export function pool(op: 'maxPool' | 'avgPool'): ReadNode {
  return (node, reading) => {
    const [size = 1, across = size] = node.ints.get('kernel_shape') ?? []
    const [stride = 1, strideAcross = stride] = node.ints.get('strides') ?? []
    if (node.ints.get('dilations')?.some((dilation) => dilation !== 1)) {
      throw new UnknownNode(`${node.op} with dilations`)
    }
    const value = readPicture(reading, node)
    const { list } = reading
    const window = { kernel: [size, across] as const, stride }
    const sides = sidesOf(node, value, window)
    const isPadded = sides.some((side) => side !== 0)
    if (op === 'avgPool' && !isPadded && size === value.height && across === value.width) {
      return averageOf(value, reading, [1, value.channels, 1, 1])
    }
    if (size !== across || stride !== strideAcross) {
      throw new UnknownNode(`${node.op} of another form than a square`)
    }
    const around = withCeiling(node, sides, value, window)
    const countsZeros =
      op === 'avgPool' && isPadded && node.ints.get('count_include_pad')?.[0] === 1
    const padding = countsZeros ? 'valid' : paddingOf(around, value, window)
    // Zeros of our own would beat what is negative, and count in a mean.
    if (padding === null || (countsZeros && around !== sides)) {
      throw new UnknownNode(`${node.op} with pads ${around.join(', ')}`)
    }
    const from = countsZeros ? surrounded(node.op, value, sides, list) : value
    const { height, width } = placesOf(node.op, padding, from, window)
    const layer = list.add({ op, size, stride, padding }, from)
    return pictureOf(layer, height, width, value.channels)
  }
}

type Sides = ReturnType<typeof sidesOf>

/** With what the last windows reach beyond, where the number of places is rounded up. */
function withCeiling(
  node: OnnxNode,
  sides: Sides,
  { height, width }: Value,
  { kernel, stride }: { readonly kernel: readonly [number, number]; readonly stride: number },
): Sides {
  if (!node.ints.get('ceil_mode')?.[0]) return sides
  const [top, left, bottom, right] = sides
  const beyond = (side: number, before: number, after: number, window: number): number => {
    const last = Math.ceil((before + side + after - window) / stride)
    // No window begins behind the picture.
    const places = last * stride >= side + before ? last : last + 1
    return Math.max(0, (places - 1) * stride + window - (before + side + after))
  }
  const [below, behind] = [
    beyond(height, top, bottom, kernel[0]),
    beyond(width, left, right, kernel[1]),
  ]
  return below + behind === 0 ? sides : [top, left, bottom + below, right + behind]
}
