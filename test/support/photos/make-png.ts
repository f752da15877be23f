/** Writes PNGs of every colour type, bit depth and interlacing, chunk by chunk, so that tests can also write bad ones. */
import { crc32, deflateSync } from 'node:zlib'

export interface PngPicture {
  readonly width: number
  readonly height: number
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly colourType: 0 | 2 | 3 | 4 | 6
  readonly bitDepth: 1 | 2 | 4 | 8 | 16
  readonly interlaced?: boolean
  /** Samples of one pixel, in the range of the bit depth. */
  readonly sample: (x: number, y: number) => ArrayLike<number>
  /** RGB triples for colour type 3. */
  readonly palette?: readonly number[]
  /** Body of the tRNS chunk. */
  readonly transparency?: readonly number[]
  /** Whole chunks to put in front of the pixels and behind them. */
  readonly before?: readonly Uint8Array[]
  readonly after?: readonly Uint8Array[]
}

const samplesPerPixel = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** First column and row, and the steps between them, of Adam7's seven passes. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
]

export function makePng(picture: PngPicture): Uint8Array {
  const passes = picture.interlaced ? adam7 : [[0, 0, 1, 1]]
  const pixels = joinBytes(...passes.map((pass) => packPass(picture, pass)))
  const chunks = [signature, pngChunk('IHDR', makeIhdr(picture)), ...(picture.before ?? [])]
  if (picture.palette) chunks.push(pngChunk('PLTE', Uint8Array.from(picture.palette)))
  if (picture.transparency) chunks.push(pngChunk('tRNS', Uint8Array.from(picture.transparency)))
  const packed = deflateSync(pixels)
  const half = packed.length >> 1 // Two IDAT chunks: a stream may be split anywhere.
  chunks.push(pngChunk('IDAT', packed.subarray(0, half)), pngChunk('IDAT', packed.subarray(half)))
  chunks.push(...(picture.after ?? []), pngChunk('IEND', new Uint8Array(0)))
  return joinBytes(...chunks)
}

/** Length, type, body, checksum. */
export function pngChunk(type: string, body: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + body.length)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, body.length)
  chunk.set(new TextEncoder().encode(type), 4)
  chunk.set(body, 8)
  view.setUint32(8 + body.length, crc32(chunk.subarray(4, 8 + body.length)))
  return chunk
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

function makeIhdr({ width, height, bitDepth, colourType, interlaced }: PngPicture): Uint8Array {
  const ihdr = new Uint8Array(13)
  new DataView(ihdr.buffer).setUint32(0, width)
  new DataView(ihdr.buffer).setUint32(4, height)
  ihdr.set([bitDepth, colourType, 0, 0, interlaced ? 1 : 0], 8)
  return ihdr
}

/** Rows of filter type 0, samples packed from the high bit down. */
function packPass(picture: PngPicture, pass: number[]): Uint8Array {
  const { width, height, bitDepth, sample } = picture
  const [left, top, stepX, stepY] = pass as [number, number, number, number]
  const columns = Math.max(0, Math.ceil((width - left) / stepX))
  const rows = columns === 0 ? 0 : Math.max(0, Math.ceil((height - top) / stepY))
  const bitsPerPixel = samplesPerPixel[picture.colourType] * bitDepth
  const bytes = new Uint8Array(rows * (1 + Math.ceil((columns * bitsPerPixel) / 8)))
  let at = 0
  for (let y = top; at < bytes.length; y += stepY) {
    at++
    let bits = 0
    let held = 0
    for (let x = left; x < width; x += stepX) {
      const values = sample(x, y)
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!
        if (bitDepth === 16) bytes[at++] = value >> 8
        bits = (bits << bitDepth) | value
        held += bitDepth
        if (held >= 8) {
          bytes[at++] = bits
          held = 0
          bits = 0
        }
      }
    }
    if (held > 0) bytes[at++] = bits << (8 - held)
  }
  return bytes
}
