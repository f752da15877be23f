/** People files on disk: whether one is whole, and its lines of people in chunks. Neither holds more than a chunk. */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { splitLines } from '../../src/lib/split-lines.ts'
import { maxLineBytes, parseLine } from '../../src/people/lines/parse-people-line.ts'
import { type ClosingLine, createLinesChecksum } from '../../src/people/lines/people-lines.ts'

export interface FileCheck {
  readonly people: number
  /** By the closing line: `missing` when the file was cut off, `foreign` when it has no header either. */
  readonly checksum: 'verified' | 'wrong' | 'missing' | 'foreign'
}

export async function checkPeopleFile(file: string): Promise<FileCheck> {
  const sum = createLinesChecksum()
  let people = 0
  let hasHeader = false
  let closing: ClosingLine | undefined
  for await (const { bytes } of readFileLines(file, (part) => sum.add(part))) {
    const parsed = parseLine(bytes)
    if (parsed.kind === 'closing') {
      closing = parsed.closing
      break
    }
    if (parsed.kind === 'header') hasHeader = true
    if (parsed.kind === 'person' || parsed.kind === 'malformed') people++
    if (bytes === null) continue
    sum.add(bytes)
    sum.add('\n')
  }
  if (closing === undefined) return { people, checksum: hasHeader ? 'missing' : 'foreign' }
  return { people, checksum: closing.sha256 === sum.digest() ? 'verified' : 'wrong' }
}

/** A line of a people file. */
export interface FileLine {
  readonly number: number
  /** With its line feed. */
  readonly text: string
  /** Why it cannot be sent: it is no JSON object. */
  readonly fault?: string
}

/** Whatever is not blank, header or closing line. */
export async function* chunksOf(file: string, size: number): AsyncGenerator<FileLine[]> {
  let chunk: FileLine[] = []
  for await (const { number, bytes } of readFileLines(file)) {
    const parsed = parseLine(bytes)
    if (parsed.kind === 'closing') break
    if (parsed.kind === 'blank' || parsed.kind === 'header') continue
    const text = bytes === null ? '' : new TextDecoder().decode(bytes)
    const isStrange = parsed.kind === 'malformed' && !parsed.isObject
    chunk.push({ number, text: `${text}\n`, ...(isStrange && { fault: parsed.detail }) })
    if (chunk.length < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

function readFileLines(file: string, onTooLong?: (bytes: Uint8Array) => void) {
  // Node's streams are those of the Worker, though their types differ in what is not used here.
  const stream: unknown = Readable.toWeb(createReadStream(file))
  return splitLines(stream as ReadableStream<Uint8Array>, maxLineBytes, onTooLong)
}
