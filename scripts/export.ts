/**
 * npm run export -- FILE [--url http://127.0.0.1:8787] [--key ADMIN_KEY]
 *
 * Writes everybody who is enrolled, with their encodings in the clear, to a file that `npm run import-people` takes. It is
 * fetched in parts, each checked by its checksum, and FILE appears when it is whole. Records that cannot be read have a line
 * that says so; then the command ends with code 1.
 */
import { open, rename } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createLinesChecksum, formatClosing } from '../src/people/people-lines.ts'
import { CommandFault } from './front/fault.ts'
import { connectWorker } from './people/worker.ts'
import { addressOf, addressOptions, type WorkerAddress } from './people/worker-address.ts'

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
  const unfinished = `${file}.part`
  const checksum = createLinesChecksum()
  const count = { people: 0, unreadable: 0 }
  const { ask } = connectWorker(address)
  // Biometric data: nobody else on this machine is to read it.
  const output = await open(unfinished, 'w', 0o600)
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
  await rename(unfinished, file)
  return count
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: addressOptions })
  const [file] = positionals
  if (!file || positionals.length > 1) {
    console.error('usage: npm run export -- FILE [--url URL] [--key ADMIN_KEY]')
    process.exit(2)
  }
  try {
    const { people, unreadable } = await exportPeople(file, await addressOf(values), (lines) => {
      if (process.stderr.isTTY) process.stderr.write(`\rexported ${lines}`)
    })
    if (process.stderr.isTTY) process.stderr.write('\r')
    console.log(`exported ${people} people to ${file}`)
    if (unreadable > 0) {
      console.log(`  ${unreadable} more could not be read; the file names them`)
      process.exitCode = 1
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = error instanceof CommandFault ? error.exitCode : 1
  }
}
