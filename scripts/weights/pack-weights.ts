/**
 * weights/<network>/*.csv -> build/shards/<network>-<n>.bin with an index, and build/shards/bundle.ts that carries them
 * into the Worker. A network whose files have not changed is left alone.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { modelName } from '../../src/network/load.ts'
import { csvTensors, type NetworkTable } from '../../src/network/table.ts'
import { progressBar } from '../front/progress.ts'
import { isEncoder, livenessTable, networksWith, shardsDir } from './networks.ts'
import { type PackOptions, packNetwork, readIndex } from './pack-network.ts'
import { encoderFile, keepEncoder, packedEncoder } from './packed-encoder.ts'
import { isLivenessPacked, keepLiveness } from './packed-liveness.ts'

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

/** Undefined for a network that is not packed. */
export async function describeShards({ name }: NetworkTable): Promise<string | undefined> {
  const index = await readIndex(name)
  if (!index) return undefined
  const megabytes = index.shards.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6
  return `${modelName(index)}: ${megabytes.toFixed(2)} MB in ${index.shards.length} shards, ${index.precision}`
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
    '// Written by `npm run pack`: the packed networks that run, for the Worker.',
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
