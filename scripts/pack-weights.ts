/**
 * weights/<network>/*.csv -> build/shards/<network>-<n>.bin with an index, and build/shards/bundle.ts that carries them
 * into the Worker. A network whose files have not changed is left alone.
 *
 * npm run pack [-- --network NAME --variant NAME --weights DIR --precision uint8|float16|float32]
 *
 * Naming an encoder makes it the one that runs; naming the liveness network bundles it too, until `npm run liveness --
 * --remove`. What is chosen once holds until something else is chosen.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nn4Small2Variants } from '../src/encoder/nn4-small2.ts'
import type { Precision } from '../src/network/quantise.ts'
import { csvTensors, type NetworkTable } from '../src/network/table.ts'
import { progressBar } from './front/progress.ts'
import { describeLoss } from './setup/quantisation-loss.ts'
import {
  isEncoder,
  livenessTable,
  networkNamed,
  networksWith,
  shardsDir,
} from './weights/networks.ts'
import { keepChoices, readChoices } from './weights/pack-choices.ts'
import { type PackOptions, packNetwork, readIndex } from './weights/pack-network.ts'
import { encoderFile, keepEncoder, packedEncoder } from './weights/packed-encoder.ts'
import { isLivenessPacked, keepLiveness } from './weights/packed-liveness.ts'

/** Packs the networks given, and writes the module that bundles them: an encoder with those that go with it. */
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
  const encoder = selection.find(({ table }) => isEncoder(table))
  await keepEncoder(encoder?.table.name ?? (await packedEncoder()))
  await keepLiveness(selection.some(({ table }) => table === livenessTable))
  await writeBundleModule()
  return packedNames
}

async function printShards(table: NetworkTable): Promise<void> {
  const index = await readIndex(table.name)
  if (!index) return
  const megabytes = index.shards.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6
  console.log(
    `${table.name}@${index.weightsHash.slice(0, 8)}: ${megabytes.toFixed(2)} MB in ${index.shards.length} shards, ${index.precision}`,
  )
}

/** Static imports, since the Worker's bundler ships only what is imported so. */
async function writeBundleModule(): Promise<void> {
  const liveness = (await isLivenessPacked()) ? [livenessTable] : []
  const networks = [...networksWith(await packedEncoder()), ...liveness]
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
    '// Written by scripts/pack-weights.ts: the packed networks that run, for the Worker.',
    `import chosen from './${encoderFile}'`,
    ...imports,
    "import type { ShardIndex } from '../../src/network/shards.ts'",
    '',
    'export const bundledEncoder: string = chosen.encoder',
    '',
    'export const bundledNetworks: Record<string, { index: ShardIndex; files: Record<string, ArrayBuffer> }> = {',
    ...entries,
    '}',
    '',
  ].join('\n')
  const path = join(shardsDir, 'bundle.ts')
  if ((await readFile(path, 'utf8').catch(() => '')) !== source) await writeFile(path, source)
}

/** What was chosen before, with what the command line says of one network or of all. */
async function choose(args: readonly string[]): Promise<PackOptions[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      network: { type: 'string' },
      variant: { type: 'string' },
      weights: { type: 'string' },
      precision: { type: 'string' },
    },
  })
  const { network, variant, weights, precision } = values
  if (precision && precision !== 'uint8' && precision !== 'float16' && precision !== 'float32') {
    throw new Error(`--precision is "${precision}", expected uint8, float16 or float32`)
  }
  if (weights && !network) throw new Error('--weights wants a --network beside it')
  const table = tableOf(network, variant)
  const encoder = table && isEncoder(table) ? table.name : await packedEncoder()
  const liveness = table === livenessTable || (await isLivenessPacked())
  return (await readChoices(encoder, liveness)).map((before) =>
    table && before.table !== table
      ? before
      : {
          ...before,
          ...(weights ? { folder: weights } : {}),
          ...(precision ? { precision: precision as Precision } : {}),
        },
  )
}

function tableOf(network: string | undefined, variant: string | undefined): NetworkTable | null {
  if (!variant) return network ? networkNamed(network) : null
  const known = new Map(Object.entries(nn4Small2Variants))
  const table = known.get(variant)
  if (network !== nn4Small2Variants.openface.name) {
    throw new Error(`--variant wants --network ${nn4Small2Variants.openface.name} beside it`)
  }
  if (table) return table
  throw new Error(`--variant is "${variant}", expected ${[...known.keys()].join(' or ')}`)
}

if (import.meta.main) {
  try {
    const before = await packedEncoder()
    const selection = await choose(process.argv.slice(2))
    const packed = await packWeights(selection)
    await keepChoices(selection)
    console.log(packed.length > 0 ? `packed ${packed.join(', ')}` : 'shards are up to date')
    const encoder = await packedEncoder()
    if (encoder !== before) console.log(`the encoder that runs is now ${encoder}, before ${before}`)
    for (const { table, folder } of selection.filter((one) => packed.includes(one.table.name))) {
      await printShards(table)
      if (isEncoder(table)) console.log(await describeLoss(folder))
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
