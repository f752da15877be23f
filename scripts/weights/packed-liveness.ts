/** Whether the liveness networks are packed and bundled: build/shards/liveness.json. They are not, until somebody asks for them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from '../files/write-whole.ts'
import { shardsDir } from './networks.ts'

const livenessFile = 'liveness.json'
/** Which ones: a build that bundled another network before has none of these. */
const livenessName = 'mini-fasnet'

export async function isLivenessPacked(): Promise<boolean> {
  const text = await readFile(join(shardsDir, livenessFile), 'utf8').catch(() => null)
  return text !== null && JSON.parse(text).packed === livenessName
}

export async function keepLiveness(packed: boolean): Promise<void> {
  await writeWhole(
    join(shardsDir, livenessFile),
    JSON.stringify({ packed: packed && livenessName }),
  )
}
