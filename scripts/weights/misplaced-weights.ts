/**
 * What to tell somebody whose CSV files lie where they are not read: flat in weights/ while another encoder runs, or in a folder within
 * the folder, as after unpacking.
 */
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { csvTensors, type NetworkTable } from '../../src/network/table.ts'
import { CommandFault } from '../front/fault.ts'
import { weightsDir } from './networks.ts'
import {
  defaultFolder,
  filesOf,
  flatTable,
  flatWeights,
  folderName,
  hasFiles,
  listWeights,
} from './weights-folder.ts'

/** One line for somebody who put the exercise's files where they are not read, or null. @param encoder that runs */
export async function describeMisplaced(encoder: string): Promise<string | null> {
  const name = folderName(flatTable)
  const flat = await flatWeights()
  if (flat.length === 0) {
    const own = join(weightsDir, name)
    const deeper = (await hasFiles(own)) ? null : await deeperFolder(flatTable, own)
    return (
      deeper &&
      `${describeHeld(deeper.folder, deeper.files)}; they are not read there: move them to ${own}`
    )
  }
  const held = describeHeld('weights/', flat.length)
  if ((await defaultFolder(flatTable)) !== weightsDir) {
    return `${held}; they are not read, because weights/${name} holds files too`
  }
  if (encoder.startsWith(name)) return null
  const pack = `"npm run pack -- --network ${name}"`
  const missing = csvTensors(flatTable).filter((tensor) => !flat.includes(`${tensor.name}.csv`))
  if (missing.length > 0)
    return `${held}; of those absent the network needs ${missing.length}, which ${pack} names`
  return `${held}; ${pack} makes them the encoder in place of ${encoder}`
}

function describeHeld(folder: string, files: number): string {
  const all = filesOf(flatTable).size
  return `${folder} holds ${files === all ? 'all' : `${files} of the`} ${all} files of the FaceNet exercise`
}

/**
 * Throws CommandFault where a folder holds none of the network's files: it says where they lie instead, or where they come from.
 *
 * @throws Error when there is no such folder, and it is not the network's own
 */
export async function requireWeights(table: NetworkTable, folder: string): Promise<void> {
  const files = filesOf(table)
  const present = isOwn(table, folder)
    ? await listWeights(folder).catch(() => [])
    : await listWeights(folder)
  if (present.some((file) => files.has(file))) return
  const none = `${folder}: there is none of the ${files.size} CSV files of ${table.name}`
  const deeper = await deeperFolder(table, folder)
  if (deeper) {
    throw new CommandFault(`${none}; ${deeper.folder} holds ${deeper.files}: move them here`)
  }
  if (folderName(table) !== folderName(flatTable)) throw new CommandFault(none)
  throw new CommandFault(
    `${none}; they are those of deeplearning.ai's FaceNet exercise: put them here, or flat into weights/ (weights/README.md)`,
  )
}

function isOwn(table: NetworkTable, folder: string): boolean {
  return resolve(folder) === resolve(weightsDir, folderName(table))
}

/** The folder, up to two levels below a network's own or below weights/, that holds most of its files. */
async function deeperFolder(
  table: NetworkTable,
  folder: string,
): Promise<{ folder: string; files: number } | null> {
  const files = filesOf(table)
  const roots = isOwn(table, folder) ? [folder, weightsDir] : [folder]
  const deeper = (await Promise.all(roots.map((root) => foldersBelow(root, 2)))).flat()
  const found = await Promise.all(
    deeper.map(async (each) => ({
      folder: each,
      files: (await listWeights(each)).filter((file) => files.has(file)).length,
    })),
  )
  const [most] = found.sort((a, b) => b.files - a.files)
  return most && most.files > 0 ? most : null
}

async function foldersBelow(folder: string, levels: number): Promise<string[]> {
  if (levels === 0) return []
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter((each) => each.isDirectory()).map(({ name }) => join(folder, name))
  const deeper = await Promise.all(folders.map((each) => foldersBelow(each, levels - 1)))
  return [...folders, ...deeper.flat()]
}
