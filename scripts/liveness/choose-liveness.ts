/**
 * The liveness networks, which are no part of the project unless somebody asks for them: fetched, checked, read and tried in memory
 * before anything is written, then bundled with the Worker; or left out again. docs/liveness.md says what is known of them.
 */
import { join } from 'node:path'
import { fetchPublished } from '../encoder/fetch-published.ts'
import { tryNetwork } from '../encoder/try-network.ts'
import { writeWeights } from '../encoder/write-weights.ts'
import { CommandFault } from '../front/fault.ts'
import { buildKernels } from '../kernels/build-kernels.ts'
import { livenessTables, weightsDir } from '../weights/networks.ts'
import { keepChoices, readChoices } from '../weights/pack-choices.ts'
import { describeShards, packWeights } from '../weights/pack-weights.ts'
import { packedEncoder } from '../weights/packed-encoder.ts'
import { listWeights } from '../weights/weights-folder.ts'
import { publishedLiveness } from './published-liveness.ts'
import { tensorsOfState } from './tensors-of-state.ts'
import { readTorchFile } from './torch-file.ts'

/** @param from folder or URL of the files; the publisher unless given, and nowhere where they were imported before */
export async function addLiveness(from: string | undefined): Promise<void> {
  if (from !== undefined || !(await areImported())) await importLiveness(from)
  const selection = await readChoices(await packedEncoder(), true)
  await packWeights(selection)
  await keepChoices(selection)
  for (const table of livenessTables) console.log(await describeShards(table))
  console.log(
    'The liveness networks are bundled from now on; LIVENESS=advise or require makes use of them.\n' +
      'They are advisory: docs/liveness.md says what is known of them, and what is not.',
  )
}

export async function removeLiveness(): Promise<void> {
  await packWeights(await readChoices(await packedEncoder(), false))
  console.log('The liveness networks are not bundled any more.')
}

/** Writes weights/mini-fasnet-*, all or none. */
async function importLiveness(from: string | undefined): Promise<void> {
  const files = await fetchPublished(publishedLiveness, from)
  const read = livenessTables.map((table, i) => ({
    table,
    tensors: tensorsOf(publishedLiveness.files[i]!.name, () =>
      tensorsOfState(table, readTorchFile(files[i]!)),
    ),
  }))
  await buildKernels()
  for (const { table, tensors } of read) await tryNetwork(table, tensors)
  for (const { table, tensors } of read) {
    await writeWeights(table, tensors)
    console.log(`imported ${table.name}: ${tensors.size} CSV files`)
  }
}

function tensorsOf<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new CommandFault(`${name}: ${(error as Error).message}; nothing was changed`)
  }
}

async function areImported(): Promise<boolean> {
  const folders = await Promise.all(
    livenessTables.map(({ name }) => listWeights(join(weightsDir, name)).catch(() => [])),
  )
  return folders.every((files) => files.length > 0)
}
