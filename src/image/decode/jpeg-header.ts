/**
 * Walks a JPEG's markers from SOI to EOI without decoding: size, EXIF, and whether the file is whole. Markers are
 * found by the same rules as in libjpeg (garbage before a marker is skipped), so that the picture measured here is the
 * picture decoded later; a thumbnail inside an APP segment is jumped over with its segment. ITU-T T.81, annex B.
 */
import { FaceError } from '../../errors/face-error.ts'
import { maxJpegScans } from '../limits.ts'
import type { FormatHeader } from './format-header.ts'

const marker = { soi: 0xd8, eoi: 0xd9, sos: 0xda, app1: 0xe1 } as const

/** Frame markers of the processes that the decoder is never given. 0xc4, 0xc8 and 0xcc do not begin a frame. */
const unsupportedFrames: ReadonlyMap<number, string> = new Map([
  [0xc3, 'lossless'],
  [0xc5, 'hierarchical'],
  [0xc6, 'hierarchical'],
  [0xc7, 'hierarchical'],
  [0xc9, 'arithmetic-coded'],
  [0xca, 'arithmetic-coded'],
  [0xcb, 'lossless and arithmetic-coded'],
  [0xcd, 'hierarchical'],
  [0xce, 'hierarchical'],
  [0xcf, 'hierarchical'],
  [0xde, 'hierarchical'],
  [0xdf, 'hierarchical'],
])

interface Frame {
  readonly width: number
  readonly height: number
  readonly components: number
  readonly progressive: boolean
}

/** `bytes` start with FF D8. Throws FaceError image_unreadable or image_unsupported. */
export function readJpegHeader(bytes: Uint8Array): FormatHeader {
  let at = 2
  let frame: Frame | undefined
  let exif: Uint8Array | undefined
  let scans = 0
  let buffered = false
  for (;;) {
    at = nextMarker(bytes, at)
    const code = bytes[at++]
    if (code === marker.eoi) break
    if (code === marker.soi || code < 0xc0) {
      throw unreadable(`has a marker 0x${code.toString(16)} out of place`)
    }
    const length = at + 2 > bytes.length ? 2 : (bytes[at] << 8) | bytes[at + 1]
    if (length < 2) throw unreadable(`has a segment of length ${length}`)
    if (at + length > bytes.length) throw cutShort(bytes)
    const segment = bytes.subarray(at + 2, at + length)
    at += length

    const foreign = unsupportedFrames.get(code)
    if (foreign !== undefined) throw unsupported(foreign)
    if (code >= 0xc0 && code <= 0xc2) {
      if (frame !== undefined) throw unreadable('has two frame headers')
      frame = readFrame(code, segment)
    } else if (code === marker.app1) {
      exif ??= exifPayload(segment)
    } else if (code === marker.sos) {
      if (frame === undefined) throw unreadable('has a scan before its frame header')
      // A scan of fewer than all components means that there are more scans: libjpeg then keeps all coefficients.
      buffered ||= frame.progressive || segment[0] < frame.components
      if (++scans > maxJpegScans) throw unsupported(`one of more than ${maxJpegScans} scans`)
    }
  }
  if (frame === undefined || scans === 0) throw unreadable('has no picture before its end')
  return { width: frame.width, height: frame.height, end: at, buffered, exif }
}

/**
 * Offset of the code of the next marker. Passes over what stands before it: entropy-coded data with its stuffed FF 00,
 * restart markers, fill bytes.
 */
function nextMarker(bytes: Uint8Array, from: number): number {
  let at = from
  for (;;) {
    at = bytes.indexOf(0xff, at)
    if (at < 0) throw cutShort(bytes)
    while (bytes[at] === 0xff) at++
    if (at >= bytes.length) throw cutShort(bytes)
    const code = bytes[at]
    const restart = code >= 0xd0 && code <= 0xd7
    if (code !== 0 && !restart) return at
  }
}

function readFrame(code: number, segment: Uint8Array): Frame {
  const components = segment[5]
  if (segment.length < 6 || segment.length !== 6 + 3 * components) {
    throw unreadable('has a malformed frame header')
  }
  if (segment[0] !== 8) throw unsupported(`one of ${segment[0]} bits per sample`)
  if (components === 4) throw unsupported('in CMYK (four components)')
  if (components !== 1 && components !== 3) throw unsupported(`one of ${components} components`)
  return {
    height: (segment[1] << 8) | segment[2],
    width: (segment[3] << 8) | segment[4],
    components,
    progressive: code === 0xc2,
  }
}

/** APP1 also carries XMP and others; EXIF begins with its name and two zero bytes. */
function exifPayload(segment: Uint8Array): Uint8Array | undefined {
  const name = String.fromCharCode(...segment.subarray(0, 6))
  return name === 'Exif\0\0' ? segment.subarray(6) : undefined
}

function unreadable(what: string): FaceError {
  return new FaceError('image_unreadable', `The JPEG ${what}.`)
}

function cutShort(bytes: Uint8Array): FaceError {
  return unreadable(`is cut short: ${bytes.length} bytes came, without its end marker`)
}

function unsupported(kind: string): FaceError {
  return new FaceError(
    'image_unsupported',
    `The JPEG is ${kind}; expected baseline or progressive, 8 bits, grey or colour (not CMYK).`,
  )
}
