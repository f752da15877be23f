/**
 * Nodes that move numbers and change none. What a table has no layer for, a choice of channels or another order of them, is a convolution
 * of 1x1 whose filters are zeros and one 1.
 */
import { reshapedTo, squeezedTo, unsqueezedTo } from './fold-constants.ts'
import { MisfitNode, UnknownNode } from './graph-faults.ts'
import type { Value } from './layer-list.ts'
import type { OnnxNode } from './onnx-file.ts'
import { squashes } from './read-gate.ts'
import {
  axisOf,
  channelAxis,
  constantOf,
  countOf,
  intsOf,
  pictureOf,
  type Reading,
  type ReadNode,
  readPicture,
  readValue,
  sameNumbers,
  type Waiting,
  waitingOf,
} from './reading.ts'

/** What changes nothing, at the time that a face is encoded. */
export const same: ReadNode = (node, reading) => {
  const waits = waitingOf(reading, node)
  return waits ? stillWaiting(node, reading, waits) : readValue(reading, node)
}

function stillWaiting(node: OnnxNode, reading: Reading, waits: Waiting): null {
  reading.waiting.set(node.outputs[0]!, waits)
  return null
}

/** The same numbers in another shape. A layer that wants them as one row asks for that itself. */
function shaped(
  shapeOf: (shape: readonly number[], node: OnnxNode, reading: Reading) => readonly number[] | null,
): ReadNode {
  return (node, reading) => {
    const waits = waitingOf(reading, node)
    if (waits) {
      // Of gates it counts which side is which; a length has none.
      const shape = squashes(waits) ? shapeOf(waits.of.shape, node, reading) : null
      return stillWaiting(node, reading, shape ? { ...waits, of: { ...waits.of, shape } } : waits)
    }
    const value = readValue(reading, node)
    const shape = shapeOf(value.shape, node, reading)
    if (!shape)
      throw new MisfitNode(`${node.op} of [${value.shape.join(', ')}] to what is not known`)
    return { ...value, shape }
  }
}

export const reshaped = shaped((shape, node, reading) => {
  const wanted = intsOf(reading, node, 'shape', 1)
  return wanted ? reshapedTo(shape, wanted) : null
})

export const flattened = shaped((shape, node) => {
  const axis = axisOf(node.ints.get('axis')?.[0] ?? 1, shape)
  return [countOf(shape.slice(0, axis)), countOf(shape.slice(axis))]
})

export const squeezed = shaped((shape, node, reading) =>
  squeezedTo(shape, intsOf(reading, node, 'axes', 1)),
)

export const unsqueezed = shaped((shape, node, reading) => {
  const axes = intsOf(reading, node, 'axes', 1)
  return axes ? unsqueezedTo(shape, axes) : null
})

export const transposed: ReadNode = (node, reading) => {
  const waits = waitingOf(reading, node)
  const value = waits?.of ?? readValue(reading, node)
  const before = value.shape
  const order =
    intsOf(reading, node, 'perm', 1) ?? before.map((_, axis) => before.length - 1 - axis)
  const shape = order.map((axis) => before[axis]!)
  if (waits) return stillWaiting(node, reading, { ...waits, of: { ...value, shape } })
  const long = order.filter((axis) => before[axis] !== 1)
  if (long.every((axis, i) => i === 0 || axis > long[i - 1]!)) return { ...value, shape }
  const [first, ...rest] = long.toSorted((a, b) => a - b) as [number, ...number[]]
  const last = rest.at(-1)!
  const channels = channelAxis(value)
  if (channels === first && !value.isLast && sameNumbers(long, [...rest, first])) {
    return { ...value, shape, isLast: true }
  }
  if (channels === last && value.isLast && sameNumbers(long, [last, first, ...rest.slice(0, -1)])) {
    return { ...value, shape, isLast: false }
  }
  // Channels in groups, taken in turn from each: [groups, each, places] to [each, groups, places].
  const [second = -1, ...places] = rest
  const groups = before[first]!
  const each = before[second] ?? 0
  if (
    !value.isLast &&
    groups * each === value.channels &&
    sameNumbers(long, [second, first, ...places])
  ) {
    const turns = Array.from(
      { length: value.channels },
      (_, c) => (c % groups) * each + Math.floor(c / groups),
    )
    return { ...chosen(value, turns, reading), shape }
  }
  throw new MisfitNode(`${node.op} of [${before.join(', ')}] to [${shape.join(', ')}]`)
}

/** @param channels whose numbers they are, in the order of the outcome */
function chosen(value: Value, channels: readonly number[], reading: Reading): Value {
  const { height, width } = value
  if (channels.length === value.channels && channels.every((from, to) => from === to)) return value
  if (value.isVector) throw new UnknownNode('a choice of numbers of a vector')
  const filter = new Float32Array(channels.length * value.channels)
  channels.forEach((from, to) => {
    filter[to * value.channels + from] = 1
  })
  const sides = { in: value.channels, out: channels.length, kernel: [1, 1], stride: 1 } as const
  const layer = { op: 'conv', ...sides, padding: 'valid', activation: 'linear' } as const
  const name = reading.list.add(layer, value, { filter, bias: null })
  return pictureOf(name, height, width, channels.length)
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
}

/** A picture, and that a node is about its channels. */
function readChannels(reading: Reading, node: OnnxNode, axis: number | undefined): Value {
  const value = readPicture(reading, node)
  requireAlongChannels(node, axis ?? 0, value)
  return value
}

function requireAlongChannels({ op }: OnnxNode, axis: number, { shape }: Value): void {
  if (axisOf(axis, shape) === 1) return
  throw new UnknownNode(`${op} along another axis than the channels`)
}

export const sliced: ReadNode = (node, reading) => {
  const [starts, ends, axes, steps] = ['starts', 'ends', 'axes', 'steps'].map((name, i) =>
    intsOf(reading, node, name, i + 1),
  )
  const value = readValue(reading, node)
  const isPart = (starts ?? []).map((start, i) => {
    const side = value.shape[axisOf(axes?.[i] ?? i, value.shape)]!
    return start > 0 || (start < 0 && start > -side) || ends![i]! < side || (steps?.[i] ?? 1) !== 1
  })
  if (starts && !isPart.includes(true)) return value
  if (starts?.length !== 1 || ends?.length !== 1 || (steps?.[0] ?? 1) !== 1) {
    throw new UnknownNode(`${node.op} of more than channels`)
  }
  const { channels } = readChannels(reading, node, axes?.[0])
  const [start, end] = [starts[0]!, ends[0]!].map((at) =>
    Math.min(channels, Math.max(0, at < 0 ? at + channels : at)),
  ) as [number, number]
  return chosen(value, range(start, end), reading)
}

export const split: ReadNode = (node, reading) => {
  const value = readChannels(reading, node, intsOf(reading, node, 'axis', -1)?.[0])
  const parts = node.outputs.length
  const wanted =
    intsOf(reading, node, 'split', 1) ??
    range(0, parts).map((part) =>
      Math.min(
        Math.ceil(value.channels / parts),
        value.channels - part * Math.ceil(value.channels / parts),
      ),
    )
  const known = wanted.filter((length) => length !== -1)
  const rest = value.channels - known.reduce((total, length) => total + length, 0)
  // -1, which one of them may be in an IR, is what remains.
  const lengths = wanted.map((length) => (length === -1 ? rest : length))
  const isAll = known.length === wanted.length ? rest === 0 : known.length === wanted.length - 1
  if (!isAll || lengths.length !== parts || lengths.some((length) => !(length >= 1))) {
    throw new MisfitNode(`${node.op} of ${value.channels} channels into ${wanted.join(', ')}`)
  }
  let end = 0
  return lengths.map((length) => {
    end += length
    return chosen(value, range(end - length, end), reading)
  })
}

export const gathered: ReadNode = (node, reading) => {
  const indices = constantOf(reading, node, 1)
  if (indices?.shape.length !== 1) throw new MisfitNode(`${node.op} of what is not known`)
  const value = readChannels(reading, node, node.ints.get('axis')?.[0])
  const channels = Array.from(indices.values, (i) => axisOf(i, { length: value.channels }))
  const beyond = channels.find((from) => !(from >= 0 && from < value.channels))
  if (beyond !== undefined) {
    throw new MisfitNode(`${node.op} of channel ${beyond}, of ${value.channels}`)
  }
  return chosen(value, channels, reading)
}

export const concatenated: ReadNode = (node, reading) => {
  const parts = node.inputs.map((_, i) => readPicture(reading, node, i))
  const [first] = parts as [Value, ...Value[]]
  requireAlongChannels(node, node.ints.get('axis')?.[0] ?? 1, first)
  const isUnequal = parts.some(
    ({ height, width, isVector }) => isVector || height !== first.height || width !== first.width,
  )
  if (isUnequal) throw new MisfitNode(`${node.op} of vectors, or of pictures of several sizes`)
  const channels = parts.reduce((total, part) => total + part.channels, 0)
  const layer = reading.list.add({ op: 'concat', from: parts.map((part) => part.layer) }, null)
  return pictureOf(layer, first.height, first.width, channels)
}
