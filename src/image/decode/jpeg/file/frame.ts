/** The frame of a JPEG: its size, and of each component how it is sampled. ITU-T T.81, annex B.2.2. */
import { unreadableJpeg, unsupportedJpeg } from '../jpeg-faults.ts'
import type { JpegSegment } from './segments.ts'

export interface JpegComponent {
  readonly id: number
  /** Samples across and down for each block of pixels. */
  readonly h: number
  readonly v: number
  readonly quantisation: number
  /** Blocks of 8x8 samples that hold its part of the picture. */
  readonly columns: number
  readonly rows: number
}

export interface JpegFrame {
  readonly width: number
  readonly height: number
  readonly progressive: boolean
  /** One, three or four. */
  readonly components: readonly JpegComponent[]
  /** Units of an interleaved scan across and down; each has h x v blocks of each component. */
  readonly unitColumns: number
  readonly unitRows: number
  readonly segment: JpegSegment
}

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
  [0xf7, 'a JPEG-LS'],
])

/** Baseline, extended sequential and progressive, with Huffman codes. */
export const isFrame = (code: number): boolean => code >= 0xc0 && code <= 0xc2

/** Throws FaceError image_unsupported for the marker of a process that is not decoded. */
export function requireKnownProcess(code: number): void {
  const foreign = unsupportedFrames.get(code)
  if (foreign !== undefined) throw unsupportedJpeg(foreign)
}

export function readFrame(segment: JpegSegment, body: Uint8Array): JpegFrame {
  const count = body[5]
  if (count === undefined || body.length !== 6 + 3 * count) {
    throw unreadableJpeg('has a malformed frame header')
  }
  if (body[0] !== 8) throw unsupportedJpeg(`one of ${body[0]} bits per sample`)
  if (count !== 1 && count !== 3 && count !== 4) throw unsupportedJpeg(`one of ${count} components`)
  const height = (body[1]! << 8) | body[2]!
  const width = (body[3]! << 8) | body[4]!
  const read = Array.from({ length: count }, (_, i) => {
    const [id, sampling, quantisation] = body.subarray(6 + 3 * i, 9 + 3 * i) as unknown as [
      number,
      number,
      number,
    ]
    // With one component there is nothing to be sampled against.
    return count === 1
      ? { id, h: 1, v: 1, quantisation }
      : { id, h: sampling >> 4, v: sampling & 15, quantisation }
  })
  const most = { h: Math.max(...read.map(({ h }) => h)), v: Math.max(...read.map(({ v }) => v)) }
  for (const { h, v } of read) {
    if (h < 1 || h > 4 || v < 1 || v > 4) throw unreadableJpeg('has a malformed frame header')
    if (most.h % h !== 0 || most.v % v !== 0) throw unsupportedJpeg('one of fractional sampling')
  }
  return {
    width,
    height,
    progressive: segment.code === 0xc2,
    components: read.map((component) => ({
      ...component,
      columns: Math.ceil(Math.ceil((width * component.h) / most.h) / 8),
      rows: Math.ceil(Math.ceil((height * component.v) / most.v) / 8),
    })),
    unitColumns: Math.ceil(width / (8 * most.h)),
    unitRows: Math.ceil(height / (8 * most.v)),
    segment,
  }
}
