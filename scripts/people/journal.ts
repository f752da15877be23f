/**
 * What a long run has done, as lines in a file under build/journals: a run that was killed finds them when it is started again
 * with the same purpose, and one that came to its end deletes them.
 */
import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildDir } from '../weights/networks.ts'

export interface Journal {
  /** No run was interrupted. */
  readonly isEmpty: boolean
  has(entry: string): boolean
  add(entries: readonly string[]): Promise<void>
  /** The run is over: the next one starts from the beginning. */
  finish(): Promise<void>
}

/** @param purpose whatever has to be the same for a run to go on from another */
export async function openJournal(purpose: readonly string[]): Promise<Journal> {
  const folder = join(buildDir, 'journals')
  const name = createHash('sha256').update(JSON.stringify(purpose)).digest('hex').slice(0, 32)
  const file = join(folder, `${name}.txt`)
  await mkdir(folder, { recursive: true })
  const text = await readFile(file, 'utf8').catch(() => '')
  // The last line may have been cut off: whatever it was is done again.
  const done = new Set(
    text
      .split('\n')
      .slice(0, -1)
      .filter((line) => line !== ''),
  )
  return {
    isEmpty: done.size === 0,
    has: (entry) => done.has(entry),
    async add(entries) {
      if (entries.length === 0) return
      for (const entry of entries) done.add(entry)
      // A line feed first ends what was cut off.
      await appendFile(file, `\n${entries.join('\n')}\n`)
    },
    finish: () => rm(file, { force: true }),
  }
}
