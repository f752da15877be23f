/**
 * Where a network's CSV files lie unless somebody says otherwise: weights/<network>, or flat in weights/ for the network of the
 * FaceNet exercise, which is shipped so. Flat files are recognised by their names.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { nn4Small2OpenFace } from '../../src/encoder/nn4-small2.ts'
import { csvTensors, type NetworkTable } from '../../src/network/table.ts'
import { weightsDir } from './networks.ts'

/** The only network that comes in a flat folder; its variants read the same files. */
export const flatTable: NetworkTable = nn4Small2OpenFace

/** Files that have a place in folders of weights: what lies there, and the row of somebody's own encoder. */
const ownFiles: ReadonlySet<string> = new Set(['README.md', 'encoder.json'])

/** Variants of a network read the same files. */
export function folderName({ name, folder }: NetworkTable): string {
  return folder ?? name
}

/** The network's own folder, where it holds anything; else weights/ itself, where the exercise's files lie flat in it. */
export async function defaultFolder(table: NetworkTable): Promise<string> {
  const own = join(weightsDir, folderName(table))
  const isFlat = folderName(table) === folderName(flatTable) && !(await hasFiles(own))
  return isFlat && (await flatWeights()).length > 0 ? weightsDir : own
}

/** Names of the exercise's files that lie flat in weights/, sorted. */
export async function flatWeights(): Promise<string[]> {
  const names = filesOf(flatTable)
  return (await listWeights(weightsDir)).filter((file) => names.has(file))
}

/** Names of the files that lie in a network's folder, also of those that nothing reads. */
export function filesOf(table: NetworkTable): ReadonlySet<string> {
  const own = csvTensors(table).filter(({ folder }) => folder === undefined)
  return new Set([...own, ...(table.unreadCsv ?? [])].map(({ name }) => `${name}.csv`))
}

/**
 * The names of the files in a folder of weights, sorted, without hidden ones and what else has its place there.
 *
 * @throws Error when there is no such folder
 */
export async function listWeights(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => {
    throw new Error(`${folder}: there is no such folder, expected one with the CSV files`)
  })
  const names = files.filter((name) => !name.startsWith('.') && !ownFiles.has(name))
  const isFolder = await Promise.all(names.map((name) => isDirectory(join(folder, name))))
  return names.filter((_, i) => !isFolder[i]).sort()
}

/** Or a link to one. */
async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false
}

export async function hasFiles(folder: string): Promise<boolean> {
  return (await listWeights(folder).catch(() => [])).length > 0
}
