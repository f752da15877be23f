/** Scaling to length 1, as one node or as the several that exporters write: squares, their sum, its root, a quotient. */
import { MisfitNode, UnknownNode } from './graph-faults.ts'
import type { Value } from './layer-list.ts'
import type { OnnxNode } from './onnx-file.ts'
import {
  asVector,
  axisOf,
  constantOf,
  intsOf,
  maybeValue,
  numberOf,
  type Reading,
  type ReadNode,
  readValue,
  unlimited,
  type Waiting,
  waitingOf,
} from './reading.ts'

/** What keeps a length from being zero is no larger. */
const smallTerm = 1e-3

export function wait(
  node: OnnxNode,
  reading: Reading,
  waiting: Pick<Waiting, 'is' | 'of'> & Partial<Waiting>,
): null {
  const itself = { times: 1, what: node.op, node: node.name }
  reading.waiting.set(node.outputs[0]!, { ...itself, ...waiting })
  return null
}

function scaledToOne(value: Value, reading: Reading): Value {
  const vector = asVector(value, reading.list)
  return { ...vector, layer: reading.list.add({ op: 'l2Normalise' }, vector) }
}

/** Whether a node that reduces does so over all numbers. */
function isOfAll(axes: readonly number[] | undefined, { shape }: Value): boolean {
  const gone = axes?.map((axis) => axisOf(axis, shape))
  return shape.every((side, axis) => side === 1 || gone === undefined || gone.includes(axis))
}

/** Of one vector, all of it. @throws MisfitNode for a length at each place of a picture */
function readRow(node: OnnxNode, reading: Reading, axes: readonly number[] | undefined): Value {
  const value = readValue(reading, node)
  if (isOfAll(axes, value)) return value
  throw new MisfitNode(`${node.op} of [${value.shape.join(', ')}] along one axis`)
}

/** ReduceL2, ReduceSumSquare. */
export function reduced(is: 'length' | 'squaredLength'): ReadNode {
  return (node, reading) =>
    wait(node, reading, { is, of: readRow(node, reading, intsOf(reading, node, 'axes', 1)) })
}

/** A sum of squares; no other sum is known. */
export const reduceSum: ReadNode = (node, reading) => {
  const squares = waitingOf(reading, node)
  const axes = intsOf(reading, node, 'axes', 1)
  if (squares?.is !== 'squares' || !isOfAll(axes, squares.of)) throw new UnknownNode(node.op)
  return wait(node, reading, { is: 'squaredLength', of: squares.of })
}

/** Sqrt, Reciprocal. */
export function turned(from: Waiting['is'], is: Waiting['is']): ReadNode {
  return (node, reading) => {
    const waiting = waitingOf(reading, node)
    if (waiting?.is !== from) throw new UnknownNode(node.op)
    return wait(node, reading, { is, of: waiting.of })
  }
}

export const power: ReadNode = (node, reading) => {
  const exponent = constantOf(reading, node, 1)?.values[0]
  const waiting = waitingOf(reading, node)
  if (exponent === 2 && maybeValue(reading, node)) {
    return wait(node, reading, { is: 'squares', of: readValue(reading, node) })
  }
  if (waiting?.is === 'squaredLength' && exponent === 0.5) {
    return wait(node, reading, { is: 'length', of: waiting.of })
  }
  if (waiting?.is === 'squaredLength' && exponent === -0.5) {
    return wait(node, reading, { is: 'perLength', of: waiting.of })
  }
  throw new UnknownNode(`${node.op} by ${exponent ?? 'what is not known'}`)
}

/** LpNormalization, NormalizeL2. */
export const atLengthOne: ReadNode = (node, reading) => {
  const p = node.ints.get('p')?.[0] ?? 2
  if (p !== 2) throw new UnknownNode(`${node.op} with p ${p}`)
  const axes = intsOf(reading, node, 'axes', 1) ?? node.ints.get('axis') ?? [-1]
  return scaledToOne(readRow(node, reading, axes), reading)
}

/** x / its length, x * (1 / its length); null where a node is neither. */
export function overLength(
  node: OnnxNode,
  reading: Reading,
  is: 'length' | 'perLength',
): Value | null {
  const at = node.inputs.findIndex((name) => reading.waiting.get(name)?.is === is)
  if (at === -1 || (is === 'length' && at !== 1)) return null
  const value = readValue(reading, node, 1 - at)
  const { of } = waitingOf(reading, node, at)!
  if (of.layer === value.layer) return scaledToOne(value, reading)
  throw new UnknownNode(`${node.op} by the length of something else`)
}

/** Clip, Max, Add: of a length they keep it from being zero. */
export function keptFromZero(read: ReadNode): ReadNode {
  return (node, reading) => {
    const at = node.inputs.findIndex((name) => isLength(reading.waiting.get(name)))
    if (at === -1) return read(node, reading)
    const terms = termsOf(node, reading, at)
    if (terms === null)
      throw new UnknownNode(`${node.op} of a length with more than a small number`)
    const large = terms.find((term) => !(Math.abs(term) <= smallTerm))
    if (large !== undefined) throw new UnknownNode(`${node.op} of a length with ${large}`)
    reading.waiting.set(node.outputs[0]!, waitingOf(reading, node, at)!)
    return null
  }
}

/** What is added to the length at an input, or what it is at least; null where that is not all, or no constant. */
function termsOf(node: OnnxNode, reading: Reading, at: number): readonly number[] | null {
  if (node.op === 'Clip') {
    const most = numberOf(reading, node, 'max', 2) ?? Number.POSITIVE_INFINITY
    return at === 0 && most > unlimited ? [numberOf(reading, node, 'min', 1) ?? 0] : null
  }
  const others = node.inputs.map((_, i) => constantOf(reading, node, i)).toSpliced(at, 1)
  return others.every((tensor) => tensor !== undefined)
    ? others.flatMap(({ values }) => Array.from(values))
    : null
}

function isLength(waiting: Waiting | undefined): boolean {
  return ['length', 'squaredLength', 'perLength'].includes(waiting?.is ?? '')
}
