/**
 * Splits a multipart/form-data body (RFC 7578, framing of RFC 2046 section 5.1) into its parts. The parts are views on the
 * body, not copies: a body of 24 MiB stays 24 MiB. One in base64 is decoded beside it, then laid over its text. Anything malformed throws
 * `invalid_request` that says what was expected. Pure.
 */
import { FaceError } from '../../errors/face-error.ts'
import { parseHeaderValue } from '../../lib/header-value.ts'
import { Base64Bytes } from './json/base64-bytes.ts'

export interface FormPart {
  readonly name: string
  /** True for a part of the type of a picture, and for one with a file name; never for JSON, which some clients name. */
  readonly isFile: boolean
  /** Says that it is JSON. */
  readonly isJson?: true
  /** No file name and no bytes: as browsers send a file input that nobody filled. */
  readonly isUnfilled?: true
  /** A view on the body. */
  readonly bytes: Uint8Array
}

export const maxParts = 32
const maxPartHeaderBytes = 4096
const lineEnd = encode('\r\n')
const headerEnd = encode('\r\n\r\n')
const dash = 0x2d

export function parseMultipart(body: Uint8Array, boundary: string): FormPart[] {
  const delimiter = encode(`\r\n--${boundary}`)
  const parts: FormPart[] = []
  let position = skipPreamble(body, delimiter)
  while (!isLastDelimiter(body, position)) {
    if (parts.length === maxParts) throw malformed(`at most ${maxParts} parts`)
    const headStart = endOfDelimiterLine(body, position)
    const headEnd = find(body, headerEnd, headStart, maxPartHeaderBytes)
    if (headEnd === -1) throw malformed('headers and an empty line at the start of each part')
    const bytesStart = headEnd + headerEnd.length
    // The CRLF that ends the headers may be the one before the delimiter, when the part is empty.
    const bytesEnd = find(body, delimiter, bytesStart - lineEnd.length)
    if (bytesEnd === -1) throw malformed('a boundary line after each part; the body is cut off')
    const head = new TextDecoder().decode(body.subarray(headStart, headEnd))
    parts.push(describePart(head, body.subarray(bytesStart, Math.max(bytesStart, bytesEnd))))
    position = bytesEnd + delimiter.length
  }
  return parts
}

/** Position after the first delimiter, which may open the body or follow a preamble that nobody reads. */
function skipPreamble(body: Uint8Array, delimiter: Uint8Array): number {
  const withoutLineEnd = delimiter.subarray(lineEnd.length)
  if (find(body, withoutLineEnd, 0, withoutLineEnd.length) === 0) return withoutLineEnd.length
  const start = find(body, delimiter, 0)
  if (start === -1) throw malformed('the boundary that Content-Type names')
  return start + delimiter.length
}

function isLastDelimiter(body: Uint8Array, position: number): boolean {
  return body[position] === dash && body[position + 1] === dash
}

/** Start of the line after the delimiter, which may carry trailing blanks. */
function endOfDelimiterLine(body: Uint8Array, position: number): number {
  let end = position
  while (body[end] === 0x20 || body[end] === 0x09) end++
  if (body[end] !== lineEnd[0] || body[end + 1] !== lineEnd[1]) {
    throw malformed('a line end after each boundary')
  }
  return end + lineEnd.length
}

function describePart(head: string, sent: Uint8Array): FormPart {
  const headers = readHeaders(head)
  const disposition = parseHeaderValue(headers.get('content-disposition') ?? '')
  const name = disposition?.parameters.get('name')
  if (disposition?.value !== 'form-data' || name === undefined) {
    throw malformed('"Content-Disposition: form-data" with a name in each part')
  }
  const transfer = headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary'
  const bytes = decodeTransfer(name, transfer, sent)
  const fileName = disposition.parameters.get('filename*') ?? disposition.parameters.get('filename')
  const type = parseHeaderValue(headers.get('content-type') ?? 'text/plain')?.value
  if (type === 'application/json') return { name, isFile: false, isJson: true, bytes }
  // The type of a text field may be anything: clients copy that of the form, or write that of bytes.
  const isFile = fileName !== undefined || /^(image|video|audio)\//.test(type ?? '')
  return { name, isFile, ...(fileName === '' && bytes.length === 0 && { isUnfilled: true }), bytes }
}

/** Libraries for mail write base64. */
function decodeTransfer(name: string, transfer: string, sent: Uint8Array): Uint8Array {
  if (['binary', '8bit', '7bit'].includes(transfer)) return sent
  const field = `field ${JSON.stringify(name.slice(0, 64))}`
  if (transfer !== 'base64') throw malformed(`${field} as it is, or in base64`)
  const decoder = new Base64Bytes(Math.floor((3 * sent.length) / 4))
  decoder.append(sent)
  const decoded = decoder.finish()
  if (decoded === null) throw malformed(`${field} in base64, as its headers say`)
  // Where the text was, which is longer: so the second copy, three quarters of the part, is not kept.
  sent.set(decoded)
  return sent.subarray(0, decoded.length)
}

function readHeaders(head: string): Map<string, string> {
  const headers = new Map<string, string>()
  // A line that begins with a blank goes on with the one before.
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase()
    // A line that is no header is most likely the next part's boundary: the empty line before the content is missing.
    if (name === '' || headers.has(name)) throw malformed('one header a line, each once, in a part')
    headers.set(name, line.slice(colon + 1).trim())
  }
  return headers
}

/** Where `needle` first starts at or after `from`, ending at most `within` bytes after it; -1 when nowhere. */
function find(haystack: Uint8Array, needle: Uint8Array, from: number, within?: number): number {
  const end = within === undefined ? haystack.length : Math.min(haystack.length, from + within)
  let start = haystack.indexOf(needle[0], from)
  while (start !== -1 && start + needle.length <= end) {
    let matched = 1
    while (matched < needle.length && haystack[start + matched] === needle[matched]) matched++
    if (matched === needle.length) return start
    start = nextOf(haystack, needle[0], start + 1)
  }
  return -1
}

/** Bytes that are looked at one by one first: where line ends follow each other, a call for each takes ten times as long as a photo. */
const nearBytes = 32

function nextOf(haystack: Uint8Array, byte: number, from: number): number {
  const far = Math.min(haystack.length, from + nearBytes)
  for (let i = from; i < far; i++) if (haystack[i] === byte) return i
  return haystack.indexOf(byte, far)
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function malformed(expected: string): FaceError {
  return new FaceError('invalid_request', `Malformed multipart/form-data: expected ${expected}.`)
}
