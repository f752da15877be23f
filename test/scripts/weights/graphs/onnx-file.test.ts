import { describe, expect, it } from 'vitest'
import { OnnxModel, readOnnx } from '../../../../scripts/weights/graphs/onnx-file.ts'
import { makeMiniFasnetOnnx } from '../../../support/networks/mini-fasnet-onnx.ts'

function file(nodes: object[], tensors: Record<string, { dims: number[]; values: number[] }>) {
  const initializer = Object.entries(tensors).map(([name, { dims, values }]) => ({
    name,
    dims,
    data_type: 1,
    float_data: values,
  }))
  return OnnxModel.encode(OnnxModel.fromObject({ graph: { node: nodes, initializer } })).finish()
}

describe('readOnnx', () => {
  it('reads nodes, attributes and tensors, whichever way their numbers are written', () => {
    const { nodes, tensors } = readOnnx(makeMiniFasnetOnnx())
    expect(nodes[0]).toMatchObject({ op: 'Conv', inputs: ['input', 't0', 't1'] })
    expect(nodes[0]!.ints.get('strides')).toEqual([2, 2])
    expect(nodes[0]!.ints.get('group')).toEqual([1])
    expect(tensors.get('t0')!.shape).toEqual([32, 3, 3, 3])
    const listed = readOnnx(
      file([{ op_type: 'PRelu', input: ['x', 'a'] }], { a: { dims: [2], values: [0.5, -1] } }),
    )
    expect(listed.tensors.get('a')!.values).toEqual(Float32Array.of(0.5, -1))
  })

  it.each([
    ['text', new TextEncoder().encode('this is no network at all'), /^not an ONNX file/],
    ['nothing', new Uint8Array(), /^not an ONNX file: there is no graph in it/],
    ['a file cut in two', makeMiniFasnetOnnx().slice(0, 1_000_000), /^not an ONNX file/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readOnnx(bytes)).toThrow(message)
  })

  it('refuses a tensor that is shorter than its shape', () => {
    const bytes = file([{ op_type: 'PRelu', input: ['x', 'a'] }], {
      a: { dims: [3], values: [1, 2] },
    })
    expect(() => readOnnx(bytes)).toThrow('the tensor a holds 2 numbers, expected 3')
  })
})
