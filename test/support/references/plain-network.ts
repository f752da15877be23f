/** A packed network the plain way: every filter as it is in the shards, no rearranging, tfjs's own convolution. */
import * as tf from '@tensorflow/tfjs-core'
import type { Network, PackedNetwork } from '../../../src/network/load.ts'
import { dequantise } from '../../../src/network/quantise.ts'
import { readShard } from '../../../src/network/shards.ts'
import type { LayerTensors } from '../../../src/network/stock-weights.ts'
import {
  filterShape,
  isWeighted,
  type NetworkTable,
  outputChannels,
} from '../../../src/network/table.ts'
import { countOf } from '../networks/pack-in-memory.ts'

export async function loadPlain(table: NetworkTable, packed: PackedNetwork): Promise<Network> {
  const payloads = await Promise.all(
    packed.index.shards.map(async ({ file, sha256 }, number) =>
      readShard(await packed.readShardFile(file), { name: file, number, sha256 }),
    ),
  )
  const weights = new Map<string, LayerTensors>()
  for (const layer of table.layers.filter(isWeighted)) {
    const { filter, bias } = packed.index.layers.find((entry) => entry.layer === layer.name)!
    const bytesOf = ({ shard, offset, length }: typeof filter | NonNullable<typeof bias>) =>
      payloads[shard]!.slice(offset, offset + length)
    const shape = filterShape(layer)
    const quantised = { encoding: filter.encoding, levels: filter.levels, bytes: bytesOf(filter) }
    const values = dequantise(quantised, countOf(shape), outputChannels(layer))
    weights.set(layer.name, {
      filter: tf.tensor(values, shape),
      ...(bias ? { bias: tf.tensor1d(new Float32Array(bytesOf(bias).buffer)) } : {}),
    })
  }
  return { table, weights: { engine: 'stock', tensors: weights }, model: 'plain@0' }
}
