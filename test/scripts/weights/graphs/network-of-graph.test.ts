import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { ownTable } from '../../../../scripts/encoder/table-of-network.ts'
import { nodeAssets } from '../../../../scripts/setup/node-engine.ts'
import { networkOfGraph } from '../../../../scripts/weights/graphs/network-of-graph.ts'
import { readOnnx } from '../../../../scripts/weights/graphs/onnx-file.ts'
import { startBackend } from '../../../../src/network/backend.ts'
import { disposeNetwork, loadNetwork } from '../../../../src/network/load.ts'
import { toNetworkInput } from '../../../../src/network/picture.ts'
import { runNetwork } from '../../../../src/network/run.ts'
import {
  int64,
  type MadeGraph,
  type MadeNode,
  makeOnnx,
} from '../../../support/networks/made-graph.ts'
import { makeMiniFasnetOnnx } from '../../../support/networks/mini-fasnet-onnx.ts'
import { packInMemory } from '../../../support/networks/pack-in-memory.ts'
import { randomNumbers } from '../../../support/random.ts'
import { runOnnx } from '../../../support/references/onnx-reference.ts'

const asIs = { colour: 'rgb', mean: 0, divide: 1 } as const

beforeAll(async () => startBackend((await nodeAssets()).backend))

function graphOf(nodes: readonly MadeNode[], tensors: MadeGraph['tensors'], size = 8) {
  return readOnnx(makeOnnx({ nodes, tensors, input: [1, 3, size, size] }))
}

/** What the table that was read gives for a picture of noise. @param preparation as for a user's file */
async function run(graph: ReturnType<typeof readOnnx>, preparation = asIs as never, size = 8) {
  const { table, tensors } = ownTable('made-up', networkOfGraph(graph), preparation)
  const network = await loadNetwork(table, await packInMemory(table, tensors), 'stock')
  const picture = randomNumbers(size * size * 3, 77).map((value) => Math.round(127 + 120 * value))
  const { values } = runNetwork(network, toNetworkInput(table, [picture]), [1, size, size])
  disposeNetwork(network)
  return { table, values, picture }
}

const conv: MadeNode = {
  op: 'Conv',
  in: ['x', 'w', 'b'],
  out: 'c',
  ints: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1], dilations: [1, 1], group: 1 },
}
const filters = { w: [4, 3, 3, 3], b: [4] }

describe('a graph that becomes a table', () => {
  it('gives what the graph gives, with gates, slopes, sums and one filter a channel', async () => {
    const graph = readOnnx(makeMiniFasnetOnnx())
    const named = {
      ...graph,
      inputs: [{ name: 'input', shape: [1, 3, 128, 128] }],
      outputs: graph.nodes.at(-1)!.outputs,
    }
    const { values, picture } = await run(named, asIs as never, 128)
    const x = tf.tensor4d(picture, [1, 128, 128, 3])
    const wanted = runOnnx(graph, x).at(-1)!.values
    x.dispose()
    expect(values.length).toBe(wanted.length)
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 3)
    })
  })

  it('folds batch normalisation into the layer before it', async () => {
    const norm: MadeNode = {
      op: 'BatchNormalization',
      in: ['c', 'scale', 'shift', 'mean', 'variance'],
      out: 'n',
      floats: { epsilon: 0.001 },
    }
    const average: MadeNode = { op: 'GlobalAveragePool', in: ['n'], out: 'y' }
    const graph = graphOf([conv, norm, average], {
      ...filters,
      ...{ scale: [4], shift: [4], mean: [4], variance: [4] },
    })
    const { table, values } = await run(graph)
    expect(table.layers.map(({ op }) => op)).toEqual(['conv', 'globalAverage'])
    const plain = await run(graphOf([conv, { ...average, in: ['c'] }], filters))
    const [scale, shift, mean, variance] = ['scale', 'shift', 'mean', 'variance'].map(
      (name) => graph.tensors.get(name)!.values,
    )
    values.forEach((value, c) => {
      const wanted =
        ((plain.values[c]! - mean![c]!) / Math.sqrt(variance![c]! + 0.001)) * scale![c]! +
        shift![c]!
      expect(value).toBeCloseTo(wanted, 4)
    })
  })

  it('keeps it as a layer of its own where the layer before is read by others too', async () => {
    const norm: MadeNode = {
      op: 'BatchNormalization',
      in: ['c', 'scale', 'shift', 'mean', 'variance'],
      out: 'n',
    }
    const graph = graphOf(
      [
        conv,
        norm,
        { op: 'Add', in: ['c', 'n'], out: 's' },
        { op: 'GlobalAveragePool', in: ['s'], out: 'y' },
      ],
      { ...filters, scale: [4], shift: [4], mean: [4], variance: [4] },
    )
    const { table } = await run(graph)
    expect(table.layers.map(({ op }) => op)).toEqual(['conv', 'depthwise', 'add', 'globalAverage'])
  })

  it('multiplies a flattened picture with a matrix in the order of the graph, channels first', async () => {
    const graph = graphOf(
      [
        conv,
        { op: 'Flatten', in: ['c'], out: 'f' },
        { op: 'Gemm', in: ['f', 'm', 'd'], out: 'y', ints: { transB: 1 } },
      ],
      { ...filters, m: [4, 4 * 8 * 8], d: [4] },
    )
    const { values } = await run(graph)
    // The convolution alone, its picture read off place by place.
    const { table, tensors } = ownTable('c', networkOfGraph(graph), asIs)
    const first = { ...table, layers: table.layers.slice(0, 1) }
    const network = await loadNetwork(first, await packInMemory(first, tensors), 'stock')
    const picture = randomNumbers(8 * 8 * 3, 77).map((value) => Math.round(127 + 120 * value))
    const place = runNetwork(network, toNetworkInput(first, [picture]), [1, 8, 8]).values
    disposeNetwork(network)
    const [m, d] = [graph.tensors.get('m')!.values, graph.tensors.get('d')!.values]
    values.forEach((value, o) => {
      let sum = d[o]!
      for (let c = 0; c < 4; c++) {
        for (let at = 0; at < 64; at++) sum += m[o * 256 + c * 64 + at]! * place[at * 4 + c]!
      }
      expect(value / sum).toBeCloseTo(1, 3)
    })
  })

  it('takes what a file does to each colour into the mean and the first filters', async () => {
    const average: MadeNode = { op: 'GlobalAveragePool', in: ['c'], out: 'y' }
    const scaledConv = { ...conv, in: ['s', 'w', 'b'] }
    const graph = graphOf(
      [
        { op: 'Mul', in: ['x', 'k'], out: 'm' },
        { op: 'Sub', in: ['m', 'o'], out: 's' },
        scaledConv,
        average,
      ],
      { ...filters, k: [1, 3, 1, 1], o: [1, 3, 1, 1] },
    )
    const [k, o] = [graph.tensors.get('k')!.values, graph.tensors.get('o')!.values]
    k.set([0.01, 0.02, 0.005])
    const { values, picture, table } = await run(graph, {
      colour: 'bgr',
      mean: 5,
      divide: 2,
    } as never)
    expect(table.input.order).toBe('bgr')
    const prepared = picture.map((_, i) => {
      const c = i % 3
      const pixel = picture[i - c + (2 - c)]!
      return ((pixel - 5) / 2) * k[c]! - o[c]!
    })
    const plain = ownTable('plain', networkOfGraph(graphOf([conv, average], filters)), asIs)
    const tensors = new Map(plain.tensors)
    tensors.set('conv_1_w', graph.tensors.get('w')!.values)
    tensors.set('conv_1_b', graph.tensors.get('b')!.values)
    const network = await loadNetwork(
      plain.table,
      await packInMemory(plain.table, tensors),
      'stock',
    )
    const wanted = runNetwork(network, Float32Array.from(prepared), [1, 8, 8]).values
    disposeNetwork(network)
    values.forEach((value, c) => {
      expect(value).toBeCloseTo(wanted[c]!, 3)
    })
  })

  it('names everything that no layer can do, at once and with its nodes', () => {
    const graph = graphOf(
      [
        { ...conv, ints: { ...conv.ints, dilations: [2, 2] } },
        { op: 'HardSwish', in: ['c'], out: 'h' },
        { op: 'HardSwish', in: ['h'], out: 'i' },
        { op: 'Softmax', in: ['i'], out: 's' },
        { op: 'GlobalAveragePool', in: ['s'], out: 'y' },
      ],
      filters,
    )
    expect(() => networkOfGraph(graph)).toThrow(
      'it has what no layer here can do: Conv with dilations 2, 2 (at c), HardSwish (at h, i), Softmax (at s)',
    )
  })

  it('names of many nodes three, and how many more there are', () => {
    const bends = ['a', 'b', 'd', 'e', 'f'].map((out, i, names) => ({
      ...{ op: 'HardSwish', in: [names[i - 1] ?? 'c'], out },
      name: `/act${i}/HardSwish`,
    }))
    expect(() => networkOfGraph(graphOf([conv, ...bends], filters))).toThrow(
      'HardSwish (at /act0/HardSwish, /act1/HardSwish, /act2/HardSwish and 2 more)',
    )
  })

  it('says nothing of nodes that only do not fit what is not known itself', () => {
    const graph = graphOf(
      [conv, { op: 'DepthToSpace', in: ['c'], out: 'd' }, { op: 'Gemm', in: ['d', 'm'], out: 'y' }],
      { ...filters, m: [7, 4] },
    )
    expect(() => networkOfGraph(graph)).toThrow(
      /^it has what no layer here can do: DepthToSpace \(at d\)$/,
    )
  })

  const dense: MadeNode = { op: 'GlobalAveragePool', in: ['c'], out: 'g' }
  it.each<[string, readonly MadeNode[], MadeGraph['tensors']]>([
    [
      'Sigmoid before Conv (at d)',
      [
        { op: 'Sigmoid', in: ['c'], out: 's' },
        { ...conv, in: ['s', 'v'], out: 'd' },
      ],
      { v: [4, 4, 3, 3] },
    ],
    [
      'Sigmoid that is no gate of a picture, one number a channel (at m)',
      [
        { op: 'Sigmoid', in: ['c'], out: 's' },
        { op: 'Mul', in: ['c', 's'], out: 'm' },
      ],
      {},
    ],
    ['an output of Sigmoid (at s)', [{ op: 'Sigmoid', in: ['c'], out: 's' }], {}],
    [
      'Sigmoid before Add (at a)',
      [
        { op: 'Sigmoid', in: ['c'], out: 's' },
        { op: 'Add', in: ['k', 's'], out: 'a' },
      ],
      { k: [4, 1, 1] },
    ],
    ['Conv without a constant filter (at d)', [{ ...conv, in: ['c', 'c'], out: 'd' }], {}],
    ...['Add', 'Reshape', 'Gather', 'DequantizeLinear', 'Cast'].map(
      (op): [string, readonly MadeNode[], MadeGraph['tensors']] => [
        'Conv without a constant filter (at d)',
        [
          { op, in: op === 'Cast' ? [] : ['v'], out: 'k' },
          { ...conv, in: ['c', 'k'], out: 'd' },
        ],
        { v: [4, 4, 3, 3] },
      ],
    ),
    [
      'Conv without a constant filter (at d)',
      [
        { op: 'ConstantOfShape', in: ['v'], out: 'k' },
        { ...conv, in: ['c', 'k'], out: 'd' },
      ],
      { v: int64(1e6, 1e6) },
    ],
    [
      'Conv with strides 2, 1 (at d)',
      [{ op: 'Conv', in: ['c', 'v'], out: 'd', ints: { strides: [2, 1] } }],
      { v: [4, 4, 3, 3] },
    ],
    [
      'Conv with pads 2, 1, 2, 1 (at d)',
      [{ op: 'Conv', in: ['c', 'v'], out: 'd', ints: { pads: [2, 1, 2, 1] } }],
      { v: [4, 4, 3, 3] },
    ],
    [
      'Conv of [1, 4, 8, 8] with filters [4, 5, 3, 3] (at d)',
      [{ op: 'Conv', in: ['c', 'v'], out: 'd' }],
      { v: [4, 5, 3, 3] },
    ],
    [
      'MatMul of [1, 4, 8, 8] with [8, 2] (at d)',
      [{ op: 'MatMul', in: ['c', 'v'], out: 'd' }],
      { v: [8, 2] },
    ],
    [
      'Add with something that is not one number a channel (at d)',
      [{ op: 'Add', in: ['c', 'v'], out: 'd' }],
      { v: [8, 8] },
    ],
    ['Add of unequal shapes (at d)', [dense, { op: 'Add', in: ['c', 'g'], out: 'd' }], {}],
    [
      'LpNormalization with p 1 (at d)',
      [dense, { op: 'LpNormalization', in: ['g'], out: 'd', ints: { axis: 1, p: 1 } }],
      {},
    ],
    [
      'LpNormalization of [1, 4, 8, 8] along one axis (at d)',
      [{ op: 'LpNormalization', in: ['c'], out: 'd', ints: { axis: 1, p: 2 } }],
      {},
    ],
    [
      'Pad with mode reflect (at d)',
      [{ op: 'Pad', in: ['c', 'v'], out: 'd', texts: { mode: 'reflect' } }],
      { v: int64(0, 0, 1, 1, 0, 0, 1, 1) },
    ],
    [
      'Transpose of [1, 4, 8, 8] to [1, 4, 8, 8] (at d)',
      [{ op: 'Transpose', in: ['c'], out: 'd', ints: { perm: [0, 1, 3, 2] } }],
      {},
    ],
    [
      'MaxPool with pads 1, 1, 0, 0 (at d)',
      [
        {
          op: 'MaxPool',
          in: ['c'],
          out: 'd',
          ints: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 0, 0] },
        },
      ],
      {},
    ],
    [
      'Clip at -1 (at d)',
      [{ op: 'Clip', in: ['c', 'least'], out: 'd' }],
      { least: { values: [-1], dims: [] } },
    ],
  ])('refuses %s', (message, nodes, tensors) => {
    const graph = graphOf([conv, ...nodes], { ...filters, ...tensors })
    expect(() => networkOfGraph(graph)).toThrow(`it has what no layer here can do: ${message}`)
  })

  it('reads the output that is asked for', async () => {
    const nodes = [conv, dense, { op: 'Flatten', in: ['g'], out: 'y' }]
    const graph = readOnnx(makeOnnx({ nodes, tensors: filters, outputs: ['c', 'y'] }))
    expect(networkOfGraph(graph, 8, 'y').output.channels).toBe(4)
    expect(networkOfGraph(graph, 8).output.channels).toBe(4 * 64)
  })

  it('leaves out what the output is not made of', async () => {
    const graph = graphOf(
      [
        conv,
        { op: 'Softmax', in: ['c'], out: 'unused' },
        { op: 'GlobalAveragePool', in: ['c'], out: 'y' },
      ],
      filters,
    )
    expect((await run(graph)).values).toHaveLength(4)
  })

  it('wants one square picture of three colours', () => {
    const graph = { ...graphOf([conv], filters), inputs: [{ name: 'x', shape: [1, 3, 112, 96] }] }
    expect(() => networkOfGraph(graph)).toThrow(
      'the input is [1, 3, 112, 96], expected [1, 3, side, side]',
    )
  })
})
