/** Folders of their own for weights, what is built of them and shards, in place of those of the project: for tests of where CSV files lie. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nn4Small2OpenFace } from '../../../src/encoder/nn4-small2.ts'
import { csvTensors } from '../../../src/network/table.ts'

let root = ''
const made: string[] = []

export const rootDir = (): string => root

const folders = {
  weightsDir: () => join(root, 'weights'),
  buildDir: () => join(root, 'build'),
  shardsDir: () => join(root, 'build', 'shards'),
}
export const { weightsDir: ownWeights, buildDir: ownBuild, shardsDir: ownShards } = folders

type Folder = keyof typeof folders
const all: readonly Folder[] = ['weightsDir', 'buildDir', 'shardsDir']

/** The module of the folders, for `vi.mock` to put in its place. @param own those that lie in the root; all unless given */
export function inOwnRoot<Original extends object>(original: Original, own = all): Original {
  const module = { ...original }
  for (const name of own) {
    Object.defineProperty(module, name, { enumerable: true, get: folders[name] })
  }
  return module
}

/** A new root, with what a clone has in its folder of weights, which it gives. */
export async function makeRoot(): Promise<string> {
  root = await mkdtemp(join(tmpdir(), 'facegate-weights-'))
  made.push(root)
  const weights = join(root, 'weights')
  await mkdir(join(weights, 'dlib-resnet'), { recursive: true })
  await writeFile(join(weights, 'README.md'), '')
  return weights
}

export async function deleteRoots(): Promise<void> {
  await Promise.all(made.map((folder) => rm(folder, { recursive: true })))
}

/** The exercise's 226 files, empty. */
export async function writeExerciseFiles(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const names = [...csvTensors(nn4Small2OpenFace), ...nn4Small2OpenFace.unreadCsv!]
  for (const { name } of names) await writeFile(join(folder, `${name}.csv`), '')
}
