/**
 * weights/<network>/*.csv -> build/shards/<network>-<n>.bin with an index, and build/shards/bundle.ts that carries them
 * into the Worker. A network whose files have not changed is left alone.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Encoder, encoders } from '../../src/engine/encoders.ts'
import { countOf } from '../../src/lib/count-of.ts'
import { csvTensors, type NetworkTable } from '../../src/network/table.ts'
import { writeWhole } from '../files/write-whole.ts'
import { progressBar } from '../front/progress.ts'
import { livenessTables, networksWith, shardsDir } from './networks.ts'
import { type PackOptions, packNetwork, readIndex } from './pack-network.ts'
import { keepEncoder, packedEncoder } from './packed-encoder.ts'
import { isLivenessPacked, keepLiveness } from './packed-liveness.ts'

/**
 * Packs the networks given, and writes the module that bundles them: an encoder with those that go with it.
 *
 * @param encoder what runs from then on; whose network is packed unless given, or the one that ran before
 */
export async function packWeights(
  selection: readonly PackOptions[],
  encoder?: Encoder,
): Promise<string[]> {
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
  const first = encoders.find(({ parts }) =>
    selection.some(({ table }) => table.name === parts[0].table.name),
  )
  await keepEncoder(encoder ?? first ?? (await packedEncoder()))
  await keepLiveness(selection.some(({ table }) => livenessTables.includes(table)))
  await writeBundleModule()
  return packedNames
}

/** The row of the encoder that runs. */
const rowFile = 'encoder-row.json'

/** Undefined for a network that is not packed. */
export async function describeShards({ name }: NetworkTable): Promise<string | undefined> {
  const index = await readIndex(name)
  if (!index) return undefined
  const megabytes = index.shards.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6
  return `${name}: ${megabytes.toFixed(2)} MB in ${countOf(index.shards.length, 'shard')}, ${index.precision}`
}

/** Static imports, since the Worker's bundler ships only what is imported so. */
async function writeBundleModule(): Promise<void> {
  const liveness = (await isLivenessPacked()) ? livenessTables : []
  const encoder = await packedEncoder()
  const networks = [...networksWith(encoder), ...liveness]
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
  await writeChanged(rowFile, JSON.stringify(encoder))
  const source = [
    '// Written by `npm run pack`: the packed networks that run, for the Worker.',
    `import encoder from './${rowFile}'`,
    ...imports,
    "import type { Encoder } from '../../src/engine/encoders.ts'",
    "import type { ShardIndex } from '../../src/network/shards.ts'",
    '',
    'export const bundledEncoder = encoder as unknown as Encoder',
    '',
    'export const bundledNetworks: Record<string, { index: ShardIndex; files: Record<string, ArrayBuffer> }> = {',
    ...entries,
    '}',
    '',
  ].join('\n')
  await writeChanged('bundle.ts', source)
}

/** Leaves a file alone that already has this content: whoever watches it would rebuild. */
async function writeChanged(name: string, text: string): Promise<void> {
  const path = join(shardsDir, name)
  if ((await readFile(path, 'utf8').catch(() => '')) !== text) await writeWhole(path, text)
}
