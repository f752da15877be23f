/** The operations of graphs that layers of ours can do, each with how it is read. */
import { floatTypes } from './fold-constants.ts'
import { MisfitNode, UnknownNode } from './graph-faults.ts'
import type { Value } from './layer-list.ts'
import { clipped, leaky, relu, slopes } from './read-activation.ts'
import { addConstant, batchNormalisation, negated, subtractConstant } from './read-affine.ts'
import { convolution, matrix } from './read-convolution.ts'
import { divided, hardSigmoid, multiplied, sigmoid } from './read-gate.ts'
import { atLengthOne, keptFromZero, power, reduced, reduceSum, turned } from './read-length.ts'
import { bordered } from './read-padding.ts'
import { globalAverage, globalMost, pool, reduceMean } from './read-pool.ts'
import {
  concatenated,
  flattened,
  gathered,
  reshaped,
  same,
  sliced,
  split,
  squeezed,
  transposed,
  unsqueezed,
} from './read-shape.ts'
import { asVector, maybeValue, type ReadNode, readValue, sameNumbers } from './reading.ts'

const sum: ReadNode = (node, reading) => {
  if (node.inputs.some((_, i) => !maybeValue(reading, node, i))) return addConstant(node, reading)
  const { list } = reading
  const read = node.inputs.map((_, i) => readValue(reading, node, i))
  const isMixed = read.some(({ isVector }) => isVector !== read[0]!.isVector)
  const isOnePixel = read.every(({ height, width }) => height * width === 1)
  const parts = isMixed && isOnePixel ? read.map((part) => asVector(part, list)) : read
  const [first] = parts as [Value, ...Value[]]
  if (parts.some((part) => !isAlike(part, first))) {
    throw new MisfitNode(`${node.op} of unequal shapes`)
  }
  const from = parts.map(({ layer }) => layer)
  return { ...first, layer: list.add({ op: 'add', from, activation: 'linear' }, null) }
}

function isAlike(a: Value, b: Value): boolean {
  return (
    sameNumbers(a.shape, b.shape) &&
    a.height === b.height &&
    a.width === b.width &&
    a.channels === b.channels &&
    a.isVector === b.isVector &&
    a.isLast === b.isLast &&
    a.flattened?.channels === b.flattened?.channels
  )
}

const unknown: ReadNode = (node) => {
  throw new MisfitNode(node.op)
}

export const operations: Readonly<Record<string, ReadNode>> = {
  Conv: convolution,
  Gemm: matrix,
  MatMul: matrix,
  BatchNormalization: batchNormalisation,
  PRelu: slopes,
  LeakyRelu: leaky,
  Relu: relu,
  Clip: keptFromZero(clipped),
  Add: keptFromZero(sum),
  Sum: sum,
  Sub: subtractConstant,
  Neg: negated,
  Mul: multiplied,
  Div: divided,
  Sigmoid: sigmoid,
  HardSigmoid: hardSigmoid,
  GlobalAveragePool: globalAverage,
  GlobalMaxPool: globalMost,
  ReduceMean: reduceMean,
  AveragePool: pool('avgPool'),
  MaxPool: pool('maxPool'),
  Concat: concatenated,
  Slice: sliced,
  Split: split,
  Gather: gathered,
  Pad: bordered,
  Flatten: flattened,
  Reshape: reshaped,
  Squeeze: squeezed,
  Unsqueeze: unsqueezed,
  Transpose: transposed,
  Identity: same,
  Dropout: same,
  Cast: (node, reading) => {
    const to = node.ints.get('to')?.[0]
    if (to !== undefined && !floatTypes.includes(to)) {
      throw new UnknownNode(`${node.op} to other numbers than floats`)
    }
    return same(node, reading)
  },
  ReduceL2: reduced('length'),
  ReduceSumSquare: reduced('squaredLength'),
  ReduceSum: reduceSum,
  Pow: power,
  Sqrt: turned('squaredLength', 'length'),
  Reciprocal: turned('length', 'perLength'),
  Max: keptFromZero(unknown),
  // A gate, or a length, over all that it counts for.
  Expand: (node, reading) =>
    reading.waiting.has(node.inputs[0]!) ? same(node, reading) : unknown(node, reading),
  LpNormalization: atLengthOne,
  NormalizeL2: atLengthOne,
}
