/**
 * Nodes that scale and shift: sums and products with constants, batch normalisation. They go into the layer before them, into the scale of
 * the input, or become a convolution of one place a channel.
 */
import { networkInput } from '../../../src/network/table.ts'
import type { Value } from './layer-list.ts'
import type { OnnxNode } from './onnx-file.ts'
import { constantOf, perChannel, type Reading, type ReadNode, readValue } from './reading.ts'

/** A vector of more numbers is not scaled by a matrix. */
const mostDiagonal = 2048

type Combine = (x: number, constant: number) => number

/** @param isReversed whether the constant comes first, as in 1 - x */
function withConstant(op: string, gainOf: Combine, shiftOf: Combine): ReadNode {
  return (node, reading) => {
    const at = reading.values.has(node.inputs[0]!) ? 0 : 1
    const value = readValue(reading, node, at)!
    const tensor = constantOf(reading, node, 1 - at)
    const constants = tensor && perChannel(tensor, value)
    if (!constants || (at === 1 && (op === 'Sub' || op === 'Div'))) {
      return `${op} of something that is not one number a channel`
    }
    return scaled(
      node,
      reading,
      value,
      constants.map((constant) => gainOf(1, constant)),
      constants.map((constant) => shiftOf(0, constant)),
    )
  }
}

export const addConstant = withConstant(
  'Add',
  (x) => x,
  (x, constant) => x + constant,
)
export const subtractConstant = withConstant(
  'Sub',
  (x) => x,
  (x, constant) => x - constant,
)
export const multiplyConstant = withConstant(
  'Mul',
  (x, constant) => x * constant,
  (x) => x,
)
export const divideConstant = withConstant(
  'Div',
  (x, constant) => x / constant,
  (x) => x,
)

export const batchNormalisation: ReadNode = (node, reading) => {
  const value = readValue(reading, node)!
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((input) =>
    constantOf(reading, node, input),
  )
  if (!scale || !shift || !mean || !variance) return 'BatchNormalization without its constants'
  const epsilon = node.floats.get('epsilon') ?? 1e-5
  const gain = scale.values.map((value, c) => value / Math.sqrt(variance.values[c]! + epsilon))
  const moved = shift.values.map((value, c) => value - mean.values[c]! * gain[c]!)
  if (gain.length !== value.channels) return 'BatchNormalization of a flattened picture'
  return scaled(node, reading, value, gain, moved)
}

function scaled(
  node: OnnxNode,
  reading: Reading,
  value: Value,
  gain: Float32Array,
  shift: Float32Array,
): Value | string {
  const { list, reads } = reading
  const name = node.inputs.find((input) => reading.values.get(input) === value)!
  const { layer, channels, isVector } = value
  if (layer === networkInput) {
    // Only what happens to it first: whoever reads it as it was would see it changed.
    if (reads.get(name)! > 1) return 'an input that is read both scaled and as it is'
    reading.scale = reading.scale.map((s, c) => s * gain[c]!)
    reading.offset = reading.offset.map((o, c) => o * gain[c]! + shift[c]!)
    return value
  }
  if (reads.get(name) === 1 && !value.flattened && list.scale(layer, gain, shift)) return value
  if (!isVector) {
    const kernel = [1, 1] as const
    const each = {
      op: 'depthwise',
      channels,
      kernel,
      stride: 1,
      padding: 'valid',
      bias: true,
    } as const
    return { ...value, layer: list.add(each, value, { filter: gain, bias: shift }) }
  }
  if (channels > mostDiagonal || value.flattened) return 'a long vector that is scaled'
  const filter = new Float32Array(channels * channels)
  for (let c = 0; c < channels; c++) filter[c * channels + c] = gain[c]!
  const diagonal = { op: 'dense', in: channels, out: channels, bias: true } as const
  return { ...value, layer: list.add(diagonal, value, { filter, bias: shift }) }
}
