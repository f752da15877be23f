import { describe, expect, it } from 'vitest'
import { GraphFaults } from '../../../../scripts/weights/graphs/graph-faults.ts'
import { networkOfGraph } from '../../../../scripts/weights/graphs/network-of-graph.ts'
import { readOnnx } from '../../../../scripts/weights/graphs/onnx-file.ts'
import {
  int64,
  type MadeGraph,
  type MadeNode,
  makeOnnx,
} from '../../../support/networks/made-graph.ts'

const conv: MadeNode = { op: 'Conv', in: ['x', 'w', 'b'], out: 'c', ints: { pads: [1, 1, 1, 1] } }
const mean: MadeNode = { op: 'GlobalAveragePool', in: ['c'], out: 'm' }
const vector: MadeNode = { op: 'Flatten', in: ['m'], out: 'v' }
const bent: MadeNode = { op: 'Relu', in: ['c'], out: 'r' }
const length: MadeNode = { op: 'ReduceL2', in: ['v'], out: 'l', ints: { axes: [1] } }
const number = (value: number) => ({ values: [value], dims: [] })

function read(nodes: readonly MadeNode[], tensors: MadeGraph['tensors'] = {}) {
  const all = { w: [4, 3, 3, 3], b: [4], ...tensors }
  return networkOfGraph(readOnnx(makeOnnx({ nodes: [conv, ...nodes], tensors: all })))
}

type Refused = readonly [
  message: string,
  nodes: readonly MadeNode[],
  tensors?: MadeGraph['tensors'],
]

function refuses(graphs: readonly Refused[]): void {
  for (const [message, nodes, tensors] of graphs) {
    it(message, () => {
      expect(() => read(nodes, tensors)).toThrow(`it has what no layer here can do: ${message}`)
    })
  }
}

describe('an input that is named and not known is refused, not taken for one that was left out:', () => {
  const negative = (of: string): MadeNode => ({ op: 'Neg', in: [of], out: 'n' })
  refuses([
    [
      'Conv with n, which is not known (at d)',
      [negative('b'), { op: 'Conv', in: ['c', 'k', 'n'], out: 'd' }],
      { k: [4, 4, 3, 3] },
    ],
    [
      'Gemm with a sum that is no constant (at d)',
      [mean, vector, negative('b'), { op: 'Gemm', in: ['v', 'k', 'n'], out: 'd' }],
      { k: [4, 4] },
    ],
    [
      'Gemm with a sum that is no constant (at d)',
      [mean, vector, { op: 'Gemm', in: ['v', 'k', 'v'], out: 'd' }],
      { k: [4, 4] },
    ],
    [
      'Clip with n, which is not known (at d)',
      [negative('most'), { op: 'Clip', in: ['c', 'least', 'n'], out: 'd' }],
      { least: number(0), most: number(-1) },
    ],
    [
      'Split with n, which is not known (at d)',
      [negative('lengths'), { op: 'Split', in: ['c', 'n'], out: ['d', 'e'], ints: { axis: 1 } }],
      { lengths: int64(-1, -3) },
    ],
    [
      'Add with something that is not one number a channel (at d)',
      [
        { op: 'Concat', in: ['k', 'k'], out: 'n', ints: { axis: 1 } },
        ...[mean, vector],
        { op: 'Add', in: ['v', 'n'], out: 'd' },
      ],
      { k: [2, 1] },
    ],
    [
      'Add with something that is not one number a channel (at d)',
      [
        { op: 'ConstantOfShape', in: ['k'], out: 'n' },
        { op: 'Add', in: ['c', 'n'], out: 'd' },
      ],
      { k: int64(-5) },
    ],
    [
      'Reshape of [1, 4, 8, 8] to what is not known (at d)',
      [
        { op: 'Slice', in: ['k', 'from', 'to', 'axis', 'step'], out: 'n' },
        { op: 'Reshape', in: ['c', 'n'], out: 'd' },
      ],
      { k: int64(1, 1, -1, 1), from: int64(0), to: int64(9), axis: int64(0), step: int64(2) },
    ],
  ])
})

describe('a node that does more than a layer is refused:', () => {
  refuses([
    [
      'Slice of more than channels (at d)',
      [{ op: 'Slice', in: ['c', 'from', 'to', 'axes', 'steps'], out: 'd' }],
      { from: int64(0, 0), to: int64(99, 99), axes: int64(2, 3), steps: int64(2, 2) },
    ],
    [
      'Sum of three, one of them constant (at d)',
      [bent, { op: 'Sum', in: ['c', 'k', 'r'], out: 'd' }],
      { k: [1, 4, 1, 1] },
    ],
    [
      'Cast to other numbers than floats (at i)',
      [
        { op: 'Cast', in: ['c'], out: 'i', ints: { to: 7 } },
        { op: 'Cast', in: ['i'], out: 'd', ints: { to: 1 } },
      ],
    ],
    [
      'ReduceMean of [1, 4] over 0, 1 (at d)',
      [mean, vector, { op: 'ReduceMean', in: ['v'], out: 'd' }],
    ],
    [
      'Conv of a vector, other than a product of all its channels (at d)',
      [mean, { op: 'Conv', in: ['m', 'k'], out: 'd', ints: { pads: [1, 1, 1, 1] } }],
      { k: [4, 4, 1, 1] },
    ],
    [
      'Conv of a vector, other than a product of all its channels (at d)',
      [mean, { op: 'Conv', in: ['m', 'k'], out: 'd', ints: { group: 4 } }],
      { k: [4, 1, 1, 1] },
    ],
    ['constructor (at d)', [{ op: 'constructor', in: ['c'], out: 'd' }]],
    ['hasOwnProperty (at d)', [{ op: 'hasOwnProperty', in: ['c'], out: 'd' }]],
    [
      'Conv with n, which is not known (at d)',
      [
        { op: 'constructor', in: ['b'], out: 'n' },
        { op: 'Conv', in: ['c', 'k', 'n'], out: 'd' },
      ],
      { k: [4, 4, 3, 3] },
    ],
  ])
})

describe('a length that more is done to than keeping it from zero is refused:', () => {
  const divided: MadeNode = { op: 'Div', in: ['v', 'k'], out: 'd' }
  const more = 'of a length with more than a small number (at k)'
  const lengths = [mean, vector, length]
  refuses([
    [`Add ${more}`, [...lengths, { op: 'Add', in: ['l', 'v'], out: 'k' }, divided]],
    [
      `Max ${more}`,
      [...lengths, { op: 'Max', in: ['e', 'l', 'v'], out: 'k' }, divided],
      { e: [1] },
    ],
    [
      `Clip ${more}`,
      [...lengths, { op: 'Clip', in: ['l', 'e', 'most'], out: 'k' }, divided],
      { e: number(0), most: number(0.1) },
    ],
    [
      'Max of a length with 0.5 (at k)',
      [...lengths, { op: 'Max', in: ['l', 'e', 'f'], out: 'k' }, divided],
      { e: number(1e-12), f: number(0.5) },
    ],
  ])

  it('and one that is kept from zero is not', () => {
    const kept: MadeNode = { op: 'Max', in: ['e', 'l'], out: 'k' }
    const { list } = read([...lengths, kept, divided], { e: number(1e-12) })
    expect(list.layers.at(-1)!.op).toBe('l2Normalise')
  })
})

describe('one number a channel, where it may be one a column:', () => {
  const wide: MadeNode = { op: 'Conv', in: ['c', 'k'], out: 'e', ints: { pads: [1, 1, 1, 1] } }
  const mean: MadeNode = { op: 'GlobalAveragePool', in: ['e'], out: 'm' }
  const gates: MadeNode = { op: 'Sigmoid', in: ['f'], out: 'g' }
  const k = [8, 4, 3, 3]
  refuses([
    [
      'Mul of [1, 8, 8, 8] with gates [1, 8] (at d)',
      [
        wide,
        mean,
        { op: 'Flatten', in: ['m'], out: 'f' },
        gates,
        { op: 'Mul', in: ['e', 'g'], out: 'd' },
      ],
      { k },
    ],
    [
      'PRelu with other slopes than one a channel (at d)',
      [wide, { op: 'PRelu', in: ['e', 's'], out: 'd' }],
      { k, s: [8] },
    ],
  ])

  it('gates that get their sides after the sigmoid are one a channel', () => {
    const { list } = read(
      [
        wide,
        mean,
        { op: 'Flatten', in: ['m'], out: 'f' },
        gates,
        { op: 'Reshape', in: ['g', 'sides'], out: 'h' },
        { op: 'Mul', in: ['e', 'h'], out: 'd' },
      ],
      { k, sides: int64(1, 8, 1, 1) },
    )
    expect(list.layers.map(({ op }) => op)).toContain('gate')
  })

  it('and so are slopes with their sides', () => {
    const { list } = read([wide, { op: 'PRelu', in: ['e', 's'], out: 'd' }], { k, s: [8, 1, 1] })
    expect(list.layers.map(({ op }) => op)).toContain('prelu')
  })
})

describe('numbers that do not fit are refused:', () => {
  const pool = (ints: MadeNode['ints']): MadeNode => ({
    op: 'MaxPool',
    in: ['c'],
    out: 'd',
    ints: ints!,
  })
  const of = 'of [1, 4, 8, 8] with windows of'
  refuses([
    [`MaxPool ${of} 9, 9, strides of 1 and padding valid (at d)`, [pool({ kernel_shape: [9, 9] })]],
    [`MaxPool ${of} 0, 0, strides of 1 and padding valid (at d)`, [pool({ kernel_shape: [0, 0] })]],
    [
      `MaxPool ${of} 2, 2, strides of 0 and padding valid (at d)`,
      [pool({ kernel_shape: [2, 2], strides: [0, 0] })],
    ],
    [
      `Conv ${of} 3, 3, strides of 0 and padding valid (at d)`,
      [{ op: 'Conv', in: ['c', 'k'], out: 'd', ints: { strides: [0, 0] } }],
      { k: [4, 4, 3, 3] },
    ],
    [
      `Conv ${of} 3, 3, strides of 1000000 and padding valid (at d)`,
      [{ op: 'Conv', in: ['c', 'k'], out: 'd', ints: { strides: [1e6, 1e6] } }],
      { k: [4, 4, 3, 3] },
    ],
    [
      'Conv with pads -1, -1, -1, -1 (at d)',
      [{ op: 'Conv', in: ['c', 'k'], out: 'd', ints: { pads: [-1, -1, -1, -1] } }],
      { k: [4, 4, 3, 3] },
    ],
    [
      'Pad with pads 1000000, 1000000, 1000000, 1000000 (at d)',
      [{ op: 'Pad', in: ['c', 'k'], out: 'd' }],
      { k: int64(0, 0, 1e6, 1e6, 0, 0, 1e6, 1e6) },
    ],
    [
      'Conv with a bias of 3 numbers, expected 4 (at d)',
      [{ op: 'Conv', in: ['c', 'k', 'few'], out: 'd' }],
      { k: [4, 4, 3, 3], few: [3] },
    ],
    [
      'BatchNormalization of [1, 4, 8, 8] (at d)',
      [{ op: 'BatchNormalization', in: ['c', 'b', 'few', 'b', 'variance'], out: 'd' }],
      { few: [2], variance: [4] },
    ],
    [
      'Split of 4 channels into 1000000000, 8 (at d)',
      [{ op: 'Split', in: ['c', 'k'], out: ['d', 'e'], ints: { axis: 1 } }],
      { k: int64(1e9, 8) },
    ],
    [
      'Gather of channel 99, of 4 (at d)',
      [{ op: 'Gather', in: ['c', 'k'], out: 'd', ints: { axis: 1 } }],
      { k: int64(99, 1) },
    ],
  ])
})

describe('what is known stays known:', () => {
  it('a part of a shape is that part', () => {
    const { output } = read(
      [
        { op: 'Shape', in: ['c'], out: 's', ints: { start: 0, end: 1 } },
        { op: 'Concat', in: ['s', 'rest'], out: 'row', ints: { axis: 0 } },
        { op: 'Reshape', in: ['c', 'row'], out: 'f' },
        { op: 'Gemm', in: ['f', 'k'], out: 'd' },
      ],
      { rest: int64(-1), k: [256, 5] },
    )
    expect(output.channels).toBe(5)
  })

  it('a product of three sides keeps them, so that the middle one can go', () => {
    const { output } = read(
      [
        mean,
        vector,
        { op: 'Unsqueeze', in: ['v', 'one'], out: 'u' },
        { op: 'MatMul', in: ['u', 'k'], out: 'p' },
        { op: 'Squeeze', in: ['p', 'one'], out: 'd' },
      ],
      { one: int64(1), k: [4, 6] },
    )
    expect(output.shape).toEqual([1, 6])
  })

  it('a constant that is cast to whole numbers loses its fraction', () => {
    const { list } = read(
      [
        { op: 'Cast', in: ['halves'], out: 'n', ints: { to: 7 } },
        { op: 'Conv', in: ['c', 'k', 'n'], out: 'd' },
      ],
      { k: [4, 4, 1, 1], halves: { values: [2.75, -1.5, 0.5, 3] } },
    )
    expect(list.tensors().get('conv_2_b')).toEqual(Float32Array.of(2, -1, 0, 3))
  })
})

it('a fault at each of a hundred thousand nodes is collected within a second', () => {
  const faults = new GraphFaults()
  const start = performance.now()
  for (let i = 0; i < 100_000; i++) faults.add('Softmax', `n${i}`)
  expect(performance.now() - start).toBeLessThan(1000)
  expect(faults.text).toBe('Softmax (at n0, n1, n2 and 99997 more)')
})
