/**
 * client/src/*.ts -> client/dist/*.js and *.d.ts, what the package `facegate-client` holds, unless that is what these sources were
 * compiled to. Times of files tell nothing: a copied or older folder may be newer than its sources.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { projectRoot } from '../front/project-root.ts'
import { binaryOf, runTool } from '../front/run-tool.ts'
import { buildDir } from '../weights/networks.ts'

export const clientDir = join(projectRoot, 'client')
/** What was compiled to what. */
const usualStamp = join(buildDir, 'client-built.txt')

/** Returns true when it was built. @param client its folder */
export async function buildClient(client = clientDir, stamp = usualStamp): Promise<boolean> {
  const kept = await readFile(stamp, 'utf8').catch(() => null)
  if (kept === (await stampOf(client))) return false
  await runTool(binaryOf('tsc'), ['--project', client], { fault: 'the client does not compile' })
  await mkdir(dirname(stamp), { recursive: true })
  await writeFile(stamp, await stampOf(client))
  return true
}

async function stampOf(client: string): Promise<string> {
  const lock = join(projectRoot, 'package-lock.json')
  const settings = [join(client, 'tsconfig.json'), join(client, '..', 'tsconfig.json'), lock]
  const sources = await hashOf([...settings, ...(await filesIn(join(client, 'src')))])
  return `${sources} -> ${await hashOf(await filesIn(join(client, 'dist')))}\n`
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.sort().map((name) => join(folder, name))
}

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${basename(file)}\n`).update(await readFile(file))
  return hash.digest('hex')
}

if (import.meta.main) console.log((await buildClient()) ? 'client built' : 'client is up to date')
