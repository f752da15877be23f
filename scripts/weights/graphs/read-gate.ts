/** Gates, which multiply each channel of a picture, and products of other kinds. */
import { MisfitNode, UnknownNode } from './graph-faults.ts'
import type { Value } from './layer-list.ts'
import type { OnnxNode } from './onnx-file.ts'
import { divideConstant, multiplyConstant, scaled } from './read-affine.ts'
import { overLength, wait } from './read-length.ts'
import {
  asVector,
  channelAxis,
  constantOf,
  maybeValue,
  numberOf,
  type Reading,
  type ReadNode,
  readValue,
  type Waiting,
  waitingOf,
} from './reading.ts'

export const squashes = ({ is }: Waiting): boolean => is === 'sigmoid' || is === 'clamp'

export const sigmoid: ReadNode = (node, reading) =>
  wait(node, reading, { is: 'sigmoid', of: readValue(reading, node) })

/** alpha * x + beta, between 0 and 1. */
export const hardSigmoid: ReadNode = (node, reading) => {
  const value = readValue(reading, node)
  const gain = numberOf(reading, node, 'alpha', 1) ?? 0.2
  const shift = numberOf(reading, node, 'beta', 2) ?? 0.5
  const of = scaled(reading, value, { gain, shift }, node.inputs[0]!)
  return wait(node, reading, { is: 'clamp', of })
}

/** The gates of a vector, as relu6(x + 3) / 6 has them. @param most what x is cut off at */
export function clampedGates(node: OnnxNode, reading: Reading, most: number): null {
  const value = readValue(reading, node)
  const of = scaled(reading, value, { gain: 1 / most, shift: 0 }, node.inputs[0]!)
  return wait(node, reading, { is: 'clamp', of, times: most })
}

/** A gate, scaling to length 1, a square, or a product with a constant. */
export const multiplied: ReadNode = (node, reading) => {
  const at = node.inputs.findIndex((name) => {
    const waiting = reading.waiting.get(name)
    return waiting !== undefined && squashes(waiting)
  })
  if (at !== -1) return gated(node, reading, at)
  if (node.inputs[0] === node.inputs[1] && maybeValue(reading, node)) {
    return wait(node, reading, { is: 'squares', of: readValue(reading, node) })
  }
  return overLength(node, reading, 'perLength') ?? multiplyConstant(node, reading)
}

export const divided: ReadNode = (node, reading) => {
  const waiting = waitingOf(reading, node)
  if (waiting && squashes(waiting)) return gated(node, reading, 0)
  return overLength(node, reading, 'length') ?? divideConstant(node, reading)
}

function gated(node: OnnxNode, reading: Reading, at: number): Value | null {
  const gates = waitingOf(reading, node, at)!
  const constant = constantOf(reading, node, 1 - at)
  if (constant?.values.length === 1) {
    const factor = node.op === 'Div' ? 1 / constant.values[0]! : constant.values[0]!
    reading.waiting.set(node.outputs[0]!, { ...gates, times: gates.times * factor })
    return null
  }
  const picture = maybeValue(reading, node, 1 - at)
  const { height, width, channels } = gates.of
  const isGate = node.op === 'Mul' && height * width === 1 && Math.abs(gates.times - 1) < 1e-6
  if (!picture || picture.isVector || !isGate || picture.channels !== channels) {
    throw new UnknownNode(`${gates.what} that is no gate of a picture, one number a channel`)
  }
  // [1, 8] on [1, 8, 4, 8] multiplies each column, not each channel.
  const fromEnd = gates.of.shape.length - channelAxis(gates.of)
  const isOther = fromEnd !== picture.shape.length - channelAxis(picture)
  if (isOther && picture.shape.at(-fromEnd) === channels) {
    throw new MisfitNode(
      `${node.op} of [${picture.shape.join(', ')}] with gates [${gates.of.shape.join(', ')}]`,
    )
  }
  const from = [picture.layer, asVector(gates.of, reading.list).layer] as const
  const squash = gates.is === 'clamp' ? ({ squash: 'clamp' } as const) : {}
  return { ...picture, layer: reading.list.add({ op: 'gate', from, ...squash }, null) }
}
