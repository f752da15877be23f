/**
 * Walks a PNG's chunks from IHDR to IEND without decoding: size, EXIF, and whether the file is whole. All colour types
 * and bit depths are accepted, interlaced or not; an animated PNG shows its default image. Checksums are verified here,
 * because the decoder stops at the last pixel, in front of the checksum that covers it. PNG specification, third
 * edition, sections 5 and 11.
 */

import { crc32 } from 'node:zlib'
import { FaceError } from '../../errors/face-error.ts'
import { maxPngChunks } from '../limits.ts'
import type { FormatHeader } from './format-header.ts'

const signatureBytes = 8

/** Bit depths that IHDR allows for each colour type. */
const bitDepths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/** The chunks that make the picture: all critical ones, and the transparency. */
const pictureChunks = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])

interface PngChunk {
  readonly type: string
  readonly body: Uint8Array
  /** Offsets of the whole chunk, with length and checksum. */
  readonly start: number
  readonly end: number
}

/** `bytes` start with PNG's signature. Throws FaceError image_unreadable or image_unsupported. */
export function readPngHeader(bytes: Uint8Array): FormatHeader {
  let size: { width: number; height: number } | undefined
  let exif: Uint8Array | undefined
  let end = 0
  let hasPixels = false
  for (const chunk of walkChunks(bytes)) {
    const critical = chunk.type[0] < 'a'
    if (critical && !pictureChunks.has(chunk.type)) {
      throw new FaceError(
        'image_unsupported',
        `The PNG needs the extension "${chunk.type}"; expected an ordinary PNG.`,
      )
    }
    if ((chunk.type === 'IHDR') !== (size === undefined)) {
      throw unreadable(size === undefined ? 'does not begin with IHDR' : 'has two IHDR chunks')
    }
    if (pictureChunks.has(chunk.type)) checkSum(bytes, chunk)
    if (chunk.type === 'IHDR') size = readSize(chunk.body)
    if (chunk.type === 'IDAT') hasPixels = true
    if (chunk.type === 'eXIf') exif ??= chunk.body
    end = chunk.end
  }
  if (size === undefined || !hasPixels) throw unreadable('has no pixels (no IDAT chunk)')
  return { ...size, end, buffered: true, exif }
}

/**
 * The file without its metadata, piece by piece, for the decoder: what the decoder does not see (compressed colour
 * profiles and texts, frames of an animation) can neither fill its memory nor confuse it.
 */
export function* picturePieces(bytes: Uint8Array): Generator<Uint8Array> {
  yield bytes.subarray(0, signatureBytes)
  for (const { type, start, end } of walkChunks(bytes)) {
    if (pictureChunks.has(type)) yield bytes.subarray(start, end)
  }
}

function* walkChunks(bytes: Uint8Array): Generator<PngChunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let start = signatureBytes
  for (let count = 0; count < maxPngChunks; count++) {
    if (start + 12 > bytes.length) throw cutShort(bytes)
    const end = start + 12 + view.getUint32(start)
    const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8))
    if (!/^[A-Za-z]{4}$/.test(type)) throw unreadable('has a chunk without a name')
    if (end > bytes.length) throw cutShort(bytes)
    yield { type, body: bytes.subarray(start + 8, end - 4), start, end }
    if (type === 'IEND') return
    start = end
  }
  throw unreadable(`has more than ${maxPngChunks} chunks`)
}

/** Over type and body; a damaged photo is then refused without costing a decoder instance. */
function checkSum(bytes: Uint8Array, { type, start, end }: PngChunk): void {
  const stored = new DataView(bytes.buffer, bytes.byteOffset).getUint32(end - 4)
  if (crc32(bytes.subarray(start + 4, end - 4)) !== stored) {
    throw unreadable(`is damaged: the checksum of a chunk "${type}" is wrong`)
  }
}

function readSize(ihdr: Uint8Array): { width: number; height: number } {
  if (ihdr.length !== 13) throw unreadable(`has an IHDR of ${ihdr.length} bytes`)
  const view = new DataView(ihdr.buffer, ihdr.byteOffset, ihdr.byteLength)
  const [bitDepth, colourType, compression, filter, interlace] = ihdr.subarray(8)
  const known = bitDepths[colourType]?.includes(bitDepth) ?? false
  if (!known || compression !== 0 || filter !== 0 || interlace > 1) {
    throw unreadable(`has an invalid IHDR (colour type ${colourType}, bit depth ${bitDepth})`)
  }
  return { width: view.getUint32(0), height: view.getUint32(4) }
}

function unreadable(what: string): FaceError {
  return new FaceError('image_unreadable', `The PNG ${what}.`)
}

function cutShort(bytes: Uint8Array): FaceError {
  return unreadable(`is cut short: ${bytes.length} bytes came, without its end chunk`)
}
