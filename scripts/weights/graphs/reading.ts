/** What is known while a graph is read, and what the readers of its nodes share. */
import { type GraphFaults, MisfitNode, UnknownNode } from './graph-faults.ts'
import type { LayerList, Value } from './layer-list.ts'
import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx-file.ts'

/** What a layer does only together with a node that comes later: gates, and the length that something is divided by. */
export interface Waiting {
  readonly is: 'sigmoid' | 'clamp' | 'squares' | 'squaredLength' | 'length' | 'perLength'
  readonly of: Value
  /** What it is multiplied by meanwhile. */
  readonly times: number
  /** What is said of it, and where, when no such node comes. */
  readonly what: string
  readonly node: string
}

export interface Reading {
  readonly graph: OnnxGraph
  readonly list: LayerList
  readonly faults: GraphFaults
  /** Outputs of nodes that were read, by name. */
  readonly values: Map<string, Value>
  readonly waiting: Map<string, Waiting>
  /** The file's tensors, and what nodes make of them. */
  readonly tensors: Map<string, OnnxTensor>
  /** How often an output is read, also by another name. */
  readonly reads: Map<string, number>
  /** What happens to each channel of the input before the first layer: x * scale + offset. */
  scale: number[]
  offset: number[]
}

/** What the outputs of a node are, the first one first; null where it waits for another node. @throws UnknownNode */
export type ReadNode = (node: OnnxNode, reading: Reading) => Value | readonly Value[] | null

export function constantOf(
  { tensors }: Reading,
  node: OnnxNode,
  input: number,
): OnnxTensor | undefined {
  return tensors.get(node.inputs[input] ?? '')
}

/** Larger than any number of a network: as files have it that were given a number in place of none. */
export const unlimited = 1e30

/** Whole numbers that are an attribute in older files and an input in newer ones. */
export function intsOf(
  reading: Reading,
  node: OnnxNode,
  name: string,
  input: number,
): readonly number[] | undefined {
  const tensor = constantOf(reading, node, input)
  return tensor ? Array.from(tensor.values) : node.ints.get(name)
}

/** A number that is an attribute in older files and an input in newer ones. */
export function numberOf(
  reading: Reading,
  node: OnnxNode,
  name: string,
  input: number,
): number | undefined {
  return constantOf(reading, node, input)?.values[0] ?? node.floats.get(name)
}

export function maybeValue({ values }: Reading, node: OnnxNode, input = 0): Value | undefined {
  return values.get(node.inputs[input] ?? '')
}

/** @throws UnknownNode where the input is none */
export function readValue(reading: Reading, node: OnnxNode, input = 0): Value {
  const value = maybeValue(reading, node, input)
  if (value) return value
  const waits = node.inputs.map((name) => reading.waiting.get(name)).find((one) => one)
  if (waits) throw new UnknownNode(`${waits.what} before ${node.op}`)
  throw new MisfitNode(`${node.op} of what is not known`)
}

/** A value whose channels lie where a layer of a picture expects them. @throws MisfitNode */
export function readPicture(reading: Reading, node: OnnxNode, input = 0): Value {
  const value = readValue(reading, node, input)
  const { height, width, channels, shape, isLast } = value
  if (!isLast && sameNumbers(shape, [1, channels, height, width])) return value
  throw new MisfitNode(`${node.op} of [${shape.join(', ')}]`)
}

export function waitingOf({ waiting }: Reading, node: OnnxNode, input = 0): Waiting | undefined {
  return waiting.get(node.inputs[input] ?? '')
}

export function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}

export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1)
}

/** Counted from the front. */
export function axisOf(axis: number, { length }: { readonly length: number }): number {
  return axis < 0 ? axis + length : axis
}

/** Which side of its shape in the file counts a value's channels; -1 where none does, as in a flattened picture. */
export function channelAxis({ shape, channels, isLast }: Value): number {
  const axis = isLast ? shape.length - 1 : shape.findIndex((side) => side !== 1)
  // Of one channel: where it stands in [1, 1] and in [1, 1, 1, 1].
  if (axis === -1) return Math.min(1, shape.length - 1)
  return shape[axis] === channels ? axis : -1
}

/**
 * One number for each channel, from one for each or one for all; null from anything else.
 *
 * @param of 'slopes' may be counted from the first axis, where a row has another length; what is added or multiplied never is
 */
export function perChannel(
  { shape, values }: OnnxTensor,
  value: Value,
  of: 'slopes' | 'terms' = 'terms',
): Float32Array | null {
  const { channels } = value
  if (values.length === 1) return new Float32Array(channels).fill(values[0]!)
  if (values.length !== channels) return null
  const isRow = value.shape.at(-1) === channels && channelAxis(value) !== value.shape.length - 1
  if (of === 'slopes' && sameNumbers(shape, [channels])) return isRow ? null : values
  const fromEnd = value.shape.length - channelAxis(value)
  return channelAxis(value) !== -1 && shape.at(-fromEnd) === channels ? values : null
}

/** A picture of one pixel, or any other flattened, as a vector. */
export function asVector(value: Value, list: LayerList): Value {
  if (value.isVector) return value
  const { height, width, channels, shape, isLast } = value
  const places = height * width
  return {
    ...vectorOf(list.add({ op: 'flatten' }, value), places * channels, shape),
    ...(places > 1 && !isLast && { flattened: { places, channels } }),
  }
}

export function vectorOf(
  layer: string,
  channels: number,
  shape: readonly number[] = [1, channels],
): Value {
  return { layer, height: 1, width: 1, channels, isVector: true, shape, isLast: false }
}

/** What a layer makes of a picture. */
export function pictureOf(layer: string, height: number, width: number, channels: number): Value {
  const shape = [1, channels, height, width]
  return { layer, height, width, channels, isVector: false, shape, isLast: false }
}
