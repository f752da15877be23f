/**
 * Everybody who is enrolled, with their encodings in the clear, into a file that importPeople takes. The file appears when it is
 * whole. Records that cannot be read have a line that says so.
 */
import { open } from 'node:fs/promises'
import { createLinesChecksum, formatClosing } from '../../src/people/lines/people-lines.ts'
import { makeWhole } from '../files/write-whole.ts'
import { connectWorker } from './worker.ts'
import type { WorkerAddress } from './worker-address.ts'

/** Lines that are written at once. */
const linesAWrite = 1000

export interface ExportResult {
  readonly people: number
  readonly unreadable: number
}

/** @param onPart gets the number of lines written so far */
export async function exportPeople(
  file: string,
  address: WorkerAddress,
  onPart: (lines: number) => void = () => {},
): Promise<ExportResult> {
  const count = { people: 0, unreadable: 0 }
  const { ask } = connectWorker(address)
  await makeWhole(file, async (part) => {
    const checksum = createLinesChecksum()
    // Biometric data: nobody else on this machine is to read it.
    const output = await open(part, 'w', 0o600)
    let held: string[] = []
    const flush = async (): Promise<void> => {
      const text = held.join('')
      held = []
      checksum.add(text)
      await output.write(text)
      onPart(count.people + count.unreadable)
    }
    try {
      await ask(async (client) => {
        for await (const line of client.exportPeople()) {
          held.push(`${JSON.stringify(line)}\n`)
          if ('unreadable' in line) count.unreadable++
          else if ('identity' in line) count.people++
          if (held.length === linesAWrite) await flush()
        }
      })
      await flush()
      await output.write(formatClosing({ ...count, sha256: checksum.digest() }))
      await output.sync()
    } finally {
      await output.close()
    }
  })
  return count
}
