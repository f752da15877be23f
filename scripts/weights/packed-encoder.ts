/**
 * Which encoder the shards are packed for: build/shards/encoder.json has its name. Its row is one of the project's own, or stands beside
 * the weights of somebody's own network: weights/<name>/encoder.json.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Encoder, encoders } from '../../src/engine/encoders.ts'
import { writeWhole } from '../files/write-whole.ts'
import { CommandFault } from '../front/fault.ts'
import { shardsDir, weightsDir } from './networks.ts'

const encoderFile = 'encoder.json'

/** The encoder chosen last; dlib's before anything was chosen. */
export async function packedEncoder(): Promise<Encoder> {
  const text = await readFile(join(shardsDir, encoderFile), 'utf8').catch(() => null)
  return text === null ? encoders[0] : await findEncoder(JSON.parse(text).encoder)
}

export async function keepEncoder({ name }: Encoder): Promise<void> {
  await writeWhole(join(shardsDir, encoderFile), JSON.stringify({ encoder: name }))
}

/** Throws CommandFault that lists the names there are. */
export async function findEncoder(name: string): Promise<Encoder> {
  const known = [...encoders, ...(await ownEncoders())]
  const encoder = known.find((candidate) => candidate.name === name)
  if (encoder) return encoder
  throw new CommandFault(
    `there is no encoder "${name}"; known are ${known.map((one) => one.name).join(', ')}`,
    2,
  )
}

/** Those that somebody added with `npm run encoder`. */
export async function ownEncoders(): Promise<Encoder[]> {
  const folders = await readdir(weightsDir).catch(() => [])
  const rows = await Promise.all(
    folders.map((name) => readFile(join(weightsDir, name, encoderFile), 'utf8').catch(() => null)),
  )
  return rows.flatMap((row) => (row === null ? [] : [JSON.parse(row) as Encoder]))
}

export async function keepOwnEncoder(encoder: Encoder): Promise<void> {
  await writeWhole(join(weightsDir, encoder.name, encoderFile), JSON.stringify(encoder, null, 2))
}
