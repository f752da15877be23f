/** Which encoder the shards are packed for: build/shards/encoder.json, read by the bundle and by scripts alike. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encoders } from '../../src/engine/encoders.ts'
import { shardsDir } from './networks.ts'

export const encoderFile = 'encoder.json'

/** Name of the encoder chosen last; dlib's before anything was chosen. */
export async function packedEncoder(): Promise<string> {
  const text = await readFile(join(shardsDir, encoderFile), 'utf8').catch(() => null)
  return text === null ? encoders[0].table.name : JSON.parse(text).encoder
}

export async function keepEncoder(name: string): Promise<void> {
  await mkdir(shardsDir, { recursive: true })
  await writeFile(join(shardsDir, encoderFile), JSON.stringify({ encoder: name }))
}
