import { describe, expect, it } from 'vitest'
import { OnnxModel, readOnnx } from '../../../scripts/weights/graphs/onnx-file.ts'
import { tensorsOfOnnx } from '../../../scripts/weights/import-onnx.ts'
import { miniFasnetSe } from '../../../src/face/networks/mini-fasnet-se.ts'
import { csvTensors, type NetworkTable } from '../../../src/network/table.ts'
import { makeMiniFasnetOnnx } from '../../support/mini-fasnet-onnx.ts'
import { countOf } from '../../support/pack-in-memory.ts'

const input = { size: 1, sizeIs: 'exact', mean: [0, 0, 0], divisor: 1 } as const

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

describe('tensorsOfOnnx', () => {
  it('fills every tensor that the network has, and no other', () => {
    const tensors = tensorsOfOnnx(miniFasnetSe, readOnnx(makeMiniFasnetOnnx()))
    const wanted = csvTensors(miniFasnetSe)
    expect([...tensors.keys()]).toEqual(wanted.map(({ name }) => name))
    for (const { name, shape } of wanted)
      expect(tensors.get(name), name).toHaveLength(countOf(shape))
    expect(wanted.reduce((sum, { shape }) => sum + countOf(shape), 0)).toBe(468_688)
  })

  it('turns a product [in, out] to [out, in], and gives a convolution made of one no bias', () => {
    const table: NetworkTable = {
      name: 'small',
      input,
      layers: [
        {
          op: 'conv',
          name: 'c',
          in: 3,
          out: 2,
          kernel: [1, 1],
          stride: 1,
          padding: 'valid',
          activation: 'linear',
        },
      ],
    }
    const bytes = file([{ op_type: 'MatMul', input: ['x', 'w'] }], {
      w: { dims: [3, 2], values: [1, 10, 2, 20, 3, 30] },
    })
    const tensors = tensorsOfOnnx(table, readOnnx(bytes))
    expect(tensors.get('c_w')).toEqual(Float32Array.of(1, 2, 3, 10, 20, 30))
    expect(tensors.get('c_b')).toEqual(Float32Array.of(0, 0))
  })

  it('names the layer whose stride is another', () => {
    const graph = readOnnx(makeMiniFasnetOnnx({ firstStride: 1 }))
    expect(() => tensorsOfOnnx(miniFasnetSe, graph)).toThrow(
      /^mini-fasnet-se: conv1 is .*"strides":\[1,1\].* in the file, expected .*"strides":\[2,2\]/,
    )
  })

  it('names a node of another kind than the layer, and one that nothing reads', () => {
    const graph = readOnnx(makeMiniFasnetOnnx())
    const [first, , ...rest] = graph.nodes
    const without = { ...graph, nodes: [first!, ...rest] }
    expect(() => tensorsOfOnnx(miniFasnetSe, without)).toThrow(
      'mini-fasnet-se: node 2 is Conv, expected PRelu for the layer conv1_prelu',
    )
    const surplus = readOnnx(makeMiniFasnetOnnx({ surplus: true }))
    expect(() => tensorsOfOnnx(miniFasnetSe, surplus)).toThrow(
      /^mini-fasnet-se: nothing reads node \d+, Relu$/,
    )
    const cut = { ...graph, nodes: graph.nodes.slice(0, 4) }
    expect(() => tensorsOfOnnx(miniFasnetSe, cut)).toThrow(
      'mini-fasnet-se: node 5 is absent, expected Conv or MatMul for the layer down3_expand',
    )
  })

  it('names a tensor of another size, and one that is absent', () => {
    const graph = readOnnx(makeMiniFasnetOnnx())
    const slopes = graph.nodes[1]!.inputs[1]!
    const other = new Map(graph.tensors).set(slopes, {
      shape: [3],
      values: new Float32Array(3),
    })
    expect(() => tensorsOfOnnx(miniFasnetSe, { ...graph, tensors: other })).toThrow(
      'mini-fasnet-se: conv1_prelu_w has 3 numbers, expected shape [32]',
    )
    const less = new Map(graph.tensors)
    less.delete(slopes)
    expect(() => tensorsOfOnnx(miniFasnetSe, { ...graph, tensors: less })).toThrow(
      'mini-fasnet-se: conv1_prelu has no tensor as input 1 of its node',
    )
  })
})
