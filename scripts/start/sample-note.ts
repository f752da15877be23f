/**
 * What `npm start` remembers of its sample people, in a file: how it tells them from people of the same names who are somebody else's,
 * and who was deleted from who was never enrolled.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** By identity: when the sample last changed, as the store said after it was enrolled; null where somebody else has the name. */
export type SampleNote = Record<string, string | null>

/** Without a note, or with one that cannot be read, nothing is remembered. */
export async function readNote(file: string): Promise<SampleNote> {
  try {
    const note: unknown = JSON.parse(await readFile(file, 'utf8'))
    return isNote(note) ? note : {}
  } catch {
    return {}
  }
}

function isNote(value: unknown): value is SampleNote {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((moment) => moment === null || typeof moment === 'string')
}

/** All of it or nothing, whenever the process ends. */
export async function writeNote(file: string, note: SampleNote): Promise<void> {
  const part = `${file}.part`
  await mkdir(dirname(file), { recursive: true })
  await writeFile(part, `${JSON.stringify(note)}\n`)
  await rename(part, file)
}
