/**
 * A graph, as an ONNX file or an OpenVINO IR has it, -> layers of ours with their numbers. Everything that no layer of ours can do is
 * collected, so that one run names all of it. What the graph does to the picture before its first layer is read too.
 */
import { networkInput } from '../../../src/network/table.ts'
import { foldConstant, listOf } from './fold-constants.ts'
import { GraphFaults, MisfitNode, UnknownNode } from './graph-faults.ts'
import { LayerList, type Value } from './layer-list.ts'
import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx-file.ts'
import { operations } from './operations.ts'
import { asVector, pictureOf, type Reading } from './reading.ts'

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

/**
 * @param size of the input where the file leaves it open
 * @param output which of them; the first one unless given
 * @throws Error that names everything that is not known
 */
export function networkOfGraph(
  graph: OnnxGraph,
  size = 0,
  output: string | undefined = graph.outputs[0],
): GraphNetwork {
  const input = graph.inputs.find(({ shape }) => shape.length === 4) ?? graph.inputs[0]
  if (!input || output === undefined) throw new Error('the graph has no input or no output')
  const picture = pictureRead(input.shape, size)
  const nodes = neededNodes(graph, output)
  const reading: Reading = {
    graph,
    list: new LayerList(),
    faults: new GraphFaults(),
    values: new Map([[input.name, picture]]),
    waiting: new Map(),
    tensors: new Map(graph.tensors),
    reads: countReads(nodes, output),
    scale: [1, 1, 1],
    offset: [0, 0, 0],
  }
  const guessed = new Set<string>()
  for (const node of nodes) readNode(node, reading, guessed)
  const { list, faults, values, waiting, scale, offset } = reading
  const last = values.get(output)
  const waits = waiting.get(output)
  if (faults.isEmpty && !last) {
    faults.add(
      `an output of ${waits?.what ?? nodes.at(-1)?.op ?? 'nothing'}`,
      waits?.node ?? output,
    )
  }
  if (!faults.isEmpty) throw new Error(`it has what no layer here can do: ${faults.text}`)
  return { list, size: picture.height, scale, offset, output: asVector(last!, list) }
}

/** One picture, its three colours first or last. */
function pictureRead(shape: readonly number[], size: number): Value {
  const isLast = shape[1] !== 3 && shape[3] === 3
  const [, height = 0, width = 0] = isLast ? shape : shape.toSpliced(1, 1)
  const side = height > 0 ? height : size
  const isSquare = side > 0 && (width <= 0 || width === side)
  if (shape.length !== 4 || !isSquare || !(isLast || shape[1] === 3)) {
    throw new Error(`the input is [${shape.join(', ')}], expected [1, 3, side, side]`)
  }
  const picture = pictureOf(networkInput, side, side, 3)
  return isLast ? { ...picture, shape: [1, side, side, 3], isLast } : picture
}

/** Who asks only for the shape of something leaves it alone. */
function countReads(nodes: readonly OnnxNode[], output: string): Map<string, number> {
  const reads = new Map<string, number>([[output, 1]])
  for (const name of nodes.flatMap(({ op, inputs }) => (isShape(op) ? [] : inputs))) {
    reads.set(name, (reads.get(name) ?? 0) + 1)
  }
  return reads
}

function isShape(op: string): boolean {
  return op === 'Shape' || op === 'ShapeOf'
}

/** @param guessed outputs of nodes that are not known */
function readNode(node: OnnxNode, reading: Reading, guessed: Set<string>): void {
  const { values, waiting, faults, tensors, reads } = reading
  const from = node.inputs.find((name) => values.has(name) || waiting.has(name))
  const [first = ''] = node.outputs
  if (from === undefined) {
    const constants = node.inputs.filter((name) => name !== '').map((name) => tensors.get(name))
    const known = constants.every((tensor) => tensor !== undefined)
    const folded = known ? foldConstant(node, constants as OnnxTensor[]) : null
    if (folded) tensors.set(first, folded)
    return
  }
  const source = values.get(from) ?? waiting.get(from)!.of
  if (isShape(node.op)) {
    const [start, end] = ['start', 'end'].map((name) => node.ints.get(name)?.[0])
    tensors.set(first, listOf(source.shape.slice(start, end)))
    return
  }
  const isGuess = node.inputs.some((name) => guessed.has(name))
  if (isGuess) for (const name of node.outputs) guessed.add(name)
  try {
    const read = Object.hasOwn(operations, node.op) ? operations[node.op] : undefined
    if (!read) throw new UnknownNode(node.op)
    const made = read(node, reading)
    const lacking = lackingOf(node, reading)
    if (lacking !== undefined) {
      throw new MisfitNode(`${node.op} with ${lacking}, which is not known`)
    }
    if (made === null) return
    const outputs = Array.isArray(made) ? (made as readonly Value[]) : [made as Value]
    for (const [i, value] of outputs.entries()) {
      const name = node.outputs[i] ?? ''
      values.set(name, value)
      // The same layer by another name: whoever reads it by the first one reads it too.
      const shared = node.inputs.find((input) => values.get(input)?.layer === value.layer)
      if (shared !== undefined) {
        reads.set(name, (reads.get(name) ?? 0) + (reads.get(shared) ?? 1) - 1)
      }
    }
  } catch (error) {
    if (!(error instanceof UnknownNode)) throw error
    if (!(isGuess && error instanceof MisfitNode)) faults.add(error.message, node.name)
    // As if it were not there, so that what follows is read too.
    for (const name of node.outputs) {
      values.set(name, source)
      guessed.add(name)
    }
  }
}

/** An input that the file names, and nothing is known of: it is not one that was left out. */
function lackingOf({ op, inputs }: OnnxNode, reading: Reading): string | undefined {
  // What a gate or a length is spread over is all that it counts for anyway.
  if (op === 'Expand') return undefined
  const { values, waiting, tensors } = reading
  const isKnown = (name: string): boolean =>
    values.has(name) || waiting.has(name) || tensors.has(name)
  return inputs.find((name) => name !== '' && !isKnown(name))
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
