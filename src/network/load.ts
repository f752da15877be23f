/**
 * Shards -> a network that can run: checks what was packed against the table that will run it, and puts the weights on
 * the backend one layer at a time, so that there is never a second copy of more than one layer.
 */
import type { EngineKind } from './engine-kind.ts'
import { Heap } from './plan/heap.ts'
import { planKernels } from './plan/kernel-exports.ts'
import {
  type PlacedWeights,
  placeWeights,
  type ReadLayer,
  unplannable,
} from './plan/place-weights.ts'
import { dequantise, type QuantisedFilter, quantisedLength, readFilter } from './quantise.ts'
import { readShard, type Section, type ShardIndex, shardFormat } from './shards.ts'
import { disposeTensors, type StockWeights, toTensors } from './stock-weights.ts'
import {
  filterShape,
  isWeighted,
  type NetworkTable,
  outputChannels,
  type WeightedLayer,
} from './table.ts'

export type NetworkWeights =
  | { readonly engine: 'plan'; readonly placed: PlacedWeights; readonly heap: Heap }
  | { readonly engine: 'stock'; readonly tensors: StockWeights }

/** A network that can run. */
export interface Network {
  readonly table: NetworkTable
  readonly weights: NetworkWeights
  /** As in "dlib-resnet@4f1c2a90". */
  readonly model: string
}

/** What a shard index and its files look like to the loader, wherever they come from. */
export interface PackedNetwork {
  readonly index: ShardIndex
  readShardFile(file: string): ArrayBuffer | Promise<ArrayBuffer>
}

/**
 * @param engine what is to run it; a table that no plan can be made of runs on tfjs's operations all the same
 * @throws Error when a shard is damaged or was packed for another table; nothing stays on the backend then
 */
export async function loadNetwork(
  table: NetworkTable,
  packed: PackedNetwork,
  engine: EngineKind = 'plan',
): Promise<Network> {
  return assembleNetwork(table, await readLayers(table, packed), modelName(packed.index), engine)
}

/** The layers that have weights, in the order of the table. Throws as `loadNetwork` does. */
export async function readLayers(
  table: NetworkTable,
  packed: PackedNetwork,
): Promise<readonly ReadLayer[]> {
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
  return table.layers.filter(isWeighted).map((layer) => readLayer(table, layer, index, payloads))
}

/** Puts weights on the backend, wherever they come from. */
export function assembleNetwork(
  table: NetworkTable,
  layers: readonly ReadLayer[],
  model: string,
  engine: EngineKind = 'plan',
): Network {
  const usesPlan = engine === 'plan' && unplannable(table) === null
  const weights: NetworkWeights = usesPlan
    ? onHeap(table, layers)
    : { engine: 'stock', tensors: toTensors(layers) }
  return { table, weights, model }
}

function onHeap(table: NetworkTable, layers: readonly ReadLayer[]): NetworkWeights {
  const heap = new Heap()
  try {
    return { engine: 'plan', placed: placeWeights(table, layers, heap, planKernels()), heap }
  } catch (error) {
    heap.release()
    throw error
  }
}

/** Its numbers stay bytes until they are asked for. */
function readLayer(
  table: NetworkTable,
  layer: WeightedLayer,
  index: ShardIndex,
  payloads: readonly Uint8Array[],
): ReadLayer {
  const entry = index.layers.find((candidate) => candidate.layer === layer.name)
  if (!entry) throw new Error(`the shards of ${table.name} lack the layer ${layer.name}`)
  const count = filterShape(layer).reduce((product, side) => product * side, 1)
  const channels = outputChannels(layer)
  const { encoding, levels, length } = entry.filter
  if (length !== quantisedLength(encoding, levels, count, channels)) {
    throw new Error(`the shards of ${table.name} hold ${layer.name} in another shape`)
  }
  const quantised: QuantisedFilter = { encoding, levels, bytes: sectionOf(payloads, entry.filter) }
  return {
    layer,
    integers: () => readFilter(quantised, count, channels),
    floats: () => dequantise(quantised, count, channels),
    bias: entry.bias ? new Float32Array(sectionOf(payloads, entry.bias).slice().buffer) : null,
  }
}

/** Name and the first 8 digits of the weights hash. */
export function modelName({ network, weightsHash }: ShardIndex): string {
  return `${network}@${weightsHash.slice(0, 8)}`
}

export function disposeNetwork({ weights }: Network): void {
  if (weights.engine === 'plan') weights.heap.release()
  else disposeTensors(weights.tensors)
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
