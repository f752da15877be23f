/**
 * A graph, as an ONNX file or an OpenVINO IR has it, -> layers of ours with their numbers. Everything that no layer of ours can do is
 * collected, so that one run names all of it. What the graph does to the picture before its first layer is read too.
 */
import { networkInput } from '../../../src/network/table.ts'
import { GraphFaults } from './graph-faults.ts'
import { LayerList, type Value } from './layer-list.ts'
import type { OnnxGraph, OnnxNode } from './onnx-file.ts'
import { operations } from './operations.ts'
import { asVector, type Reading } from './reading.ts'

export interface GraphNetwork {
  readonly list: LayerList
  /** Side of the input. */
  readonly size: number
  /** What happens to each channel of the input first: x * scale + offset. */
  readonly scale: readonly number[]
  readonly offset: readonly number[]
  /** A vector. */
  readonly output: Value
}

/** @param size of the input where the file leaves it open. @throws Error that names everything that is not known */
export function networkOfGraph(graph: OnnxGraph, size = 0): GraphNetwork {
  const [input] = graph.inputs
  const [output] = graph.outputs
  if (!input || !output) throw new Error('the graph has no input or no output')
  const side = sideOf(input.shape, size)
  const nodes = neededNodes(graph, output)
  const reads = new Map<string, number>([[output, 1]])
  for (const name of nodes.flatMap(({ inputs }) => inputs)) {
    reads.set(name, (reads.get(name) ?? 0) + 1)
  }
  const picture = { layer: networkInput, height: side, width: side, channels: 3, isVector: false }
  const reading: Reading = {
    graph,
    list: new LayerList(),
    faults: new GraphFaults(),
    values: new Map([[input.name, picture]]),
    waiting: new Map(),
    reads,
    scale: [1, 1, 1],
    offset: [0, 0, 0],
  }
  for (const node of nodes) readNode(node, reading)
  const { list, faults, values, scale, offset } = reading
  const last = values.get(output)
  if (faults.isEmpty && !last) faults.add(`an output of ${nodes.at(-1)?.op ?? 'nothing'}`)
  if (!faults.isEmpty) throw new Error(`it has what no layer here can do: ${faults.text}`)
  return { list, size: side, scale, offset, output: asVector(last!, list) }
}

/** One picture, its three colours first. */
function sideOf(shape: readonly number[], size: number): number {
  const [, channels, height = 0, width = 0] = shape
  const side = height === 0 ? size : height
  if (channels === 3 && side > 0 && (width === 0 || width === side)) return side
  throw new Error(`the input is [${shape.join(', ')}], expected [1, 3, side, side]`)
}

function readNode(node: OnnxNode, reading: Reading): void {
  const { values, waiting, faults } = reading
  const isKnown = (name: string): boolean => values.has(name) || waiting.has(name)
  const from = node.inputs.find(isKnown)
  // A shape, or what is computed from shapes and constants: the sizes are known without it.
  if (from === undefined || node.op.startsWith('Shape')) return
  const read = operations[node.op]
  const result = read ? read(node, reading) : node.op
  if (result === null) return
  if (typeof result !== 'string') {
    values.set(node.outputs[0]!, result)
    return
  }
  faults.add(result)
  // As if it were not there, so that what follows is read too.
  values.set(node.outputs[0]!, values.get(from) ?? waiting.get(from)!.of)
}

/** Those that the output is made of, in their order. */
function neededNodes({ nodes }: OnnxGraph, output: string): OnnxNode[] {
  const needed = new Set([output])
  const kept = nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((name) => needed.has(name))) return false
    for (const name of inputs) needed.add(name)
    return true
  })
  return kept.toReversed()
}
