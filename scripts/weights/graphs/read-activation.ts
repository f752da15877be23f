/** Nodes that bend: what is negative is multiplied by a slope, what is too large is cut off. */
import { MisfitNode, UnknownNode } from './graph-faults.ts'
import type { Value } from './layer-list.ts'
import { scaled } from './read-affine.ts'
import { clampedGates } from './read-gate.ts'
import {
  constantOf,
  numberOf,
  perChannel,
  type Reading,
  type ReadNode,
  readValue,
  unlimited,
} from './reading.ts'

function bent(value: Value, { list }: Reading): Value {
  return { ...value, layer: list.add({ op: 'relu' }, value) }
}

function sloped(value: Value, filter: Float32Array, { list }: Reading): Value {
  const layer = { op: 'prelu', channels: value.channels } as const
  return { ...value, layer: list.add(layer, value, { filter, bias: null }) }
}

export const relu: ReadNode = (node, reading) => bent(readValue(reading, node), reading)

export const slopes: ReadNode = (node, reading) => {
  const value = readValue(reading, node)
  const tensor = constantOf(reading, node, 1)
  const filter = tensor && perChannel(tensor, value, 'slopes')
  if (!filter || (value.flattened && tensor.values.length > 1)) {
    throw new MisfitNode(`${node.op} with other slopes than one a channel`)
  }
  return sloped(value, filter, reading)
}

export const leaky: ReadNode = (node, reading) => {
  const value = readValue(reading, node)
  const slope = node.floats.get('alpha') ?? 0.01
  return sloped(value, new Float32Array(value.channels).fill(slope), reading)
}

/** Cut off below 0, and above: min(x, most) = most - relu(most - x). */
export const clipped: ReadNode = (node, reading) => {
  const value = readValue(reading, node)
  const least = numberOf(reading, node, 'min', 1)
  const most = numberOf(reading, node, 'max', 2) ?? Number.POSITIVE_INFINITY
  if (least !== 0) throw new UnknownNode(`${node.op} at ${least ?? 'no number'}`)
  if (most > unlimited) return bent(value, reading)
  if (value.height * value.width === 1) return clampedGates(node, reading, most)
  const turned = { gain: -1, shift: most }
  const cut = scaled(reading, bent(value, reading), turned)
  return scaled(reading, bent(cut, reading), turned)
}
