/** What is known while a graph is read, and what the readers of its nodes share. */
import type { GraphFaults } from './graph-faults.ts'
import type { LayerList, Value } from './layer-list.ts'
import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx-file.ts'

export interface Reading {
  readonly graph: OnnxGraph
  readonly list: LayerList
  readonly faults: GraphFaults
  /** Outputs of nodes that were read, by name. */
  readonly values: Map<string, Value>
  /** Outputs of sigmoids, which wait for what they are the gates of, and lengths, which wait for what they divide. */
  readonly waiting: Map<string, { readonly op: 'sigmoid' | 'length'; readonly of: Value }>
  /** How often an output is read. */
  readonly reads: ReadonlyMap<string, number>
  /** What happens to each channel of the input before the first layer: x * scale + offset. */
  scale: number[]
  offset: number[]
}

/** What a node becomes: a value, null where it waits for another node, or a text: what about it is not known. */
export type ReadNode = (node: OnnxNode, reading: Reading) => Value | null | string

export function constantOf(
  { graph }: Reading,
  node: OnnxNode,
  input: number,
): OnnxTensor | undefined {
  return graph.tensors.get(node.inputs[input] ?? '')
}

export function readValue({ values }: Reading, node: OnnxNode, input = 0): Value | undefined {
  return values.get(node.inputs[input] ?? '')
}

/**
 * One number for each channel, from one for each or one for all; null from anything else.
 *
 * @param of 'slopes' count channels from the first axis; what is added or multiplied is counted from the last
 */
export function perChannel(
  { shape, values }: OnnxTensor,
  { channels, isVector }: Value,
  of: 'slopes' | 'terms' = 'terms',
): Float32Array | null {
  if (values.length === 1) return new Float32Array(channels).fill(values[0]!)
  const isPlaced = isVector || of === 'slopes' || (shape.at(-1) === 1 && shape.at(-2) === 1)
  return values.length === channels && isPlaced ? values : null
}

/** A picture of one pixel, or any other flattened, as a vector. */
export function asVector(value: Value, list: LayerList): Value {
  if (value.isVector) return value
  const { height, width, channels } = value
  return {
    layer: list.add({ op: 'flatten' }, value),
    height: 1,
    width: 1,
    channels: height * width * channels,
    isVector: true,
    ...(height * width > 1 && { flattened: { places: height * width, channels } }),
  }
}

export function vectorOf(layer: string, channels: number): Value {
  return { layer, height: 1, width: 1, channels, isVector: true }
}
