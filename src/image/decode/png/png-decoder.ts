/**
 * Decodes a PNG: its pixels inflated by the runtime's own zlib, then row by row the filter undone and the samples laid on white. The
 * rows are written over what they were read from where they are no longer than that, so that a large photo takes no second copy. PNG
 * specification, third edition, sections 7 to 9 and 12.
 */

import { inflateSync } from 'node:zlib'
import type { DecodedImage, Decoder } from '../decoder.ts'
import { noteTransparency } from '../transparency.ts'
import { cutShortPng } from './png-faults.ts'
import { undoFilter } from './png-filter.ts'
import { type PngPicture, readPngPicture } from './png-header.ts'
import { rgbRow } from './png-samples.ts'

export function startPngDecoder(): Decoder {
  return { decode: decodePng, heapBytes: () => 0 }
}

/** Pixels of a pass: where it starts, and how far apart they are. */
interface Pass {
  readonly x: number
  readonly y: number
  readonly across: number
  readonly down: number
}

/** Buffers of Node that are larger are not shared. */
const sharedBytes = 65_536

const wholePicture: readonly Pass[] = [{ x: 0, y: 0, across: 1, down: 1 }]

/** Adam7. */
const interlacedPasses: readonly Pass[] = [
  { x: 0, y: 0, across: 8, down: 8 },
  { x: 4, y: 0, across: 8, down: 8 },
  { x: 0, y: 4, across: 4, down: 8 },
  { x: 2, y: 0, across: 4, down: 4 },
  { x: 0, y: 2, across: 2, down: 4 },
  { x: 1, y: 0, across: 2, down: 2 },
  { x: 0, y: 1, across: 1, down: 2 },
]

function decodePng(file: Uint8Array): DecodedImage {
  const picture = readPngPicture(file)
  const { width, height, isInterlaced } = picture
  const passes = (isInterlaced ? interlacedPasses : wholePicture)
    .map((pass) => ({
      ...pass,
      columns: Math.ceil((width - pass.x) / pass.across),
      rows: Math.ceil((height - pass.y) / pass.down),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0)
  const rowBytes = (columns: number) => Math.ceil((columns * picture.bitsPerPixel) / 8)
  const bytes = passes.reduce((sum, { columns, rows }) => sum + rows * (1 + rowBytes(columns)), 0)
  const filtered = inflateRows(file, picture, bytes)

  const inPlace = !isInterlaced && picture.bitsPerPixel >= 24
  const data = inPlace ? filtered : new Uint8Array(width * height * 3)
  const transparency = noteTransparency(width, height)
  const stride = Math.max(1, picture.bitsPerPixel >> 3)
  let at = 0
  for (const { x, y, across, down, columns, rows } of passes) {
    const toRgb = rgbRow(picture, columns, transparency)
    let above = new Uint8Array(rowBytes(columns))
    let row = new Uint8Array(rowBytes(columns))
    for (let i = 0; i < rows; i++) {
      const filter = filtered[at]!
      row.set(filtered.subarray(at + 1, at + 1 + row.length))
      at += 1 + row.length
      undoFilter(filter, row, above, stride)
      toRgb(row, data, ((y + i * down) * width + x) * 3, across * 3)
      ;[above, row] = [row, above]
    }
  }
  const rgb = inPlace ? firstBytes(filtered, width * height * 3) : data
  return { width, height, data: rgb, transparency }
}

/** A file without its end chunk has all pixels if what there is of them comes to its own end, checksum included. */
function inflateRows(
  file: Uint8Array,
  { deflated, isEnded }: PngPicture,
  length: number,
): Uint8Array<ArrayBuffer> {
  try {
    return inflate(deflated, length)
  } catch (error) {
    throw isEnded ? error : cutShortPng(file)
  }
}

/**
 * Room beyond the pixels. workerd grows what it inflates into by whole chunks of its own, and refuses for its limit where the last one
 * would not fit; so too many bytes are noticed, too.
 */
const spareBytes = 65_536

/** Exactly so many bytes, or it throws. */
function inflate(deflated: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const options = { maxOutputLength: length + spareBytes, chunkSize: Math.max(64, length + 1) }
  const inflated = inflateSync(deflated, options)
  if (inflated.length !== length) throw new Error('The PNG has pixels for another size.')
  return inflated as Uint8Array<ArrayBuffer>
}

/** Gives the rest of a large buffer back. Small ones lie in one that Node shares among them. */
function firstBytes(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array {
  const { buffer, byteOffset } = bytes
  return byteOffset === 0 && bytes.length > sharedBytes
    ? new Uint8Array(buffer.transfer(length))
    : Uint8Array.from(bytes.subarray(0, length))
}
