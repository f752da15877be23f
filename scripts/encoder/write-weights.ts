/** Tensors -> weights/<network>/*.csv, all or none. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { csvTensors, type NetworkTable } from '../../src/network/table.ts'
import { makeFolderWhole } from '../files/write-whole.ts'
import { toCsv } from '../weights/csv.ts'
import { weightsDir } from '../weights/networks.ts'
import { folderName } from '../weights/weights-folder.ts'

export async function writeWeights(
  table: NetworkTable,
  tensors: ReadonlyMap<string, Float32Array>,
): Promise<void> {
  await makeFolderWhole(join(weightsDir, folderName(table)), async (written) => {
    for (const { name, folder } of csvTensors(table)) {
      if (folder === undefined)
        await writeFile(join(written, `${name}.csv`), toCsv(tensors.get(name)!))
    }
  })
}
