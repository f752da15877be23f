/**
 * What the user chose to pack: folder and precision per network, kept beside the shards so that the next set-up packs
 * the same again and not over it.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Precision } from '../../src/network/quantise.ts'
import type { NetworkTable } from '../../src/network/table.ts'
import { buildDir, livenessTable, networksWith, weightsDir } from './networks.ts'
import type { PackOptions } from './pack-network.ts'

const choicesFile = join(buildDir, 'pack-choices.json')

type Choices = Record<string, { readonly folder: string; readonly precision: Precision }>

/** Bytes move a logit of the liveness network by a tenth, half precision by less than a hundredth (docs/liveness.md). */
function defaultPrecision(table: NetworkTable): Precision {
  return table === livenessTable ? 'float16' : 'uint8'
}

/**
 * The encoder and the networks that go with it, as was chosen for each, or weights/<network> at its default precision.
 *
 * @param liveness whether the liveness network is one of them
 */
export async function readChoices(encoder: string, liveness = false): Promise<PackOptions[]> {
  const chosen = await readFileOfChoices()
  return [...networksWith(encoder), ...(liveness ? [livenessTable] : [])].map((table) => ({
    table,
    folder: chosen[folderOf(table)]?.folder ?? join(weightsDir, folderOf(table)),
    precision: chosen[folderOf(table)]?.precision ?? defaultPrecision(table),
  }))
}

/** What was chosen for other networks stays. */
export async function keepChoices(options: readonly PackOptions[]): Promise<void> {
  const kept = await readFileOfChoices()
  for (const { table, folder, precision } of options) {
    kept[folderOf(table)] = { folder: resolve(folder), precision }
  }
  await mkdir(dirname(choicesFile), { recursive: true })
  await writeFile(choicesFile, JSON.stringify(kept, null, 2))
}

function readFileOfChoices(): Promise<Choices> {
  return readFile(choicesFile, 'utf8').then(
    (text): Choices => JSON.parse(text),
    () => ({}),
  )
}

/** Variants of a network read the same files. */
function folderOf({ name, folder }: NetworkTable): string {
  return folder ?? name
}
