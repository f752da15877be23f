/**
 * What `npm start` remembers of its sample people, in a file: how it tells them from people of the same names who are somebody else's,
 * and who was deleted from who was never enrolled.
 */
import { readFile } from 'node:fs/promises'
import { writeWhole } from '../files/write-whole.ts'

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

export async function writeNote(file: string, note: SampleNote): Promise<void> {
  await writeWhole(file, `${JSON.stringify(note)}\n`)
}
