/**
 * weights/<network>/*.csv -> build/shards/<network>-<n>.bin with an index, and build/shards/bundle.ts that carries them
 * into the Worker. Every fault of every file is reported in one run. A network whose files have not changed is left
 * alone.
 *
 * npm run pack [-- --network NAME --weights DIR --precision uint8|float16|float32]
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { foldLayer } from '../src/network/fold.ts'
import { type Precision, quantise } from '../src/network/quantise.ts'
import {
  type LayerEntry,
  type ShardIndex,
  ShardWriter,
  sha256,
  shardFormat,
  toHex,
} from '../src/network/shards.ts'
import {
  type CsvTensor,
  csvTensors,
  csvTensorsOf,
  isWeighted,
  type NetworkTable,
} from '../src/network/table.ts'
import { readCsv } from './csv.ts'
import { networkNamed, networks, shardsDir, weightsDir } from './networks.ts'
import { progressBar } from './progress.ts'

/** Raised when the shards that this script writes change. */
const packVersion = 1

export interface PackOptions {
  readonly table: NetworkTable
  readonly folder: string
  readonly precision: Precision
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

/** Packs one network unless its shards are up to date. Returns its index, and whether it was packed anew. */
export async function packNetwork(
  options: PackOptions,
  onTensor: () => void = () => {},
): Promise<{ index: ShardIndex; packed: boolean }> {
  const { table, folder, precision } = options
  const present = await checkFiles(table, folder)
  const sourceHash = await hashFiles(
    folder,
    present,
    `${packVersion} ${precision} ${JSON.stringify(table)}`,
  )
  const current = await readIndex(table.name)
  if (current?.sourceHash === sourceHash) return { index: current, packed: false }

  const csv = await readTensors(table, folder, onTensor)
  const writer = new ShardWriter()
  const layers = table.layers.filter(isWeighted).map((layer): LayerEntry => {
    const { filter, gain, bias } = foldLayer(layer, csv)
    const { encoding, levels, bytes } = quantise(filter, gain, precision)
    const entry = { layer: layer.name, filter: { ...writer.add(bytes), encoding, levels } }
    return bias ? { ...entry, bias: writer.add(new Uint8Array(bias.buffer)) } : entry
  })
  const shards = await writer.finish()
  const weightsHash = toHex(
    await sha256(
      new TextEncoder().encode(JSON.stringify([table, shards.map((shard) => shard.sha256)])),
    ),
  )
  await mkdir(shardsDir, { recursive: true })
  for (const file of await readdir(shardsDir)) {
    if (file.startsWith(`${table.name}-`) || file === `${table.name}.json`)
      await rm(join(shardsDir, file))
  }
  const files = shards.map(({ bytes, sha256 }, number) => ({
    file: `${table.name}-${number}.bin`,
    bytes: bytes.length,
    sha256,
  }))
  for (const [number, { file }] of files.entries()) {
    await writeFile(join(shardsDir, file), shards[number]!.bytes)
  }
  const index: ShardIndex = {
    format: shardFormat,
    network: table.name,
    weightsHash,
    sourceHash,
    precision,
    shards: files,
    layers,
  }
  // The index goes last: shards without one are packed again.
  await writeFile(join(shardsDir, `${table.name}.json`), JSON.stringify(index))
  return { index, packed: true }
}

/** Packs the networks given and writes the module that bundles all that are packed. */
export async function packWeights(selection: readonly PackOptions[]): Promise<string[]> {
  const bar = progressBar('packing weights')
  const packedNames: string[] = []
  bar.start(selection.flatMap(({ table }) => csvTensors(table)).length)
  try {
    for (const options of selection) {
      const { packed } = await packNetwork(options, () => bar.step())
      if (packed) packedNames.push(options.table.name)
    }
  } finally {
    bar.stop()
  }
  await writeBundleModule()
  return packedNames
}

export async function readIndex(network: string): Promise<ShardIndex | null> {
  try {
    return JSON.parse(await readFile(join(shardsDir, `${network}.json`), 'utf8'))
  } catch {
    return null
  }
}

/** The names of the CSV files, sorted. Throws WeightFaults over files that are missing or that nothing reads. */
async function checkFiles(table: NetworkTable, folder: string): Promise<string[]> {
  const present = (await readdir(folder).catch(() => []))
    .filter((file) => !file.startsWith('.'))
    .sort()
  const expected = new Map(csvTensors(table).map((tensor) => [`${tensor.name}.csv`, tensor]))
  const missing = [...expected].filter(([file]) => !present.includes(file))
  const extra = present.filter((file) => !expected.has(file))
  const faults = [
    ...missing.map(([file, tensor]) => `${file} is missing, expected ${describe(tensor)}`),
    ...extra.map((file) => `${file} is read by nothing in ${table.name}, expected no such file`),
  ]
  if (faults.length === 0) return present
  // What is there is checked all the same, so that one run shows everything.
  const unreadable = await readFaults(
    [...expected].filter(([file]) => present.includes(file)),
    folder,
  )
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

async function readTensors(
  table: NetworkTable,
  folder: string,
  onTensor: () => void,
): Promise<Map<string, Float32Array>> {
  const tensors = new Map<string, Float32Array>()
  const faults: string[] = []
  for (const tensor of table.layers.filter(isWeighted).flatMap(csvTensorsOf)) {
    const result = await readCsv(join(folder, `${tensor.name}.csv`), sizeOf(tensor))
    faults.push(
      ...result.faults.map((fault) => `${tensor.name}.csv: ${fault}, ${describe(tensor)}`),
    )
    tensors.set(tensor.name, result.values)
    onTensor()
  }
  if (faults.length > 0) throw new WeightFaults(folder, faults)
  return tensors
}

async function hashFiles(folder: string, files: readonly string[], salt: string): Promise<string> {
  const hash = createHash('sha256').update(salt)
  for (const file of files) hash.update(file).update(await readFile(join(folder, file)))
  return hash.digest('hex')
}

/** Static imports, since the Worker's bundler ships only what is imported so. */
async function writeBundleModule(): Promise<void> {
  const indexes = (await Promise.all(networks.map(({ name }) => readIndex(name)))).filter(
    (index) => index !== null,
  )
  const imports = indexes.flatMap(({ network, shards }, n) => [
    `import index${n} from './${network}.json'`,
    ...shards.map(({ file }, s) => `import shard${n}_${s} from './${file}'`),
  ])
  const entries = indexes.map(
    ({ network, shards }, n) =>
      `  '${network}': { index: index${n} as ShardIndex, files: { ` +
      `${shards.map(({ file }, s) => `'${file}': shard${n}_${s}`).join(', ')} } },`,
  )
  const source = [
    '// Written by scripts/pack-weights.ts: every packed network, for the Worker.',
    ...imports,
    "import type { ShardIndex } from '../../src/network/shards.ts'",
    '',
    'export const bundledNetworks: Record<string, { index: ShardIndex; files: Record<string, ArrayBuffer> }> = {',
    ...entries,
    '}',
    '',
  ].join('\n')
  const path = join(shardsDir, 'bundle.ts')
  if ((await readFile(path, 'utf8').catch(() => '')) !== source) await writeFile(path, source)
}

function describe({ shape }: CsvTensor): string {
  return `shape [${shape.join(', ')}]`
}

function sizeOf({ shape }: CsvTensor): number {
  return shape.reduce((product, side) => product * side, 1)
}

function selectionFrom(args: readonly string[]): PackOptions[] {
  const { values } = parseArgs({
    args: [...args],
    options: {
      network: { type: 'string' },
      weights: { type: 'string' },
      precision: { type: 'string', default: 'uint8' },
    },
  })
  const precision = values.precision
  if (precision !== 'uint8' && precision !== 'float16' && precision !== 'float32') {
    throw new Error(`--precision is "${precision}", expected uint8, float16 or float32`)
  }
  if (values.weights && !values.network) throw new Error('--weights wants a --network beside it')
  const tables = values.network ? [networkNamed(values.network)] : networks
  return tables.map((table) => ({
    table,
    folder: values.weights ?? join(weightsDir, table.name),
    precision,
  }))
}

if (import.meta.main) {
  try {
    const packed = await packWeights(selectionFrom(process.argv.slice(2)))
    console.log(packed.length > 0 ? `packed ${packed.join(', ')}` : 'shards are up to date')
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
