/**
 * Where a network's CSV files lie unless somebody says otherwise: weights/<network>, or flat in weights/ for the network of the
 * FaceNet exercise, which is shipped so. Flat files are recognised by their names.
 */
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { nn4Small2OpenFace } from '../../src/encoder/nn4-small2.ts'
import { csvTensors, type NetworkTable } from '../../src/network/table.ts'
import { weightsDir } from './networks.ts'

/** The only network that comes in a flat folder; its variants read the same files. */
const flatTable = nn4Small2OpenFace
const readFiles = csvTensors(flatTable).map(({ name }) => `${name}.csv`)
const unreadFiles = (flatTable.unreadCsv ?? []).map(({ name }) => `${name}.csv`)
const flatFiles: ReadonlySet<string> = new Set([...readFiles, ...unreadFiles])

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
async function flatWeights(): Promise<string[]> {
  return (await listWeights(weightsDir)).filter((file) => flatFiles.has(file))
}

/** One line for somebody who put the exercise's files where they are not read: another encoder runs, or a folder has them too. */
export async function describeFlatWeights(encoder: string): Promise<string | null> {
  const flat = await flatWeights()
  if (flat.length === 0) return null
  const share = flat.length === flatFiles.size ? 'all' : `${flat.length} of the`
  const held = `weights/ holds ${share} ${flatFiles.size} files of the FaceNet exercise`
  const name = folderName(flatTable)
  if ((await defaultFolder(flatTable)) !== weightsDir) {
    return `${held}; they are not read, because weights/${name} holds files too`
  }
  if (encoder.startsWith(name)) return null
  const pack = `"npm run pack -- --network ${name}"`
  const missing = readFiles.filter((file) => !flat.includes(file)).length
  if (missing > 0)
    return `${held}; of those absent the network needs ${missing}, which ${pack} names`
  return `${held}; ${pack} makes them the encoder in place of ${encoder}`
}

/**
 * The names of the files in a folder of weights, sorted, without hidden ones; of weights/ itself without what else lies there.
 *
 * @throws Error when there is no such folder
 */
export async function listWeights(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => {
    throw new Error(`${folder}: there is no such folder, expected one with the CSV files`)
  })
  const names = files.filter((name) => !name.startsWith('.') && !ownFiles.has(name))
  if (resolve(folder) !== resolve(weightsDir)) return names.sort()
  const isFolder = await Promise.all(names.map((name) => isDirectory(join(folder, name))))
  return names.filter((_, i) => !isFolder[i]).sort()
}

/** Or a link to one. */
async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false
}

async function hasFiles(folder: string): Promise<boolean> {
  return (await listWeights(folder).catch(() => [])).length > 0
}
