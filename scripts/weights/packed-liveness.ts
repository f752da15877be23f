/** Whether the liveness network is packed and bundled: build/shards/liveness.json. It is not, until somebody asks for it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { shardsDir } from './networks.ts'

const livenessFile = 'liveness.json'

export async function isLivenessPacked(): Promise<boolean> {
  const text = await readFile(join(shardsDir, livenessFile), 'utf8').catch(() => null)
  return text !== null && JSON.parse(text).packed === true
}

export async function keepLiveness(packed: boolean): Promise<void> {
  await mkdir(shardsDir, { recursive: true })
  await writeFile(join(shardsDir, livenessFile), JSON.stringify({ packed }))
}
