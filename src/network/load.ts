/**
 * Shards -> a network that can run: checks what was packed against the table that will run it, and puts the weights on
 * the backend one layer at a time, so that there is never a second copy of more than one layer.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { LayerWeights } from './layers.ts'
import { channelsPerBlock, packFilter } from './packed-conv.ts'
import { dequantise, quantisedLength } from './quantise.ts'
import { readShard, type Section, type ShardIndex, shardFormat } from './shards.ts'
import {
  filterShape,
  isWeighted,
  type NetworkTable,
  outputChannels,
  type WeightedLayer,
} from './table.ts'

/** A network that can run. */
export interface Network {
  readonly table: NetworkTable
  readonly weights: ReadonlyMap<string, LayerWeights>
  /** As in "dlib-resnet@4f1c2a90". */
  readonly model: string
}

/** What a shard index and its files look like to the loader, wherever they come from. */
export interface PackedNetwork {
  readonly index: ShardIndex
  readShardFile(file: string): ArrayBuffer | Promise<ArrayBuffer>
}

/** @throws Error when a shard is damaged or was packed for another table; nothing stays on the backend then */
export async function loadNetwork(table: NetworkTable, packed: PackedNetwork): Promise<Network> {
  const { index } = packed
  if (index.format !== shardFormat || index.network !== table.name) {
    throw new Error(
      `the shards hold ${index.network} in format ${index.format}, ` +
        `expected ${table.name} in format ${shardFormat}; run "npm run pack"`,
    )
  }
  const payloads = await Promise.all(
    index.shards.map(async ({ file, sha256 }, number) =>
      readShard(await packed.readShardFile(file), { name: file, number, sha256 }),
    ),
  )
  const weights = new Map<string, LayerWeights>()
  try {
    for (const layer of table.layers.filter(isWeighted)) {
      const entry = index.layers.find((candidate) => candidate.layer === layer.name)
      if (!entry) throw new Error(`the shards of ${table.name} lack the layer ${layer.name}`)
      const shape = filterShape(layer)
      const count = sizeOf(layer)
      const channels = outputChannels(layer)
      const { encoding, levels, length } = entry.filter
      if (length !== quantisedLength(encoding, levels, count, channels)) {
        throw new Error(`the shards of ${table.name} hold ${layer.name} in another shape`)
      }
      const bytes = sectionOf(payloads, entry.filter)
      const values = dequantise({ encoding, levels, bytes }, count, channels)
      const bias = entry.bias
        ? new Float32Array(sectionOf(payloads, entry.bias).slice().buffer)
        : null
      const packed = layer.op === 'conv' && bias !== null && channels % channelsPerBlock === 0
      weights.set(layer.name, {
        filter: packed ? tf.tensor1d(packFilter(values, channels)) : tf.tensor(values, shape),
        ...(bias ? { bias: tf.tensor1d(bias) } : {}),
        packed,
      })
    }
  } catch (error) {
    disposeWeights(weights)
    throw error
  }
  return { table, weights, model: modelName(index) }
}

/** Name and the first 8 digits of the weights hash. */
export function modelName({ network, weightsHash }: ShardIndex): string {
  return `${network}@${weightsHash.slice(0, 8)}`
}

function sizeOf(layer: WeightedLayer): number {
  return filterShape(layer).reduce((product, side) => product * side, 1)
}

export function disposeNetwork(network: Network): void {
  disposeWeights(network.weights)
}

function disposeWeights(weights: ReadonlyMap<string, LayerWeights>): void {
  for (const { filter, bias } of weights.values()) tf.dispose(bias ? [filter, bias] : filter)
}

function sectionOf(
  payloads: readonly Uint8Array[],
  { shard, offset, length }: Section,
): Uint8Array {
  const payload = payloads[shard]
  if (!payload || offset + length > payload.length) {
    throw new Error(`the index points past the end of shard ${shard}`)
  }
  return payload.subarray(offset, offset + length)
}
