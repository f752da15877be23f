/**
 * Pieces of a long measurement, each kept in a file once it is whole, so that a run that was stopped goes on where it ended. What
 * was measured with other code, weights, photos or counts has another key, and is measured anew.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { writeWhole } from '../../scripts/files/write-whole.ts'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { pipelineHash } from '../../scripts/setup/pipeline-hash.ts'

export type Keep = <T>(piece: string, measure: () => T | Promise<T>) => Promise<T>

/** Whose code decides what comes out, beside the pipeline's. */
const rooms = [join('src', 'liveness'), join('src', 'encoding'), join('lab', 'liveness')]

/** @param inputs all that is measured on */
export async function createKeep(folder: string, inputs: readonly string[]): Promise<Keep> {
  const key = createHash('sha256').update(await pipelineHash())
  for (const room of rooms) key.update(await sourcesOf(join(projectRoot, room)))
  for (const input of inputs) key.update(`\n${input}`)
  const kept = join(folder, key.digest('hex').slice(0, 16))
  return async (piece, measure) => {
    const file = join(kept, `${piece.replaceAll(/[^\w]+/g, '-')}.bin`)
    const bytes = await readFile(file).catch(() => null)
    if (bytes !== null) return deserialize(bytes)
    const measured = await measure()
    await writeWhole(file, serialize(measured))
    return measured
  }
}

async function sourcesOf(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true })
  const files = names.filter((name) => /\.(ts|json)$/.test(name)).sort()
  return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('\n')
}
