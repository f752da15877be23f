/**
 * Nodes that read constants alone, computed: exporters turn weights round, keep them in half precision, and work out shapes, which are
 * known here, with a batch of one.
 */
import type { OnnxNode, OnnxTensor } from './onnx-file.ts'
import { axisOf, countOf } from './reading.ts'

type Fold = (node: OnnxNode, inputs: readonly OnnxTensor[]) => OnnxTensor | null

/** More numbers than any network of ours has in one tensor: a file may claim any shape. */
const mostNumbers = 2 ** 26

/** Of a Cast, by their numbers in ONNX: what any layer computes in, one as good as another. */
export const floatTypes: readonly number[] = [1, 10, 11, 16]
const boolType = 9

/** null where the node is not known here, or lacks an input. */
export function foldConstant(node: OnnxNode, inputs: readonly OnnxTensor[]): OnnxTensor | null {
  if (inputs.length < (readsTwo.has(node.op) ? 2 : 1)) return null
  return Object.hasOwn(folds, node.op) ? folds[node.op]!(node, inputs) : null
}

/** A list of whole numbers as a tensor. */
export function listOf(numbers: readonly number[]): OnnxTensor {
  return { shape: [numbers.length], values: Float32Array.from(numbers) }
}

/** Sides in place of 0, which keeps one, and of -1, which is what remains. */
export function reshapedTo(
  shape: readonly number[],
  wanted: readonly number[],
): readonly number[] | null {
  const sides = wanted.map((side, i) => (side === 0 ? (shape[i] ?? 0) : side))
  const known = countOf(sides.filter((side) => side !== -1))
  const to = sides.map((side) => (side === -1 ? countOf(shape) / known : side))
  return countOf(to) === countOf(shape) && to.every(Number.isInteger) ? to : null
}

/** @param axes all of length one unless given */
export function squeezedTo(
  shape: readonly number[],
  axes: readonly number[] | undefined,
): readonly number[] {
  const gone = axes?.map((axis) => axisOf(axis, shape))
  return shape.filter((side, i) => (gone ? !gone.includes(i) : side !== 1))
}

export function unsqueezedTo(shape: readonly number[], axes: readonly number[]): readonly number[] {
  const sides = [...shape]
  const length = shape.length + axes.length
  for (const axis of axes.map((one) => (one < 0 ? one + length : one)).sort((a, b) => a - b)) {
    sides.splice(axis, 0, 1)
  }
  return sides
}

const same: Fold = (_, [tensor]) => tensor!

/** The axes, an attribute in older files. */
function axesOf(node: OnnxNode, axes: OnnxTensor | undefined): readonly number[] | undefined {
  return axes ? Array.from(axes.values) : node.ints.get('axes')
}

function pairwise(combine: (a: number, b: number) => number): Fold {
  return (_, [a, b]) => {
    const [large, small] = a!.values.length >= b!.values.length ? [a!, b!] : [b!, a!]
    const isOne = small.values.length === 1
    if (!isOne && small.shape.join() !== large.shape.join()) return null
    const at = ({ values }: OnnxTensor, i: number): number => values[values.length === 1 ? 0 : i]!
    return { shape: large.shape, values: large.values.map((_, i) => combine(at(a!, i), at(b!, i))) }
  }
}

function transposed({ shape, values }: OnnxTensor, order: readonly number[]): OnnxTensor {
  const steps = shape.map((_, axis) => countOf(shape.slice(axis + 1)))
  const to = order.map((axis) => shape[axis]!)
  return {
    shape: to,
    values: values.map((_, i) => {
      let [rest, from] = [i, 0]
      for (let axis = to.length - 1; axis >= 0; axis--) {
        from += (rest % to[axis]!) * steps[order[axis]!]!
        rest = Math.floor(rest / to[axis]!)
      }
      return values[from]!
    }),
  }
}

/** (whole number - zero) * scale, of one scale or one for each of an axis. */
const dequantised: Fold = (node, [tensor, scale, zero]) => {
  const { shape, values } = tensor!
  const axis = axisOf(node.ints.get('axis')?.[0] ?? 1, shape)
  const step = countOf(shape.slice(axis + 1))
  const at = (i: number): number =>
    scale!.values.length === 1 ? 0 : Math.floor(i / step) % scale!.values.length
  return {
    shape,
    values: values.map((value, i) => (value - (zero?.values[at(i)] ?? 0)) * scale!.values[at(i)]!),
  }
}

const readsTwo: ReadonlySet<string> = new Set([
  ...['Reshape', 'Gather', 'DequantizeLinear'],
  ...['Add', 'Sub', 'Mul', 'Div'],
])

const folds: Readonly<Record<string, Fold>> = {
  Identity: same,
  Cast: (node, [tensor]) => {
    const to = node.ints.get('to')?.[0] ?? floatTypes[0]
    if (floatTypes.includes(to!)) return tensor!
    return to === boolType ? null : { shape: tensor!.shape, values: tensor!.values.map(Math.trunc) }
  },
  Transpose: (node, [tensor]) =>
    transposed(tensor!, node.ints.get('perm') ?? tensor!.shape.map((_, i) => i).reverse()),
  Reshape: (_, [tensor, wanted]) => {
    const shape = reshapedTo(tensor!.shape, Array.from(wanted!.values))
    return shape && { shape, values: tensor!.values }
  },
  Squeeze: (node, [tensor, axes]) => ({
    shape: squeezedTo(tensor!.shape, axesOf(node, axes)),
    values: tensor!.values,
  }),
  Unsqueeze: (node, [tensor, axes]) => ({
    shape: unsqueezedTo(tensor!.shape, axesOf(node, axes) ?? []),
    values: tensor!.values,
  }),
  Concat: (_, tensors) =>
    tensors.some(({ shape }) => shape.length > 1)
      ? null
      : listOf(tensors.flatMap(({ values }) => Array.from(values))),
  Gather: (_, [tensor, indices]) => {
    const { shape, values } = tensor!
    if (shape.length !== 1) return null
    const taken = indices!.values.map((i) => values[axisOf(i, shape)]!)
    return { shape: indices!.shape, values: taken }
  },
  Slice: (node, [tensor, starts, ends, , steps]) => {
    if (tensor!.shape.length !== 1 || (steps?.values[0] ?? 1) !== 1) return null
    const start = starts?.values[0] ?? node.ints.get('starts')?.[0]
    const end = ends?.values[0] ?? node.ints.get('ends')?.[0]
    return listOf(Array.from(tensor!.values.slice(start, end)))
  },
  ConstantOfShape: (node, [sides]) => {
    const shape = Array.from(sides!.values)
    const isShape = shape.every((side) => side >= 0) && countOf(shape) <= mostNumbers
    if (!isShape) return null
    const value = node.tensors.get('value')?.values[0] ?? 0
    return { shape, values: new Float32Array(countOf(shape)).fill(value) }
  },
  DequantizeLinear: dequantised,
  Sqrt: (_, [tensor]) => ({ shape: tensor!.shape, values: tensor!.values.map(Math.sqrt) }),
  Add: pairwise((a, b) => a + b),
  Sub: pairwise((a, b) => a - b),
  Mul: pairwise((a, b) => a * b),
  Div: pairwise((a, b) => a / b),
}
