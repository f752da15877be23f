import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { readNetworkFile } from '../../scripts/encoder/network-file.ts'
import { publishedNetworks } from '../../scripts/encoder/published-networks.ts'
import { tableLike } from '../../scripts/encoder/table-of-network.ts'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { networkOfGraph } from '../../scripts/weights/graphs/network-of-graph.ts'
import { projectedDirection } from '../../src/encoder/projected.ts'
import { reid0095 } from '../../src/encoder/reid-0095.ts'
import { unitVector } from '../../src/encoding/direction.ts'
import { startBackend } from '../../src/network/backend.ts'
import { disposeNetwork, loadNetwork, type Network } from '../../src/network/load.ts'
import { toNetworkInput } from '../../src/network/picture.ts'
import type { Precision } from '../../src/network/quantise.ts'
import { runNetwork } from '../../src/network/run.ts'
import type { Layer, NetworkTable } from '../../src/network/table.ts'
import { packInMemory, type Tensors } from '../support/networks/pack-in-memory.ts'
import { seededWeights } from '../support/networks/seeded-weights.ts'
import { randomNumbers } from '../support/random.ts'
import { runIr } from '../support/references/ir-reference.ts'

const { size } = reid0095.input
/** Like skin under a lamp: bright and dark places, and noise. */
const chip = randomNumbers(size * size * 3, 5).map((value, i) =>
  Math.round(120 + 60 * Math.sin(i / 900) + 50 * value),
)
const published = publishedNetworks.find(({ table }) => table === reid0095)!
const file = join(projectRoot, '..', 'shared', 'data', 'reid-0095', published.files[0]!.name)

beforeAll(async () => startBackend((await nodeAssets()).backend))

async function load(
  table: NetworkTable,
  tensors: Tensors,
  engine: 'plan' | 'stock',
  precision: Precision = engine === 'plan' ? 'integer' : 'float32',
): Promise<Network> {
  return await loadNetwork(table, await packInMemory(table, tensors, precision), engine)
}

function encode(network: Network): Float32Array {
  return runNetwork(network, toNetworkInput(network.table, [chip]), [1, size, size]).values
}

function worst(left: Float32Array, right: Float32Array): number {
  expect(left.length).toBe(right.length)
  return left.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i]!)), 0)
}

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

function upTo({ table, ...network }: Network, layer: number): Network {
  return { ...network, table: { ...table, layers: table.layers.slice(0, layer + 1) } }
}

describe('the table of reid-0095, on seeded weights', () => {
  it('gives the same on plans as on the operations of tfjs, after a layer of each kind', async () => {
    const tensors = seededWeights(reid0095)
    const [plan, stock] = [
      await load(reid0095, tensors, 'plan'),
      await load(reid0095, tensors, 'stock'),
    ]
    const kinds = new Map<Layer['op'], number>()
    for (const [i, { op, name }] of reid0095.layers.entries()) {
      const seen = kinds.get(op) ?? 0
      kinds.set(op, seen + 1)
      if (seen >= 2) continue
      const [got, wanted] = [encode(upTo(plan, i)), encode(upTo(stock, i))]
      expect(worst(got, wanted) / largest(wanted), name).toBeLessThan(0.02)
    }
    expect([...kinds.keys()].sort()).toEqual(
      ['add', 'conv', 'dense', 'depthwise', 'flatten', 'gate', 'globalAverage', 'prelu'].sort(),
    )
    for (const network of [plan, stock]) disposeNetwork(network)
  })

  it('ends, where it is a part of a fused encoder, with the projection of its direction', async () => {
    const table = projectedDirection(reid0095, 'fused', 128)
    const tensors = new Map(seededWeights(table))
    const [whole, part] = [
      await load(reid0095, tensors, 'stock'),
      await load(table, tensors, 'stock'),
    ]
    const direction = unitVector(encode(whole))
    const projection = tensors.get('fused-reid-0095')!
    const wanted = Float32Array.from({ length: 128 }, (_, row) =>
      direction.reduce((sum, value, i) => sum + value * projection[row * 256 + i]!, 0),
    )
    expect(worst(encode(part), wanted)).toBeLessThan(1e-5)
    for (const network of [whole, part]) disposeNetwork(network)
  })
})

// Runs wherever the files are that the publisher has.
describe.skipIf(!existsSync(file))('the weights of reid-0095', () => {
  const read = async () => {
    const graph = await readNetworkFile(file)
    return { graph, ...tableLike(reid0095, networkOfGraph(graph), published.preparation) }
  }

  it('give what the IR gives in float32: within 1e-5 on tfjs, within 1e-3 of its direction in whole numbers', async () => {
    const { graph, tensors } = await read()
    const pixels = toNetworkInput(
      { ...reid0095, input: { ...reid0095.input, mean: [0, 0, 0], divisor: 1 } },
      [chip],
    )
    const x = tf.tensor4d(pixels, [1, size, size, 3])
    const wanted = unitVector(runIr(graph, x).get(graph.outputs[0]!)!)
    x.dispose()
    const [stock, plan] = [
      await load(reid0095, tensors, 'stock'),
      await load(reid0095, tensors, 'plan'),
    ]
    const inFloats = worst(unitVector(encode(stock)), wanted)
    const inIntegers = worst(unitVector(encode(plan)), wanted)
    console.log(
      `reid-0095: ${inFloats.toExponential(1)} in floats, ${inIntegers.toExponential(1)} in integers`,
    )
    expect(inFloats).toBeLessThan(1e-5)
    expect(inIntegers).toBeLessThan(1e-3)
    for (const network of [stock, plan]) disposeNetwork(network)
  })

  it('are 2.3 MB as they are packed', async () => {
    const { tensors } = await read()
    const { index } = await packInMemory(reid0095, tensors, 'integer')
    const bytes = index.shards.reduce((sum, shard) => sum + shard.bytes, 0)
    expect(bytes).toBeLessThan(2.4e6)
  })
})
