/**
 * Walks a WebP's RIFF chunks without decoding: size, EXIF, and whether the file is whole. The size comes from the
 * bitstream that will be decoded; an extended file's canvas has to agree with it. WebP container specification and
 * RFC 6386, section 9.1.
 */
import { FaceError } from '../../../errors/face-error.ts'
import { maxWebpChunks } from '../../limits.ts'
import { bareTiff } from '../bare-tiff.ts'
import type { FormatHeader } from '../format-header.ts'

interface Size {
  readonly width: number
  readonly height: number
}

export interface WebpPicture extends Size {
  /** Offset just behind the file, whose last byte may be missing padding. */
  readonly end: number
  /** Offset just behind the picture's data, which other chunks may follow. */
  readonly pictureEnd: number
  readonly isLossless: boolean
  /** Whether pixels may be transparent. */
  readonly isTransparent: boolean
  /** Offsets of the transparency of a lossy picture. */
  readonly alpha: { readonly start: number; readonly end: number } | undefined
  readonly exif: Uint8Array | undefined
}

const animationFlag = 0x02
const alphaFlag = 0x10

/** What the decoder starts with: code, tables, stack and room. */
const fixedBytes = 2 ** 20

/** `bytes` start with "RIFF", four bytes of length and "WEBP". Throws FaceError image_unreadable or image_unsupported. */
export function readWebpHeader(bytes: Uint8Array): FormatHeader {
  const { width, height, end, isLossless, isTransparent, exif } = readWebpPicture(bytes)
  // The file twice, the picture, of a lossless one the decoder's copy of it, of any other the transparency.
  const perPixel = (isTransparent ? 4 : 3) + (isLossless ? 4 : isTransparent ? 1 : 0)
  return {
    width,
    height,
    end,
    kind: `${isLossless ? 'lossless' : 'lossy'} WebP`,
    shrinks: [1],
    mayWrap: isLossless,
    decoderBytes: () => fixedBytes + 2 * end + perPixel * width * height,
    exif,
  }
}

export function readWebpPicture(bytes: Uint8Array): WebpPicture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = 8 + view.getUint32(4, true)
  // Some writers leave out the byte that makes the last chunk's length even.
  if (end > bytes.length + 1) {
    throw unreadable(`is cut short: ${bytes.length} of its ${end} bytes came`)
  }
  let canvas: Size | undefined
  let picture: Size | undefined
  let pictureEnd = 0
  let isLossless = false
  let isTransparent = false
  let alpha: { readonly start: number; readonly end: number } | undefined
  let exif: Uint8Array | undefined
  const last = Math.min(end, bytes.length)
  let at = 12
  for (let count = 0; at + 8 <= last; count++) {
    if (count === maxWebpChunks) throw unreadable(`has more than ${maxWebpChunks} chunks`)
    const type = String.fromCharCode(...bytes.subarray(at, at + 4))
    const bodyEnd = at + 8 + view.getUint32(at + 4, true)
    if (bodyEnd > last) {
      throw unreadable(`has a chunk "${type}" that ends behind the file`)
    }
    // libwebp would take another first chunk for a bare bitstream.
    if (at === 12 && !/^VP8[ LX]$/.test(type)) throw unreadable('does not begin with a picture')
    const body = bytes.subarray(at + 8, bodyEnd)
    if (type === 'VP8X') canvas ??= readCanvas(body)
    if (type === 'VP8X' && ((body[0] ?? 0) & alphaFlag) !== 0) isTransparent = true
    if (type === 'ANIM' || type === 'ANMF') throw animated()
    if (type.startsWith('VP8') && type !== 'VP8X') pictureEnd ||= bodyEnd
    if (type === 'VP8 ') picture ??= readLossySize(body)
    if (type === 'VP8L' && picture === undefined) {
      picture = readLosslessSize(body)
      isLossless = true
      isTransparent ||= (body[4]! & alphaFlag) !== 0
    }
    // The decoder takes the last one before the picture.
    if (type === 'ALPH' && picture === undefined) {
      alpha = { start: at + 8, end: bodyEnd }
      // Whatever VP8X says: some viewers ask it whether to show the transparency, and others do not.
      isTransparent = true
    }
    if (type === 'EXIF') exif ??= bareTiff(body)
    at = bodyEnd + (bodyEnd & 1)
  }
  if (picture === undefined) throw unreadable('has no picture')
  if (canvas && (canvas.width !== picture.width || canvas.height !== picture.height)) {
    throw unreadable(
      `has a canvas of ${canvas.width} x ${canvas.height} around a picture of ${picture.width} x ${picture.height}`,
    )
  }
  return { ...picture, end, pictureEnd, isLossless, isTransparent, alpha, exif }
}

function readCanvas(body: Uint8Array): Size {
  if (body.length < 10) throw unreadable('has a malformed header')
  if (body[0] & animationFlag) throw animated()
  return {
    width: 1 + (body[4] | (body[5] << 8) | (body[6] << 16)),
    height: 1 + (body[7] | (body[8] << 8) | (body[9] << 16)),
  }
}

/** Key frame's tag (3 bytes), start code 9d 01 2a, then 14 bits each, little endian, above them 2 bits of scale. */
function readLossySize(body: Uint8Array): Size {
  const keyFrame = body.length >= 10 && (body[0] & 1) === 0
  if (!keyFrame || body[3] !== 0x9d || body[4] !== 0x01 || body[5] !== 0x2a) {
    throw unreadable('has a malformed VP8 header')
  }
  return {
    width: (body[6] | (body[7] << 8)) & 0x3fff,
    height: (body[8] | (body[9] << 8)) & 0x3fff,
  }
}

/** 0x2f, then 14 bits each of width - 1 and height - 1, one of alpha and three of version, little endian. */
function readLosslessSize(body: Uint8Array): Size {
  if (body.length < 5 || body[0] !== 0x2f || body[4] >> 5 !== 0) {
    throw unreadable('has a malformed VP8L header')
  }
  return {
    width: 1 + ((body[1] | (body[2] << 8)) & 0x3fff),
    height: 1 + (((body[2] >> 6) | (body[3] << 2) | (body[4] << 10)) & 0x3fff),
  }
}

function unreadable(what: string): FaceError {
  return new FaceError('image_unreadable', `The WebP ${what}.`)
}

export function wrappedWebp(): FaceError {
  return unreadable('is damaged: around the face, colours went round from lightest to darkest')
}

function animated(): FaceError {
  return new FaceError('image_unsupported', 'The WebP is animated; expected a still picture.')
}
