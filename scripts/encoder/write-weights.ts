/** Tensors -> weights/<network>/*.csv, all or none: written beside, and moved when complete. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { csvTensors, type NetworkTable } from '../../src/network/table.ts'
import { toCsv } from '../weights/csv.ts'
import { weightsDir } from '../weights/networks.ts'
import { folderName } from '../weights/weights-folder.ts'

export async function writeWeights(
  table: NetworkTable,
  tensors: ReadonlyMap<string, Float32Array>,
): Promise<void> {
  await mkdir(weightsDir, { recursive: true })
  // A hidden folder is no network.
  const written = await mkdtemp(join(weightsDir, '.writing-'))
  try {
    for (const { name, folder } of csvTensors(table)) {
      if (folder === undefined)
        await writeFile(join(written, `${name}.csv`), toCsv(tensors.get(name)!))
    }
    const target = join(weightsDir, folderName(table))
    await rm(target, { recursive: true, force: true })
    await rename(written, target)
  } finally {
    await rm(written, { recursive: true, force: true })
  }
}
