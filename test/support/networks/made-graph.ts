/** ONNX files of a few nodes, whose tensors are numbers that look random unless a test gives them. */
import { OnnxModel } from '../../../scripts/weights/graphs/onnx-file.ts'
import { randomNumbers } from '../random.ts'

export interface MadeNode {
  readonly name?: string
  readonly op: string
  readonly in: readonly string[]
  readonly out: string | readonly string[]
  readonly ints?: Readonly<Record<string, number | readonly number[]>>
  readonly floats?: Readonly<Record<string, number>>
  readonly texts?: Readonly<Record<string, string>>
}

/** A shape, or numbers with their type in ONNX, 1 for float32 and 7 for int64. */
export type MadeTensor =
  | readonly number[]
  | {
      readonly values: readonly number[]
      readonly dims?: readonly number[]
      readonly type?: number
    }

export interface MadeGraph {
  readonly nodes: readonly MadeNode[]
  readonly tensors: Readonly<Record<string, MadeTensor>>
  /** Of the input "x"; [1, 3, 8, 8] unless given. */
  readonly input?: readonly number[]
  /** The last node's unless given. */
  readonly outputs?: readonly string[]
}

export const int64 = (...values: readonly number[]) => ({ values, type: 7 }) as const

export function makeOnnx({ nodes, tensors, input = [1, 3, 8, 8], outputs }: MadeGraph): Uint8Array {
  const node = nodes.map((one) => ({
    name: one.name ?? '',
    op_type: one.op,
    input: one.in,
    output: [one.out].flat(),
    attribute: [
      ...Object.entries(one.ints ?? {}).map(([name, value]) =>
        Array.isArray(value) ? { name, ints: value } : { name, i: value },
      ),
      ...Object.entries(one.floats ?? {}).map(([name, f]) => ({ name, f })),
      ...Object.entries(one.texts ?? {}).map(([name, text]) => ({
        name,
        s: new TextEncoder().encode(text),
      })),
    ],
  }))
  const initializer = Object.entries(tensors).map(([name, tensor], seed) =>
    tensorMessage(name, tensor, seed + 1),
  )
  const dim = input.map((side) => ({ dim_value: side }))
  const names = outputs ?? [[nodes.at(-1)!.out].flat()[0]!]
  const graph = {
    ...{ node, initializer, output: names.map((name) => ({ name })) },
    input: [{ name: 'x', type: { tensor_type: { shape: { dim } } } }],
  }
  return OnnxModel.encode(OnnxModel.fromObject({ graph })).finish()
}

function tensorMessage(name: string, tensor: MadeTensor, seed: number) {
  if (!isShape(tensor)) {
    const { values, dims = [values.length], type = 1 } = tensor
    const numbers = { 1: 'float_data', 3: 'int32_data', 7: 'int64_data', 10: 'int32_data' }[type]!
    const bits = type === 10 ? Array.from(new Uint16Array(new Float16Array(values).buffer)) : values
    return { name, dims, data_type: type, [numbers]: bits }
  }
  const count = tensor.reduce((product, side) => product * side, 1)
  const isVariance = name.startsWith('variance')
  return {
    name,
    dims: tensor,
    data_type: 1,
    float_data: Array.from(randomNumbers(count, seed), (value) =>
      isVariance ? 1 + value ** 2 : value * 0.5,
    ),
  }
}

function isShape(tensor: MadeTensor): tensor is readonly number[] {
  return Array.isArray(tensor)
}
