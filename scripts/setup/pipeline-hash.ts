/**
 * What an encoding depends on, as one hash: the source of every stage and the weights of every network that runs. What is
 * kept under it (samples, encodings of evaluations) is made anew when any of that changes.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../front/project-root.ts'
import { networksWith } from '../weights/networks.ts'
import { readIndex } from '../weights/pack-network.ts'
import { packedEncoder } from '../weights/packed-encoder.ts'

/** 64 hexadecimal digits. */
export async function pipelineHash(): Promise<string> {
  const networks = networksWith(await packedEncoder())
  const indexes = await Promise.all(networks.map(({ name }) => readIndex(name)))
  return createHash('sha256')
    .update(JSON.stringify(indexes.map((index) => index?.weightsHash)))
    .update(await pipelineSources())
    .digest('hex')
}

/** The source of every stage. */
export async function pipelineSources(): Promise<string> {
  const folders = ['engine', 'image', 'face', 'encoder', 'network'].map((name) =>
    join(projectRoot, 'src', name),
  )
  const files: string[] = []
  for (const folder of folders) {
    const names = await readdir(folder, { recursive: true })
    files.push(
      ...names.filter((name) => /\.(ts|json)$/.test(name)).map((name) => join(folder, name)),
    )
  }
  return (await Promise.all(files.sort().map((file) => readFile(file, 'utf8')))).join('\n')
}
