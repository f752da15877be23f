/** Networks packed without files: tensors -> shards -> what the loader takes. */
import { join } from 'node:path'
import { weightsDir } from '../../../scripts/weights/networks.ts'
import { packTensors, readTensors } from '../../../scripts/weights/pack-network.ts'
import type { PackedNetwork } from '../../../src/network/load.ts'
import type { Precision } from '../../../src/network/quantise.ts'
import { csvTensors, type NetworkTable } from '../../../src/network/table.ts'
import { randomNumbers } from '../random.ts'

export type Tensors = ReadonlyMap<string, Float32Array>

/** The imported CSV files of a network, by tensor. */
export function readWeights(table: NetworkTable): Promise<Tensors> {
  return readTensors(table, join(weightsDir, table.name))
}

/** Numbers that look random, the same in every run; small, so that sums stay small. */
export function randomWeights(table: NetworkTable): Tensors {
  return new Map(
    csvTensors(table).map(({ name, shape }, seed) => [
      name,
      randomNumbers(countOf(shape), seed + 1).map((value) => value / 4),
    ]),
  )
}

export interface PackedInMemory extends PackedNetwork {
  /** Whole shard files by name. */
  readonly files: ReadonlyMap<string, ArrayBuffer>
}

export async function packInMemory(
  table: NetworkTable,
  tensors: Tensors,
  precision: Precision = 'float32',
): Promise<PackedInMemory> {
  const { index, files } = await packTensors(table, tensors, precision, 'made up')
  const buffers = new Map(
    Array.from(files, ([file, bytes]) => [file, new Uint8Array(bytes).buffer] as const),
  )
  return { index, files: buffers, readShardFile: (file) => buffers.get(file)! }
}

export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1)
}
