/**
 * npm run export -- FILE [--url http://127.0.0.1:8787] [--key ADMIN_KEY]
 *
 * Writes everybody who is enrolled, with their encodings in the clear, to a file that `npm run import-people` takes. It is
 * fetched in parts, each checked by its checksum, and FILE appears when it is whole. Records that cannot be read have a line
 * that says so; then the command ends with code 1.
 */
import { open, rename } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import {
  type ClosingLine,
  createLinesChecksum,
  formatClosing,
  formatHeader,
} from '../src/people/people-lines.ts'
import { addressOf, addressOptions, askWorker, type WorkerAddress } from './people/admin-client.ts'

/** People of one request: 10 KV reads, and at most 15 MB. */
const peopleAPart = 1000

interface Part {
  readonly model: string
  /** Of the people, each with its line feed. */
  readonly lines: string
  readonly closing: ClosingLine
}

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
  // Biometric data: nobody else on this machine is to read it.
  const output = await open(unfinished, 'w', 0o600)
  const write = async (text: string): Promise<void> => {
    checksum.add(text)
    await output.write(text)
  }
  try {
    let cursor: string | undefined
    let isFirst = true
    do {
      const query = `limit=${peopleAPart}${cursor === undefined ? '' : `&cursor=${cursor}`}`
      const part = await askWorker(address, `/admin/export?${query}`, {}, readPart)
      if (isFirst) await write(formatHeader({ model: part.model, date: new Date().toISOString() }))
      isFirst = false
      await write(part.lines)
      count.people += part.closing.people
      count.unreadable += part.closing.unreadable
      onPart(count.people + count.unreadable)
      cursor = part.closing.cursor
    } while (cursor !== undefined)
    await output.write(formatClosing({ ...count, sha256: checksum.digest() }))
    await output.sync()
  } finally {
    await output.close()
  }
  await rename(unfinished, file)
  return count
}

async function readPart(response: Response): Promise<Part> {
  const text = await response.text()
  const headerEnd = text.indexOf('\n') + 1
  const closingStart = text.lastIndexOf('\n', text.length - 2) + 1
  const closing = closingStart < headerEnd ? null : parse<ClosingLine>(text, closingStart)
  const checksum = createLinesChecksum()
  checksum.add(text.slice(0, closingStart))
  const header = parse<{ model: string }>(text, 0, headerEnd)
  if (header === null || closing?.sha256 !== checksum.digest()) {
    throw new Error('A part of the export was cut off.')
  }
  const { model } = header
  return {
    model,
    lines: text.slice(headerEnd, closingStart),
    closing,
  }
}

/** Null when the line was cut. */
function parse<Value>(text: string, from: number, to?: number): Value | null {
  try {
    return JSON.parse(text.slice(from, to))
  } catch {
    return null
  }
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
    process.exitCode = 1
  }
}
