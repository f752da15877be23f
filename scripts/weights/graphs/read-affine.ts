/**
 * Nodes that scale and shift: sums and products with constants, batch normalisation. They go into the layer before them, into the scale of
 * the input, or become a convolution of one place a channel.
 */
import { networkInput } from '../../../src/network/table.ts'
import { MisfitNode } from './graph-faults.ts'
import type { Value } from './layer-list.ts'
import {
  constantOf,
  maybeValue,
  perChannel,
  type Reading,
  type ReadNode,
  readValue,
} from './reading.ts'

/** A vector of more numbers is not scaled by a matrix. */
const mostDiagonal = 2048

type Combine = (x: number, constant: number) => number

/**
 * @param gainOf what x is multiplied by, from x = 1; `shiftOf` what is added to it, from x = 0
 * @param reversed the same where the constant comes first, as in 1 - x
 */
function withConstant(gainOf: Combine, shiftOf: Combine, reversed?: [Combine, Combine]): ReadNode {
  return (node, reading) => {
    if (node.inputs.length > 2) throw new MisfitNode(`${node.op} of three, one of them constant`)
    const at = maybeValue(reading, node) ? 0 : 1
    const value = readValue(reading, node, at)
    const tensor = constantOf(reading, node, 1 - at)
    const constants = tensor && perChannel(tensor, value)
    const combine = at === 0 ? ([gainOf, shiftOf] as const) : reversed
    if (!constants || !combine) {
      throw new MisfitNode(`${node.op} with something that is not one number a channel`)
    }
    const [gain, shift] = combine.map((one, x) => constants.map((constant) => one(1 - x, constant)))
    return scaled(reading, value, { gain: gain!, shift: shift! }, node.inputs[at]!)
  }
}

const one: Combine = () => 1
const zero: Combine = () => 0
const itself: Combine = (_, constant) => constant
const negative: Combine = (_, constant) => -constant

export const addConstant = withConstant(one, itself, [one, itself])
export const subtractConstant = withConstant(one, negative, [() => -1, itself])
export const multiplyConstant = withConstant(itself, zero, [itself, zero])
export const divideConstant = withConstant((_, constant) => 1 / constant, zero)

export const negated: ReadNode = (node, reading) =>
  scaled(reading, readValue(reading, node), { gain: -1, shift: 0 }, node.inputs[0]!)

export const batchNormalisation: ReadNode = (node, reading) => {
  const value = readValue(reading, node)
  const constants = [1, 2, 3, 4].map((input) => constantOf(reading, node, input))
  const [scale, shift, mean, variance] = constants
  if (!scale || !shift || !mean || !variance) {
    throw new MisfitNode(`${node.op} without its constants`)
  }
  const isRow = value.height * value.width > 1 && value.shape[1] !== value.channels
  const isOneEach = [scale, shift, mean, variance].every(
    ({ values }) => values.length === value.channels,
  )
  if (value.isLast || isRow || !isOneEach) {
    throw new MisfitNode(`${node.op} of [${value.shape.join(', ')}]`)
  }
  const epsilon = node.floats.get('epsilon') ?? 1e-5
  const gain = scale.values.map((factor, c) => factor / Math.sqrt(variance.values[c]! + epsilon))
  const moved = shift.values.map((term, c) => term - mean.values[c]! * gain[c]!)
  return scaled(reading, value, { gain, shift: moved }, node.inputs[0]!)
}

/** What each channel is multiplied by, and what is added; a number is meant for all of them. */
export interface Affine {
  readonly gain: number | Float32Array
  readonly shift: number | Float32Array
}

/** @param name of the value in the graph: only what nobody else reads is changed where it is made; without one, nobody else knows it */
export function scaled(reading: Reading, value: Value, affine: Affine, name?: string): Value {
  const { list, reads } = reading
  const { layer, channels, isVector } = value
  const [gain, shift] = [affine.gain, affine.shift].map((numbers) =>
    typeof numbers === 'number' ? new Float32Array(channels).fill(numbers) : numbers,
  ) as [Float32Array, Float32Array]
  const isOwn = name === undefined || reads.get(name) === 1
  if (layer === networkInput && isOwn) {
    reading.scale = reading.scale.map((s, c) => s * gain[c]!)
    reading.offset = reading.offset.map((o, c) => o * gain[c]! + shift[c]!)
    return value
  }
  if (isOwn && !value.flattened && list.scale(layer, gain, shift)) return value
  if (!isVector) {
    const kernel = [1, 1] as const
    const each = { op: 'depthwise', channels, kernel, stride: 1, padding: 'valid' } as const
    const added = list.add({ ...each, bias: true }, value, { filter: gain, bias: shift })
    return { ...value, layer: added }
  }
  if (channels > mostDiagonal || value.flattened) {
    throw new MisfitNode('a long vector that is scaled')
  }
  const filter = new Float32Array(channels * channels)
  for (let c = 0; c < channels; c++) filter[c * channels + c] = gain[c]!
  const diagonal = { op: 'dense', in: channels, out: channels, bias: true } as const
  return { ...value, layer: list.add(diagonal, value, { filter, bias: shift }) }
}
