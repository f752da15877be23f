/** Plans against tfjs's own operations: the same table, the same weights, layer by layer and as a whole. */
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeAssets } from '../../../scripts/setup/node-engine.ts'
import { dlibResnet } from '../../../src/encoder/dlib-resnet.ts'
import { nn4Small2Exercise, nn4Small2OpenFace } from '../../../src/encoder/nn4-small2.ts'
import type { EngineAssets } from '../../../src/engine/face-engine.ts'
import { faceLandmark68 } from '../../../src/face/networks/face-landmark-68.ts'
import { miniFasnetV1Se, miniFasnetV2 } from '../../../src/face/networks/mini-fasnet.ts'
import { startBackend, wasmHeapBytes } from '../../../src/network/backend.ts'
import {
  assembleNetwork,
  disposeNetwork,
  loadNetwork,
  type Network,
} from '../../../src/network/load.ts'
import { roundFilter } from '../../../src/network/plan/integers.ts'
import { runNetwork } from '../../../src/network/run.ts'
import {
  filterShape,
  isWeighted,
  type Layer,
  type NetworkTable,
  outputChannels,
} from '../../../src/network/table.ts'
import { packInMemory } from '../../support/networks/pack-in-memory.ts'
import { seededWeights } from '../../support/networks/seeded-weights.ts'
import { randomNumbers } from '../../support/random.ts'

let assets: EngineAssets
beforeAll(async () => {
  assets = await nodeAssets()
  await startBackend(assets.backend)
})

/** Both ways to run a table on the same whole numbers, so that nothing differs but the arithmetic. */
function bothWays(table: NetworkTable, seed = 1): { plan: Network; stock: Network } {
  const layers = table.layers.filter(isWeighted).map((layer, i) => {
    const count = filterShape(layer).reduce((product, side) => product * side, 1)
    const channels = outputChannels(layer)
    const rounded = roundFilter(randomNumbers(count, seed + i), channels)
    const hasBias = layer.op === 'conv' || ('bias' in layer && layer.bias === true)
    return {
      layer,
      integers: () => ({ kind: 'whole' as const, ...rounded }),
      floats: () =>
        Float32Array.from(rounded.weights, (weight, at) => weight * rounded.steps[at % channels]!),
      bias: hasBias ? randomNumbers(channels, seed + i + 100) : null,
    }
  })
  return {
    plan: assembleNetwork(table, layers, 'plan@0', 'plan'),
    stock: assembleNetwork(table, layers, 'stock@0', 'stock'),
  }
}

/** Largest difference as a share of the largest value. */
function difference(plan: Network, stock: Network, shape: readonly [number, number, number]) {
  const [batch, height, width] = shape
  const input = randomNumbers(batch * height * width * 3, height)
  const got = runNetwork(plan, input, shape)
  const wanted = runNetwork(stock, input, shape)
  expect(got.shape).toEqual(wanted.shape)
  const largest = wanted.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(largest).toBeGreaterThan(0)
  const worst = got.values.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - wanted.values[i]!)),
    0,
  )
  return worst / largest
}

const tableOf = (...layers: Layer[]): NetworkTable => ({
  name: 'one',
  input: { size: 1, sizeIs: 'multiple', mean: [0, 0, 0], divisor: 1 },
  layers,
})
const conv = (name: string, channels: number, out: number, more: object = {}): Layer => {
  const plain = { op: 'conv', name, in: channels, out, kernel: [3, 3], stride: 1, padding: 'same' }
  return { ...plain, activation: 'linear', ...more } as Layer
}
const wide = conv('wide', 3, 16, { kernel: [1, 1], padding: 'valid' })

describe('a plan gives what tfjs gives', () => {
  const layers: [string, Layer[]][] = [
    ['a 3x3 convolution', [wide, conv('c', 16, 24)]],
    ['one with relu', [wide, conv('c', 16, 8, { activation: 'relu' })]],
    ['one with leaky relu', [wide, conv('c', 16, 8, { activation: 'leakyRelu' })]],
    ['one of stride 2', [wide, conv('c', 16, 8, { stride: 2 })]],
    ['one of stride 2 without a border', [wide, conv('c', 16, 8, { stride: 2, padding: 'valid' })]],
    ['one from three channels, 7x7', [conv('c', 3, 8, { kernel: [7, 7], stride: 2, padding: 3 })]],
    ['one of 5x5', [wide, conv('c', 16, 8, { kernel: [5, 5] })]],
    ['one of 1x7', [wide, conv('c', 16, 8, { kernel: [1, 7] })]],
    ['one whose channels fill no vector', [wide, conv('c', 16, 5)]],
    ['one from channels that fill no vector', [wide, conv('b', 16, 5), conv('c', 5, 8)]],
    [
      'a depthwise one',
      [
        wide,
        {
          op: 'depthwise',
          name: 'd',
          channels: 16,
          kernel: [3, 3],
          stride: 1,
          padding: 'same',
          bias: true,
        },
      ],
    ],
    ...([1, 2] as const).map((stride): [string, Layer[]] => [
      `a depthwise one of stride ${stride} whose channels fill no vector`,
      [
        conv('w', 3, 6, { kernel: [1, 1], padding: 'valid' }),
        { op: 'depthwise', name: 'd', channels: 6, kernel: [3, 3], stride, padding: 'same' },
      ],
    ]),
    [
      'a depthwise one of 5x5 and stride 2',
      [
        conv('w', 3, 6, { kernel: [1, 1], padding: 'valid' }),
        { op: 'depthwise', name: 'd', channels: 6, kernel: [5, 5], stride: 2, padding: 'same' },
      ],
    ],
    ['a slope a channel', [wide, conv('c', 16, 8), { op: 'prelu', name: 'p', channels: 8 }]],
    [
      'a slope a channel of what is read twice',
      [
        wide,
        { op: 'prelu', name: 'p', channels: 16 },
        { op: 'add', name: 's', from: ['wide', 'p'], activation: 'linear' },
      ],
    ],
    [
      'relu alone',
      [
        wide,
        { op: 'maxPool', name: 'm', size: 1, stride: 1, padding: 'valid' },
        { op: 'relu', name: 'r' },
      ],
    ],
    [
      'the largest of a window',
      [wide, { op: 'maxPool', name: 'm', size: 3, stride: 2, padding: 'same' }],
    ],
    [
      'the mean of a window',
      [wide, { op: 'avgPool', name: 'a', size: 3, stride: 2, padding: 'same' }],
    ],
    ['the root of squares of a window', [wide, { op: 'l2Pool', name: 'l', size: 2, stride: 2 }]],
    [
      'a normalisation across channels',
      [wide, { op: 'localResponseNorm', name: 'n', window: 5, alpha: 0.1, beta: 0.75, k: 1 }],
    ],
    [
      'the way round a block',
      [wide, conv('c', 16, 16), { op: 'add', name: 's', from: ['c', 'wide'], activation: 'relu' }],
    ],
    [
      'a sum of four',
      [
        wide,
        conv('b', 16, 16, { from: 'wide' }),
        conv('c', 16, 16, { from: 'wide' }),
        conv('d', 16, 16, { from: 'wide' }),
        { op: 'add', name: 's', from: ['wide', 'b', 'c', 'd'], activation: 'relu' },
      ],
    ],
    [
      'zeros appended',
      [wide, { op: 'appendZeros', name: 'z', rows: 1, columns: 2, channels: 3 }, conv('c', 19, 8)],
    ],
    [
      'zeros around',
      [wide, { op: 'surroundWithZeros', name: 'z', before: 1, after: 2 }, conv('c', 16, 8)],
    ],
    [
      'outputs side by side',
      [
        wide,
        conv('b', 16, 8, { from: 'wide' }),
        { op: 'concat', name: 's', from: ['wide', 'b'] },
        conv('c', 24, 8),
      ],
    ],
    [
      'gates',
      [
        wide,
        { op: 'globalAverage', name: 'g' },
        { op: 'dense', name: 'f', in: 16, out: 16, bias: true },
        { op: 'gate', name: 'x', from: ['wide', 'f'] },
      ],
    ],
    [
      'gates that others read too, as gates and as they are',
      [
        wide,
        { op: 'globalAverage', name: 'g' },
        { op: 'dense', name: 'f', in: 16, out: 16, bias: true },
        { op: 'gate', name: 'x', from: ['wide', 'f'] },
        { op: 'gate', name: 'y', from: ['x', 'f'], squash: 'clamp' },
        { op: 'globalAverage', name: 'z' },
        { op: 'add', name: 's', from: ['z', 'f'], activation: 'linear' },
      ],
    ],
    [
      'a mean over all places, a dense layer and length one',
      [
        wide,
        { op: 'globalAverage', name: 'g' },
        { op: 'dense', name: 'f', in: 16, out: 7, bias: false },
        { op: 'l2Normalise', name: 'u' },
      ],
    ],
  ]
  it.each(layers)('for %s, at sides of 1 to 21', (_, list) => {
    const { plan, stock } = bothWays(tableOf(...list))
    expect(plan.weights.engine).toBe('plan')
    for (const [height, width] of [
      [1, 1],
      [2, 3],
      [4, 4],
      [5, 8],
      [9, 7],
      [21, 20],
    ] as const) {
      const windows = list.flatMap((layer) =>
        'size' in layer && layer.op === 'l2Pool' ? layer.size : 0,
      )
      const kernels = list.flatMap((layer) =>
        layer.op === 'conv' && layer.padding === 'valid' ? layer.kernel[0] : 0,
      )
      if (Math.min(height, width) < Math.max(0, ...windows, ...kernels)) continue
      expect(difference(plan, stock, [2, height, width]), `${height}x${width}`).toBeLessThan(2e-3)
    }
    ;[plan, stock].forEach(disposeNetwork)
  })
})

describe('whole networks', () => {
  it.each([
    [dlibResnet, 1e-3],
    [faceLandmark68, 2e-3],
  ])('as they are packed: %#', async (table, most) => {
    const packed = await assets.packedNetwork(table)
    const plan = await loadNetwork(table, packed, 'plan')
    const stock = await loadNetwork(table, packed, 'stock')
    expect(plan.weights.engine).toBe('plan')
    const { size } = table.input
    const worst = difference(plan, stock, [2, size, size])
    console.log(`${table.name}: ${worst.toExponential(1)} of the largest`)
    expect(worst).toBeLessThan(most)
    ;[plan, stock].forEach(disposeNetwork)
  })

  it.each([nn4Small2OpenFace, nn4Small2Exercise, miniFasnetV2, miniFasnetV1Se])(
    'on seeded weights: %#',
    async (table) => {
      const packed = await packInMemory(table, seededWeights(table), 'integer')
      const plan = await loadNetwork(table, packed, 'plan')
      const stock = await loadNetwork(table, packed, 'stock')
      const worst = difference(plan, stock, [1, table.input.size, table.input.size])
      console.log(`${table.name}: ${worst.toExponential(1)} of the largest`)
      expect(worst).toBeLessThan(5e-3)
      ;[plan, stock].forEach(disposeNetwork)
    },
  )
})

describe('a plan', () => {
  it('gives the same bits each time, whatever ran before', async () => {
    const network = await loadNetwork(dlibResnet, await assets.packedNetwork(dlibResnet))
    const input = randomNumbers(150 * 150 * 3, 3)
    const first = runNetwork(network, input, [1, 150, 150]).values
    runNetwork(
      network,
      randomNumbers(150 * 150 * 3, 4).map((value) => value * 1e3),
      [1, 150, 150],
    )
    expect(runNetwork(network, input, [1, 150, 150]).values).toEqual(first)
    disposeNetwork(network)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'gives nothing but NaN for an input with %f in it',
    async (value) => {
      const network = await loadNetwork(faceLandmark68, await assets.packedNetwork(faceLandmark68))
      const input = randomNumbers(112 * 112 * 3, 3)
      input[20_000] = value
      const { values } = runNetwork(network, input, [1, 112, 112])
      expect(values.every(Number.isNaN)).toBe(true)
      disposeNetwork(network)
    },
  )

  it('takes a picture of zeros', () => {
    const { plan, stock } = bothWays(tableOf(wide, conv('c', 16, 8)))
    const zeros = new Float32Array(8 * 8 * 3)
    const got = runNetwork(plan, zeros, [1, 8, 8]).values
    expect(got.every(Number.isFinite)).toBe(true)
    runNetwork(stock, zeros, [1, 8, 8]).values.forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 2)
    })
    ;[plan, stock].forEach(disposeNetwork)
  })

  it('gives everything back when its network is disposed of', async () => {
    const packed = await assets.packedNetwork(faceLandmark68)
    const run = async (): Promise<void> => {
      const network = await loadNetwork(faceLandmark68, packed)
      runNetwork(network, new Float32Array(112 * 112 * 3), [1, 112, 112])
      disposeNetwork(network)
    }
    await run()
    const [heap, { numTensors }] = [wasmHeapBytes(), tf.memory()]
    // A hundred times a megabyte would not fit beside each other.
    for (let i = 0; i < 100; i++) await run()
    expect(wasmHeapBytes()).toBe(heap)
    expect(tf.memory().numTensors).toBe(numTensors)
  })

  it('is not made of a table that adds more than four', () => {
    const from = ['a', 'b', 'c', 'd', 'e'].map((name) => conv(name, 3, 8, { from: 'input' }))
    const table = tableOf(...from, {
      op: 'add',
      name: 's',
      from: from.map(({ name }) => name),
      activation: 'linear',
    })
    const { plan } = bothWays(table)
    expect(plan.weights.engine).toBe('stock')
    disposeNetwork(plan)
  })
})
