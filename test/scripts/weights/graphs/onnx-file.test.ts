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

  it('reads constants of nodes, and other types of numbers, as float32', () => {
    const constant = (out: string, attribute: object) => ({
      ...{ op_type: 'Constant', output: [out], attribute: [attribute] },
    })
    const graph = {
      node: [
        constant('number', { name: 'value_float', f: 2.5 }),
        constant('list', { name: 'value_ints', ints: [3, 4] }),
        { op_type: 'Custom', domain: 'my.ops', name: '/n', input: ['x'], output: ['y'] },
        { op_type: 'Relu', input: ['y'], output: ['z'] },
      ],
      initializer: [
        { name: 'whole', dims: [2], data_type: 6, int32_data: [-1, 7] },
        { name: 'half', dims: [1], data_type: 10, int32_data: [0x3e00] },
        { name: 'double', dims: [1], data_type: 11, double_data: [0.25] },
        { name: 'small', dims: [2], data_type: 3, raw_data: Uint8Array.of(255, 5) },
        { name: 'text', dims: [1], data_type: 8 },
      ],
      input: [{ name: 'text' }, { name: 'x' }, { name: 'half' }],
    }
    const read = readOnnx(OnnxModel.encode(OnnxModel.fromObject({ graph })).finish())
    expect(
      Object.fromEntries([...read.tensors].map(([name, { values }]) => [name, [...values]])),
    ).toEqual({
      ...{
        number: [2.5],
        list: [3, 4],
        whole: [-1, 7],
        half: [1.5],
        double: [0.25],
        small: [-1, 5],
      },
    })
    expect(read.inputs.map(({ name }) => name)).toEqual(['x'])
    expect(read.nodes.map(({ name, op }) => [name, op])).toEqual([
      ['/n', 'my.ops.Custom'],
      ['z', 'Relu'],
    ])
  })

  describe('of a tensor whose numbers are in another file', () => {
    const external_data = [
      { key: 'location', value: 'net.data' },
      { key: 'offset', value: '4' },
      { key: 'length', value: '8' },
    ]
    const tensor = { name: 'a', dims: [2], data_type: 1, data_location: 1, external_data }
    const node = [{ op_type: 'PRelu', input: ['x', 'a'] }]
    const bytes = OnnxModel.encode(
      OnnxModel.fromObject({ graph: { node, initializer: [tensor] } }),
    ).finish()

    it('reads its part of that file', () => {
      const beside = new Uint8Array(Float32Array.of(9, 0.5, -1, 9).buffer)
      const asked: string[] = []
      const { tensors } = readOnnx(bytes, (file) => {
        asked.push(file)
        return beside
      })
      expect(tensors.get('a')!.values).toEqual(Float32Array.of(0.5, -1))
      expect(asked).toEqual(['net.data'])
    })

    it('reads that file once, however many tensors it holds', () => {
      const initializer = ['a', 'b', 'c'].map((name) => ({ ...tensor, name }))
      const three = OnnxModel.fromObject({ graph: { node, initializer } })
      const asked: string[] = []
      const { tensors } = readOnnx(OnnxModel.encode(three).finish(), (file) => {
        asked.push(file)
        return new Uint8Array(Float32Array.of(9, 0.5, -1, 9).buffer)
      })
      expect(tensors.get('c')!.values).toEqual(Float32Array.of(0.5, -1))
      expect(asked).toEqual(['net.data'])
    })

    it('refuses a file that is too short, and says which one it wants', () => {
      expect(() => readOnnx(bytes, () => new Uint8Array(8))).toThrow(
        'net.data ends before the tensor a: it is not the one of this file',
      )
      expect(() => readOnnx(bytes)).toThrow('its numbers are in another file, net.data')
    })
  })

  it('refuses a tensor that is shorter than its shape', () => {
    const bytes = file([{ op_type: 'PRelu', input: ['x', 'a'] }], {
      a: { dims: [3], values: [1, 2] },
    })
    expect(() => readOnnx(bytes)).toThrow('the tensor a holds 2 numbers, expected 3')
  })
})
