/**
 * What the user chose to pack: folder and precision per network, kept beside the shards so that the next set-up packs
 * the same again and not over it.
 */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Encoder } from '../../src/engine/encoders.ts'
import type { Precision } from '../../src/network/quantise.ts'
import type { NetworkTable } from '../../src/network/table.ts'
import { writeWhole } from '../files/write-whole.ts'
import { buildDir, detectorTable, livenessTables, networksWith } from './networks.ts'
import type { PackOptions } from './pack-network.ts'
import { defaultFolder, folderName } from './weights-folder.ts'

const choicesFile = join(buildDir, 'pack-choices.json')

interface Choice {
  /** Absent: wherever the network's files lie (weights-folder.ts). */
  readonly folder?: string
  readonly precision: Precision
}
type Choices = Record<string, Choice>

/**
 * Liveness looks at the finest detail; the detector's weights are half precision at their source, which therefore loses nothing.
 */
function defaultPrecision(table: NetworkTable): Precision {
  return [...livenessTables, detectorTable].includes(table) ? 'float16' : 'integer'
}

/**
 * The encoder and the networks that go with it, as was chosen for each, or its files at their usual place at its default precision.
 *
 * @param liveness whether the liveness networks are among them
 */
export async function readChoices(encoder: Encoder, liveness = false): Promise<PackOptions[]> {
  const chosen = await readFileOfChoices()
  const tables = [...networksWith(encoder), ...(liveness ? livenessTables : [])]
  return await Promise.all(
    tables.map(async (table) => {
      const { folder, precision }: Partial<Choice> = chosen[folderName(table)] ?? {}
      return {
        table,
        folder: folder ?? (await defaultFolder(table)),
        precision: precision ?? defaultPrecision(table),
      }
    }),
  )
}

/** What was chosen for other networks stays. */
export async function keepChoices(options: readonly PackOptions[]): Promise<void> {
  const kept = await readFileOfChoices()
  for (const { table, folder, precision } of options) {
    const isDefault = resolve(folder) === resolve(await defaultFolder(table))
    kept[folderName(table)] = { ...(!isDefault && { folder: resolve(folder) }), precision }
  }
  await writeWhole(choicesFile, JSON.stringify(kept, null, 2))
}

function readFileOfChoices(): Promise<Choices> {
  return readFile(choicesFile, 'utf8').then(
    (text): Choices => JSON.parse(text),
    () => ({}),
  )
}
