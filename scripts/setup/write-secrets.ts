/** A file with fresh keys for a deployed Worker, for its owner alone to read. */
import { writeFile } from 'node:fs/promises'
import { CommandFault } from '../front/fault.ts'
import { drawSecrets } from './local-keys.ts'

/** Throws a CommandFault when the file is there. */
export async function writeSecrets(file: string, now = new Date()): Promise<void> {
  // Keys that replace these one day get another name.
  const id = `k${now.toISOString().slice(0, 10)}`
  try {
    await writeFile(file, drawSecrets(id), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    throw new CommandFault(
      `${file} is there, and may hold the only copy of its keys; move it to a safe place first`,
    )
  }
}
