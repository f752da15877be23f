/** Made-up people as the lines of an import, and the request that streams them to a server without holding them. */
import {
  createLinesChecksum,
  formatClosing,
  formatPerson,
} from '../../src/people/lines/people-lines.ts'
import { syntheticFaces } from './synthetic-faces.ts'

const linesAtOnce = 100

/** Where to, and with which key of the role `admin`. */
export interface ImportTarget {
  readonly url: URL
  readonly key: string
}

/** Duplicates are allowed: these people were never looked for among themselves. @returns the last line of the answer */
export async function sendPeople(
  { url, key }: ImportTarget,
  count: number,
  model: string,
): Promise<string> {
  const parts = peopleLines(count, model)
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = parts.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
  })
  const response = await fetch(new URL('/admin/import?allowDuplicate=true', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
    body,
    duplex: 'half',
  } as RequestInit)
  return await lastLine(response)
}

/** Reads all and keeps the end. */
export async function lastLine(response: Response): Promise<string> {
  let end = ''
  const decoder = new TextDecoder()
  for await (const part of response.body!) {
    const text = end + decoder.decode(part, { stream: true })
    end = text.slice(text.lastIndexOf('\n', text.length - 2) + 1)
  }
  return end.trim()
}

function* peopleLines(count: number, model: string): Generator<string> {
  const faces = syntheticFaces(1)
  const checksum = createLinesChecksum()
  for (let first = 0; first < count; first += linesAtOnce) {
    let text = ''
    for (let i = first; i < Math.min(count, first + linesAtOnce); i++) {
      const identity = `p${String(i).padStart(7, '0')}`
      text += formatPerson({ identity, model, encodings: [faces.photo(i, 0)] })
    }
    checksum.add(text)
    yield text
  }
  yield formatClosing({ people: count, unreadable: 0, sha256: checksum.digest() })
}
