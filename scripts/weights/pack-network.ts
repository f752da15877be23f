/**
 * One folder of CSV files -> shards and their index: checks every file against the network's table, folds, quantises and
 * lays out. Every fault of every file is reported in one run.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { foldLayer } from '../../src/network/fold.ts'
import { type FilterUse, type Precision, quantise } from '../../src/network/quantise.ts'
import {
  type LayerEntry,
  maxShardBytes,
  type ShardIndex,
  ShardWriter,
  sha256,
  shardFormat,
  toHex,
} from '../../src/network/shards.ts'
import {
  type CsvTensor,
  csvTensors,
  isWeighted,
  type NetworkTable,
  type WeightedLayer,
} from '../../src/network/table.ts'
import { readCsv } from './csv.ts'
import { requireWeights } from './misplaced-weights.ts'
import { shardsDir, weightsDir } from './networks.ts'
import { listWeights } from './weights-folder.ts'

/** Raised when the shards that this script writes change. */
const packVersion = 4

export interface PackOptions {
  readonly table: NetworkTable
  readonly folder: string
  readonly precision: Precision
}

/** Whether Winograd's way may be open to a layer. */
function useOf(layer: WeightedLayer): FilterUse {
  if (layer.op !== 'conv') return 'other'
  return layer.kernel.every((side) => side === 3) ? 'conv' : 'direct'
}

/** Everything that is wrong with a folder of weights, one line each. */
export class WeightFaults extends Error {
  readonly faults: readonly string[]

  constructor(folder: string, faults: readonly string[]) {
    super(
      `${folder}: ${faults.length} fault${faults.length === 1 ? '' : 's'}\n  ${faults.join('\n  ')}`,
    )
    this.name = 'WeightFaults'
    this.faults = faults
  }
}

/** Packs one network unless its shards are up to date. Returns its index, and whether it was packed again. */
export async function packNetwork(
  options: PackOptions,
  onTensor: () => void = () => {},
): Promise<{ index: ShardIndex; packed: boolean }> {
  const { table, folder, precision } = options
  const csvFiles = await checkFiles(table, folder)
  const sourceHash = await hashFiles(
    csvFiles,
    `${packVersion} ${precision} ${JSON.stringify(table)}`,
  )
  const current = await readIndex(table.name)
  if (current?.sourceHash === sourceHash) return { index: current, packed: false }

  const csv = await readTensors(table, folder, onTensor)
  const { index, files } = await packTensors(table, csv, precision, sourceHash)
  await mkdir(shardsDir, { recursive: true })
  for (const file of await readdir(shardsDir)) {
    const isOurs =
      file.startsWith(table.name) && /^(-\d+\.bin|\.json)$/.test(file.slice(table.name.length))
    if (isOurs) {
      await rm(join(shardsDir, file))
    }
  }
  for (const [file, bytes] of files) await writeFile(join(shardsDir, file), bytes)
  // The index goes last: shards without one are packed again.
  await writeFile(join(shardsDir, `${table.name}.json`), JSON.stringify(index))
  return { index, packed: true }
}

/** Folds, quantises and lays out in shards, in memory. @param maxBytes of a shard */
export async function packTensors(
  table: NetworkTable,
  csv: ReadonlyMap<string, Float32Array>,
  precision: Precision,
  sourceHash: string,
  maxBytes = maxShardBytes,
): Promise<{ index: ShardIndex; files: Map<string, Uint8Array> }> {
  const writer = new ShardWriter(maxBytes)
  const layers = table.layers.filter(isWeighted).map((layer): LayerEntry => {
    const { filter, gain, bias } = foldLayer(layer, csv)
    const { encoding, levels, bytes } = quantise(filter, gain, precision, useOf(layer))
    const entry = { layer: layer.name, filter: { ...writer.add(bytes), encoding, levels } }
    return bias ? { ...entry, bias: writer.add(new Uint8Array(bias.buffer)) } : entry
  })
  const shards = await writer.finish()
  const hashed = JSON.stringify([table, shards.map((shard) => shard.sha256)])
  const fileName = (number: number): string => `${table.name}-${number}.bin`
  return {
    index: {
      format: shardFormat,
      network: table.name,
      weightsHash: toHex(await sha256(new TextEncoder().encode(hashed))),
      sourceHash,
      precision,
      shards: shards.map(({ bytes, sha256 }, number) => ({
        file: fileName(number),
        bytes: bytes.length,
        sha256,
      })),
      layers,
    },
    files: new Map(shards.map(({ bytes }, number) => [fileName(number), bytes])),
  }
}

export async function readIndex(network: string): Promise<ShardIndex | null> {
  try {
    return JSON.parse(await readFile(join(shardsDir, `${network}.json`), 'utf8'))
  } catch {
    return null
  }
}

/** The CSV files, sorted. Throws WeightFaults over files that are missing or that nothing reads, CommandFault where none is there. */
async function checkFiles(table: NetworkTable, folder: string): Promise<string[]> {
  await requireWeights(table, folder)
  const present = await listWeights(folder)
  const shared = csvTensors(table).filter((tensor) => tensor.folder !== undefined)
  const expected = new Map(
    csvTensors(table)
      .filter((tensor) => tensor.folder === undefined)
      .map((tensor) => [`${tensor.name}.csv`, tensor]),
  )
  const unread = new Map((table.unreadCsv ?? []).map((tensor) => [`${tensor.name}.csv`, tensor]))
  const missing = [...expected].filter(([file]) => !present.includes(file))
  const extra = present.filter((file) => !expected.has(file) && !unread.has(file))
  const faults = [
    ...missing.map(([file, tensor]) => `${file} is missing, expected ${describe(tensor)}`),
    ...shared.flatMap((tensor) => {
      const file = fileOf(tensor, folder)
      return existsSync(file) ? [] : [`${file} is missing, expected ${describe(tensor)}`]
    }),
    ...extra.map((file) => `${file} is read by nothing in ${table.name}, expected no such file`),
  ]
  const isPresent = ([file]: [string, CsvTensor]): boolean => present.includes(file)
  faults.push(...(await readFaults([...unread].filter(isPresent), folder)))
  if (faults.length === 0) {
    return [
      ...present.map((file) => join(folder, file)),
      ...shared.map((tensor) => fileOf(tensor, folder)),
    ]
  }
  // What is there is checked all the same, so that one run shows everything.
  const unreadable = await readFaults([...expected].filter(isPresent), folder)
  throw new WeightFaults(folder, [...faults, ...unreadable])
}

async function readFaults(files: [string, CsvTensor][], folder: string): Promise<string[]> {
  const faults: string[] = []
  for (const [file, tensor] of files) {
    const result = await readCsv(join(folder, file), sizeOf(tensor))
    faults.push(...result.faults.map((fault) => `${file}: ${fault}, ${describe(tensor)}`))
  }
  return faults
}

/** Every tensor of the network by name. Throws WeightFaults that lists all faults of all files. */
export async function readTensors(
  table: NetworkTable,
  folder: string,
  onTensor: () => void = () => {},
): Promise<Map<string, Float32Array>> {
  const tensors = new Map<string, Float32Array>()
  const faults: string[] = []
  for (const tensor of csvTensors(table)) {
    const result = await readCsv(fileOf(tensor, folder), sizeOf(tensor))
    faults.push(
      ...result.faults.map((fault) => `${tensor.name}.csv: ${fault}, ${describe(tensor)}`),
    )
    tensors.set(tensor.name, result.values)
    onTensor()
  }
  if (faults.length > 0) throw new WeightFaults(folder, faults)
  return tensors
}

/** Beside the network's other files, unless it belongs to an encoder. */
function fileOf({ name, folder: own }: CsvTensor, folder: string): string {
  return join(own === undefined ? folder : join(weightsDir, own), `${name}.csv`)
}

async function hashFiles(files: readonly string[], salt: string): Promise<string> {
  const hash = createHash('sha256').update(salt)
  for (const file of files) hash.update(basename(file)).update(await readFile(file))
  return hash.digest('hex')
}

function describe({ shape }: CsvTensor): string {
  return `shape [${shape.join(', ')}]`
}

function sizeOf({ shape }: CsvTensor): number {
  return shape.reduce((product, side) => product * side, 1)
}
