/**
 * What the user chose to pack: folder and precision per network, kept beside the shards so that the next set-up packs
 * the same again and not over it.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Precision } from '../src/network/quantise.ts'
import { buildDir, networks, weightsDir } from './networks.ts'
import type { PackOptions } from './pack-network.ts'

const choicesFile = join(buildDir, 'pack-choices.json')

type Choices = Record<string, { readonly folder: string; readonly precision: Precision }>

/** Every network with what was chosen for it, or weights/<network> in uint8. */
export async function readChoices(): Promise<PackOptions[]> {
  const chosen = await readFile(choicesFile, 'utf8').then(
    (text): Choices => JSON.parse(text),
    () => ({}) as Choices,
  )
  return networks.map((table) => ({
    table,
    folder: chosen[table.name]?.folder ?? join(weightsDir, table.name),
    precision: chosen[table.name]?.precision ?? 'uint8',
  }))
}

export async function keepChoices(options: readonly PackOptions[]): Promise<void> {
  const kept: Choices = {}
  for (const { table, folder, precision } of options) {
    kept[table.name] = { folder: resolve(folder), precision }
  }
  await mkdir(dirname(choicesFile), { recursive: true })
  await writeFile(choicesFile, JSON.stringify(kept, null, 2))
}
