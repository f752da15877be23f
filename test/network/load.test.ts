import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { dlibResnet } from '../../src/encoder/dlib-resnet.ts'
import type { EngineAssets } from '../../src/engine/face-engine.ts'
import { blazefaceFullRange } from '../../src/face/networks/blazeface-full-range.ts'
import { faceLandmark68 } from '../../src/face/networks/face-landmark-68.ts'
import { reserveHeap, startBackend, wasmHeapBytes } from '../../src/network/backend.ts'
import {
  disposeNetwork,
  loadNetwork,
  type Network,
  type PackedNetwork,
} from '../../src/network/load.ts'
import { runNetwork } from '../../src/network/run.ts'
import type { ShardIndex } from '../../src/network/shards.ts'
import type { NetworkTable } from '../../src/network/table.ts'
import {
  type PackedInMemory,
  packInMemory,
  randomWeights,
} from '../support/networks/pack-in-memory.ts'
import { randomNumbers } from '../support/random.ts'
import { loadPlain } from '../support/references/plain-network.ts'

let assets: EngineAssets
beforeAll(async () => {
  assets = await nodeAssets()
  await startBackend(assets.backend)
  reserveHeap()
})

/** One layer of each kind that has weights, and one whose channels fill no block of eight. */
const small: NetworkTable = {
  name: 'small',
  input: { size: 4, sizeIs: 'multiple', mean: [0, 0, 0], divisor: 1 },
  layers: [
    {
      op: 'conv',
      name: 'stem',
      in: 3,
      out: 8,
      kernel: [3, 3],
      stride: 2,
      padding: 'same',
      norm: { kind: 'batchNorm', name: 'stem_bn', epsilon: 2 },
      activation: 'leakyRelu',
    },
    { op: 'depthwise', name: 'each', channels: 8, kernel: [3, 3], stride: 1, padding: 'same' },
    {
      op: 'conv',
      name: 'mix',
      in: 8,
      out: 5,
      kernel: [1, 1],
      stride: 1,
      padding: 'valid',
      norm: { kind: 'scale', name: 'mix_scale' },
      activation: 'relu',
    },
    { op: 'globalAverage', name: 'average' },
    { op: 'dense', name: 'fc', in: 5, out: 7, bias: true },
  ],
}

describe('a loaded network', () => {
  const sizes: readonly [NetworkTable, number, number][] = [
    ...[96, 160, 224].flatMap((size) =>
      [1, 2].map((batch): [NetworkTable, number, number] => [blazefaceFullRange, size, batch]),
    ),
    [faceLandmark68, 112, 1],
    [faceLandmark68, 112, 2],
    [dlibResnet, 150, 1],
    [dlibResnet, 150, 2],
  ]
  const loaded = new Map<NetworkTable, { fast: Network; plain: Network }>()
  beforeAll(async () => {
    for (const table of [blazefaceFullRange, faceLandmark68, dlibResnet]) {
      const packed = await assets.packedNetwork(table)
      loaded.set(table, {
        fast: await loadNetwork(table, packed, 'stock'),
        plain: await loadPlain(table, packed),
      })
    }
  })
  afterAll(() => {
    for (const { fast, plain } of loaded.values()) [fast, plain].forEach(disposeNetwork)
  })

  // All sizes on the same loaded network, so that what one size leaves behind would show at the next.
  it.each(sizes.map(([table, size, batch]) => ({ table, name: table.name, size, batch })))(
    '$name at $size pixels, $batch at a time, gives what plain tfjs ops give',
    (args) => {
      const { table, size, batch } = args
      const { fast, plain } = loaded.get(table)!
      const input = randomNumbers(batch * size * size * 3, size + batch)
      const wanted = runNetwork(plain, input, [batch, size, size])
      const got = runNetwork(fast, input, [batch, size, size])
      expect(got.shape).toEqual(wanted.shape)
      const worst = largestDifference(got.values, wanted.values)
      console.log(`${table.name} ${size} px, batch ${batch}: largest difference ${worst}`)
      const largest = wanted.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      // The detector's numbers are pixels.
      expect(worst).toBeLessThan(1e-4 * Math.max(1, largest / 10))
      expect(largest).toBeGreaterThan(0.1)
    },
  )

  it('gives the same again after all of them', () => {
    for (const [table, size, batch] of sizes) {
      const input = randomNumbers(batch * size * size * 3, size + batch)
      const { fast } = loaded.get(table)!
      const first = runNetwork(fast, input, [batch, size, size]).values
      expect(runNetwork(fast, input, [batch, size, size]).values).toEqual(first)
    }
  })
})

describe('loadNetwork', () => {
  let packed: PackedInMemory
  beforeEach(async () => {
    packed = await packInMemory(small, withPositiveVariance(randomWeights(small)))
  })

  it('names the model after table and weights hash', async () => {
    const network = await loadNetwork(small, packed)
    expect(packed.index.weightsHash).toMatch(/^[0-9a-f]{64}$/)
    expect(network.model).toBe(`small@${packed.index.weightsHash.slice(0, 8)}`)
    expect(network.table).toBe(small)
    disposeNetwork(network)
  })

  it('takes every kind of layer', async () => {
    const fast = await loadNetwork(small, packed, 'stock')
    const plain = await loadPlain(small, packed)
    for (const side of [4, 8, 12]) {
      const input = randomNumbers(2 * side * side * 3, side)
      const { values, shape } = runNetwork(fast, input, [2, side, side])
      expect(shape).toEqual([2, 7])
      const wanted = runNetwork(plain, input, [2, side, side])
      expect(largestDifference(values, wanted.values)).toBeLessThan(1e-6)
    }
    ;[fast, plain].forEach(disposeNetwork)
  })

  it('leaves nothing behind when it is disposed of, however often', async () => {
    const { numTensors } = tf.memory()
    disposeNetwork(await loadNetwork(small, packed))
    disposeNetwork(
      await loadNetwork(blazefaceFullRange, await assets.packedNetwork(blazefaceFullRange)),
    )
    const heap = wasmHeapBytes()
    // A hundred times 2.1 MB of weights do not fit into the heap beside each other.
    for (let i = 0; i < 100; i++) {
      const again = await assets.packedNetwork(blazefaceFullRange)
      const network = await loadNetwork(blazefaceFullRange, again)
      runNetwork(network, new Float32Array(32 * 32 * 3), [1, 32, 32])
      disposeNetwork(network)
    }
    expect(tf.memory().numTensors).toBe(numTensors)
    expect(wasmHeapBytes()).toBe(heap)
  })

  const broken: [string, (index: ShardIndex) => ShardIndex, string][] = [
    [
      'of another network',
      (index) => ({ ...index, network: 'large' }),
      'the shards hold large in format 1, expected small in format 1; run "npm run pack"',
    ],
    [
      'of another format',
      (index) => ({ ...index, format: 2 }),
      'the shards hold small in format 2, expected small in format 1; run "npm run pack"',
    ],
    [
      'without a layer',
      (index) => ({ ...index, layers: index.layers.filter(({ layer }) => layer !== 'fc') }),
      'the shards of small lack the layer fc',
    ],
    [
      'whose layer is too short',
      (index) => changeFilter(index, 'mix', ({ length }) => ({ length: length - 4 })),
      'the shards of small hold mix in another shape',
    ],
    [
      'whose layer is encoded otherwise',
      (index) => changeFilter(index, 'mix', () => ({ encoding: 'float16' })),
      'the shards of small hold mix in another shape',
    ],
    [
      'whose index points behind the shard',
      (index) => changeFilter(index, 'fc', () => ({ offset: 1e6 })),
      'the index points past the end of shard 0',
    ],
    [
      'whose index names a shard that is not there',
      (index) => changeFilter(index, 'fc', () => ({ shard: 1 })),
      'the index points past the end of shard 1',
    ],
  ]
  it.each(broken)('refuses shards %s, and keeps nothing', async (_, change, message) => {
    const { numTensors } = tf.memory()
    const changed: PackedNetwork = { ...packed, index: change(packed.index) }
    await expect(loadNetwork(small, changed)).rejects.toThrow(new Error(message))
    expect(tf.memory().numTensors).toBe(numTensors)
  })

  it('refuses a shard with a flipped byte, and loads the sound one afterwards', async () => {
    const { numTensors } = tf.memory()
    const flipped: PackedNetwork = {
      ...packed,
      readShardFile(file) {
        const bytes = new Uint8Array(packed.files.get(file)!.slice(0))
        bytes[bytes.length - 1]! ^= 0x80
        return bytes.buffer
      },
    }
    await expect(loadNetwork(small, flipped)).rejects.toThrow('small-0.bin: has SHA-256')
    expect(tf.memory().numTensors).toBe(numTensors)
    disposeNetwork(await loadNetwork(small, packed))
  })

  it('passes on why a shard could not be read', async () => {
    const absent: PackedNetwork = {
      ...packed,
      readShardFile: () => Promise.reject(new Error('no such file')),
    }
    await expect(loadNetwork(small, absent)).rejects.toThrow('no such file')
  })
})

function changeFilter(
  index: ShardIndex,
  layer: string,
  change: (
    filter: ShardIndex['layers'][number]['filter'],
  ) => Partial<ShardIndex['layers'][number]['filter']>,
): ShardIndex {
  return {
    ...index,
    layers: index.layers.map((entry) =>
      entry.layer === layer
        ? { ...entry, filter: { ...entry.filter, ...change(entry.filter) } }
        : entry,
    ),
  }
}

function withPositiveVariance(tensors: ReadonlyMap<string, Float32Array>) {
  return new Map(
    [...tensors].map(([name, values]) => [
      name,
      name.endsWith('_v') ? values.map(Math.abs) : values,
    ]),
  )
}

function largestDifference(got: Float32Array, wanted: Float32Array): number {
  expect(got.length).toBe(wanted.length)
  return got.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0)
}
