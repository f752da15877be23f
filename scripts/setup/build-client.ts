/** client/src/*.ts -> client/dist/*.js and *.d.ts, what the package `facegate-client` holds, unless newer than its sources. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { binaryOf, runTool } from '../front/run-tool.ts'
import { projectRoot } from '../weights/networks.ts'

export const clientDir = join(projectRoot, 'client')
const sourceDir = join(clientDir, 'src')
const entry = join(clientDir, 'dist', 'client.js')

/** Returns true when it was built. */
export async function buildClient(): Promise<boolean> {
  const built = await stat(entry).catch(() => null)
  const sources = await Promise.all(
    (await readdir(sourceDir)).map((name) => stat(join(sourceDir, name))),
  )
  if (built && sources.every(({ mtimeMs }) => built.mtimeMs > mtimeMs)) return false
  await runTool(binaryOf('tsc'), ['--project', clientDir], {
    fault: 'the client does not compile',
  })
  return true
}

if (import.meta.main) console.log((await buildClient()) ? 'client built' : 'client is up to date')
