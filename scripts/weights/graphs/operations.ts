/** The operations of graphs that layers of ours can do, each with how it is read. */

import { slide } from '../../../src/network/shapes.ts'
import type { Value } from './layer-list.ts'
import {
  addConstant,
  batchNormalisation,
  divideConstant,
  multiplyConstant,
  subtractConstant,
} from './read-affine.ts'
import { convolution, matrix, surrounded, withPadding } from './read-convolution.ts'
import { asVector, constantOf, perChannel, type ReadNode, readValue, vectorOf } from './reading.ts'

/** What changes nothing, at the time that a face is encoded. */
const same: ReadNode = (node, reading) => {
  const waiting = reading.waiting.get(node.inputs[0]!)
  if (waiting) reading.waiting.set(node.outputs[0]!, waiting)
  return waiting ? null : readValue(reading, node)!
}

const flattened: ReadNode = (node, reading) => {
  if (reading.waiting.has(node.inputs[0]!)) return same(node, reading)
  const value = readValue(reading, node)!
  return value.isVector ? value : asVector(value, reading.list)
}

const relu: ReadNode = (node, reading) => {
  const value = readValue(reading, node)!
  return { ...value, layer: reading.list.add({ op: 'relu' }, value) }
}

const slopes: ReadNode = (node, reading) => {
  const value = readValue(reading, node)!
  const tensor = constantOf(reading, node, 1)
  const filter = tensor && perChannel(tensor, value, 'slopes')
  if (!filter || value.flattened) return 'PRelu with other slopes than one a channel'
  const layer = { op: 'prelu', channels: value.channels } as const
  return { ...value, layer: reading.list.add(layer, value, { filter, bias: null }) }
}

const leaky: ReadNode = (node, reading) => {
  const value = readValue(reading, node)!
  const filter = new Float32Array(value.channels).fill(node.floats.get('alpha') ?? 0.01)
  const layer = { op: 'prelu', channels: value.channels } as const
  return { ...value, layer: reading.list.add(layer, value, { filter, bias: null }) }
}

const globalAverage: ReadNode = (node, reading) => {
  const value = readValue(reading, node)!
  return value.isVector
    ? value
    : vectorOf(reading.list.add({ op: 'globalAverage' }, value), value.channels)
}

const reduceMean: ReadNode = (node, reading) => {
  const axes = node.ints.get('axes') ?? Array.from(constantOf(reading, node, 1)?.values ?? [])
  const isOverPlaces = [2, 3].every((axis) => axes.includes(axis) || axes.includes(axis - 4))
  return axes.length === 2 && isOverPlaces
    ? globalAverage(node, reading)
    : `${node.op} over ${axes.join(', ')}`
}

function pool(op: 'maxPool' | 'avgPool'): ReadNode {
  return (node, reading) => {
    const value = readValue(reading, node)!
    const [size = 1, across = size] = node.ints.get('kernel_shape') ?? []
    const [stride = 1, strideAcross = stride] = node.ints.get('strides') ?? []
    const pads = node.ints.get('pads') ?? []
    const isPadded = pads.some((pad) => pad !== 0)
    if (size !== across || stride !== strideAcross)
      return `${node.op} of another form than a square`
    if (node.ints.get('ceil_mode')?.[0]) return `${node.op} with ceil_mode`
    if (op === 'avgPool' && isPadded && node.ints.get('count_include_pad')?.[0]) {
      return `${node.op} that counts its padding`
    }
    if (op === 'avgPool' && !isPadded && size === value.height && size === value.width) {
      return globalAverage(node, reading)
    }
    const padded = withPadding(node, value, reading.list)
    if (typeof padded === 'string') return padded
    const { from, padding } = padded
    // Zeros of our own would count in a mean, and beat what is negative.
    if (from !== value) return `${node.op} with pads ${pads.join(', ')}`
    return {
      ...value,
      layer: reading.list.add({ op, size, stride, padding }, from),
      height: slide(padding, from.height, size, stride).places,
      width: slide(padding, from.width, size, stride).places,
    }
  }
}

const sum: ReadNode = (node, reading) => {
  const parts = node.inputs.map((_, i) => readValue(reading, node, i))
  if (parts.some((part) => part === undefined)) return addConstant(node, reading)
  const known = parts as Value[]
  const [first] = known as [Value, ...Value[]]
  if (known.some((part) => !isAlike(part, first))) return `${node.op} of unequal shapes`
  const from = known.map(({ layer }) => layer)
  return { ...first, layer: reading.list.add({ op: 'add', from, activation: 'linear' }, null) }
}

/** A gate where one of the two is a sigmoid, or a product with a constant. */
const multiplied: ReadNode = (node, reading) => {
  const at = node.inputs.findIndex((name) => reading.waiting.get(name)?.op === 'sigmoid')
  if (at === -1) return multiplyConstant(node, reading)
  const gates = reading.waiting.get(node.inputs[at]!)!.of
  const picture = readValue(reading, node, 1 - at)
  if (!picture || picture.isVector || !gates.isVector || picture.channels !== gates.channels) {
    return 'a sigmoid that is no gate of a picture, one a channel'
  }
  const from = [picture.layer, gates.layer] as const
  return { ...picture, layer: reading.list.add({ op: 'gate', from }, null) }
}

const divided: ReadNode = (node, reading) => {
  const length = reading.waiting.get(node.inputs[1] ?? '')
  const value = readValue(reading, node)
  if (length?.op !== 'length') return divideConstant(node, reading)
  return value && length.of.layer === value.layer
    ? atLengthOne(node, reading)
    : 'Div by a length of something else'
}

const atLengthOne: ReadNode = (node, reading) => {
  const value = asVector(readValue(reading, node)!, reading.list)
  return { ...value, layer: reading.list.add({ op: 'l2Normalise' }, value) }
}

function wait(op: 'sigmoid' | 'length'): ReadNode {
  return (node, reading) => {
    const value = readValue(reading, node)
    if (!value) return node.op
    reading.waiting.set(node.outputs[0]!, { op, of: value })
    return null
  }
}

const concatenated: ReadNode = (node, reading) => {
  const parts = node.inputs.map((_, i) => readValue(reading, node, i))
  if (parts.some((part) => !part || part.isVector) || node.ints.get('axis')?.[0] !== 1) {
    return 'Concat along another axis than the channels'
  }
  const from = (parts as Value[]).map(({ layer }) => layer)
  const channels = (parts as Value[]).reduce((total, part) => total + part.channels, 0)
  return { ...parts[0]!, channels, layer: reading.list.add({ op: 'concat', from }, null) }
}

const bordered: ReadNode = (node, reading) => {
  const value = readValue(reading, node)!
  const pads = node.ints.get('pads') ?? Array.from(constantOf(reading, node, 1)?.values ?? [])
  const [n0, c0, top, left, n1, c1, bottom, right] = pads
  const fill = constantOf(reading, node, 2)?.values[0] ?? node.floats.get('value') ?? 0
  const isConstant = ['', 'constant'].includes(node.texts.get('mode') ?? '') && fill === 0
  if (
    !isConstant ||
    n0 ||
    c0 ||
    n1 ||
    c1 ||
    top !== left ||
    bottom !== right ||
    top === undefined
  ) {
    return 'Pad with other than rows and columns of zeros'
  }
  return surrounded(value, top, bottom!, reading.list)
}

export const operations: Readonly<Record<string, ReadNode>> = {
  Conv: convolution,
  Gemm: matrix,
  MatMul: matrix,
  BatchNormalization: batchNormalisation,
  PRelu: slopes,
  LeakyRelu: leaky,
  Relu: relu,
  Add: sum,
  Sum: sum,
  Sub: subtractConstant,
  Mul: multiplied,
  Div: divided,
  Sigmoid: wait('sigmoid'),
  GlobalAveragePool: globalAverage,
  ReduceMean: reduceMean,
  AveragePool: pool('avgPool'),
  MaxPool: pool('maxPool'),
  Concat: concatenated,
  Pad: bordered,
  Flatten: flattened,
  Reshape: flattened,
  Squeeze: same,
  Unsqueeze: same,
  Identity: same,
  Dropout: same,
  Cast: same,
  // The length of a vector, on its way to divide it.
  ReduceL2: wait('length'),
  Clip: lengthOnly,
  Max: lengthOnly,
  Expand: lengthOnly,
  LpNormalization: atLengthOne,
  NormalizeL2: atLengthOne,
}

function lengthOnly(...[node, reading]: Parameters<ReadNode>): ReturnType<ReadNode> {
  return reading.waiting.get(node.inputs[0]!)?.op === 'length' ? same(node, reading) : node.op
}

function isAlike(a: Value, b: Value): boolean {
  return (
    a.height === b.height &&
    a.width === b.width &&
    a.channels === b.channels &&
    a.isVector === b.isVector
  )
}
