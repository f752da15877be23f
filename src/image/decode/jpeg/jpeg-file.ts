/**
 * A JPEG taken apart from SOI to EOI, without decoding: its frame, its scans with the tables that hold for each, its EXIF data. What
 * stands between two segments and belongs to neither is passed over, as libjpeg does; a thumbnail inside a segment is jumped over
 * with it. ITU-T T.81, annex B.
 */
import { maxJpegScans, maxJpegSegments } from '../../limits.ts'
import { buildHuffmanTable, type HuffmanTable } from './huffman-table.ts'
import { cutShort, damagedJpeg, unreadableJpeg, unsupportedJpeg } from './jpeg-faults.ts'

export const marker = {
  sof0: 0xc0,
  dht: 0xc4,
  rst0: 0xd0,
  soi: 0xd8,
  eoi: 0xd9,
  sos: 0xda,
  dqt: 0xdb,
  dri: 0xdd,
  app0: 0xe0,
  app1: 0xe1,
  app14: 0xee,
} as const

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
  readonly components: readonly JpegComponent[]
  /** Units of an interleaved scan across and down; each has h x v blocks of each component. */
  readonly unitColumns: number
  readonly unitRows: number
  readonly segment: JpegSegment
}

export interface ScanComponent {
  /** Place in the frame. */
  readonly index: number
  /** Which of the file's tables `dc` is. */
  readonly dcId: number
  /** Undefined where the file has no such table: no matter unless the scan needs it. */
  readonly dc: HuffmanTable | undefined
  readonly ac: HuffmanTable | undefined
}

export interface JpegScan {
  readonly components: readonly ScanComponent[]
  /** Coefficients, first and last. */
  readonly first: number
  readonly last: number
  /** Bits that earlier scans left out, 0 in the first scan of these coefficients, and that this one leaves out. */
  readonly high: number
  readonly low: number
  /** Units between two restart markers; 0 for none. */
  readonly restartInterval: number
  readonly segment: JpegSegment
  /** The entropy-coded bytes, restart markers included. */
  readonly start: number
  readonly end: number
}

/** A segment as it stands in the file, its marker included. */
export interface JpegSegment {
  readonly code: number
  readonly start: number
  readonly end: number
}

export interface JpegFile {
  readonly bytes: Uint8Array
  readonly frame: JpegFrame
  readonly scans: readonly JpegScan[]
  /** What the decoder needs: tables, restart intervals, frame and scans, in their order. */
  readonly segments: readonly JpegSegment[]
  /** Of each component: its steps, in the order in which coefficients come, as they were at its first scan. */
  readonly quantisation: readonly (Uint16Array | undefined)[]
  /** The TIFF structure inside the EXIF data. */
  readonly exif: Uint8Array | undefined
  /** The components are red, green and blue, and nothing but their names says so. */
  readonly isNamedRgb: boolean
  /** Adobe's segment says that they are. */
  readonly isAdobeRgb: boolean
  /** Whether the end marker is there. */
  readonly isEnded: boolean
  /** Offset just behind the picture. */
  readonly end: number
}

/** `bytes` start with FF D8. Throws FaceError image_unreadable or image_unsupported. */
export function readJpegFile(bytes: Uint8Array): JpegFile {
  const dc: HuffmanTable[] = []
  const ac: HuffmanTable[] = []
  const tables = new Map<number, Uint16Array>()
  const quantisation: (Uint16Array | undefined)[] = []
  const segments: JpegSegment[] = []
  const scans: JpegScan[] = []
  let frame: JpegFrame | undefined
  let exif: Uint8Array | undefined
  let restartInterval = 0
  let tellsColours = false
  let isAdobeRgb = false
  let isEnded = false
  let at = 2
  for (let count = 0; ; count++) {
    const start = nextMarker(bytes, at)
    if (start === undefined) {
      if (scans.length === 0) throw cutShort(bytes)
      at = bytes.length
      break
    }
    const code = bytes[start + 1]!
    if (code === marker.eoi) {
      at = start + 2
      isEnded = true
      break
    }
    if (code === marker.soi || code < marker.sof0) {
      throw unreadableJpeg(`has a marker 0x${code.toString(16)} out of place`)
    }
    const length = start + 4 > bytes.length ? 2 : (bytes[start + 2]! << 8) | bytes[start + 3]!
    if (count === maxJpegSegments) {
      throw unsupportedJpeg(`one of more than ${maxJpegSegments} segments`)
    }
    if (length < 2) throw unreadableJpeg(`has a segment of length ${length}`)
    at = start + 2 + length
    if (at > bytes.length) throw cutShort(bytes)
    const segment = { code, start, end: at }
    const body = bytes.subarray(start + 4, at)

    const foreign = unsupportedFrames.get(code)
    if (foreign !== undefined) throw unsupportedJpeg(foreign)
    if (code >= marker.sof0 && code <= 0xc2) {
      if (frame !== undefined) throw unreadableJpeg('has two frame headers')
      frame = readFrame(segment, body)
    } else if (code === marker.dht) {
      readHuffmanTables(body, dc, ac)
    } else if (code === marker.dqt) {
      readQuantisation(body, tables)
    } else if (code === marker.dri) {
      if (body.length !== 2) throw unreadableJpeg('has a malformed restart interval')
      restartInterval = (body[0]! << 8) | body[1]!
    } else if (code === marker.app1) {
      exif ??= exifPayload(body)
    } else if (code === marker.app0 || code === marker.app14) {
      const isAdobe = startsWith(body, 'Adobe')
      tellsColours ||= startsWith(body, 'JFIF') || isAdobe
      // Its last byte: 0 for components that are the colours themselves.
      if (isAdobe) isAdobeRgb = body[11] === 0
    } else if (code === marker.sos) {
      if (frame === undefined) throw unreadableJpeg('has a scan before its frame header')
      if (scans.length === maxJpegScans) {
        throw unsupportedJpeg(`one of more than ${maxJpegScans} scans`)
      }
      const end = nextMarker(bytes, at, true) ?? bytes.length
      const header = readScanHeader(body, frame, dc, ac)
      for (const { index } of header.components) {
        quantisation[index] ??= tables.get(frame.components[index]!.quantisation)
      }
      scans.push({ ...header, restartInterval, segment, start: at, end })
      at = end
    }
    if (decoderSegments.has(code)) segments.push(segment)
  }
  if (frame === undefined || scans.length === 0)
    throw unreadableJpeg('has no picture before its end')
  const ids = String.fromCharCode(...frame.components.map(({ id }) => id))
  const isNamedRgb = ids === 'RGB' && !tellsColours
  return {
    bytes,
    frame,
    scans,
    segments,
    quantisation,
    exif,
    isNamedRgb,
    isAdobeRgb,
    isEnded,
    end: at,
  }
}

/** APP0 and APP14, JFIF's and Adobe's, say whether the colours are red, green and blue. */
const decoderSegments: ReadonlySet<number> = new Set([
  marker.sof0,
  0xc1,
  0xc2,
  marker.dht,
  marker.dqt,
  marker.dri,
  marker.sos,
  marker.app0,
  marker.app14,
])

/**
 * Where the next marker starts: at the last of the FFs before its code. Passes over what stands before it: stray bytes, stuffed
 * zeros, fill bytes and, `inScan`, restart markers. Undefined when none follows.
 */
function nextMarker(bytes: Uint8Array, from: number, inScan = false): number | undefined {
  let at = from
  for (;;) {
    at = bytes.indexOf(0xff, at)
    if (at < 0) return undefined
    while (bytes[at + 1] === 0xff) at++
    if (at + 1 >= bytes.length) return undefined
    const code = bytes[at + 1]!
    const isRestart = code >= marker.rst0 && code < marker.soi
    if (code !== 0 && !(isRestart && inScan)) return at
    at += 2
  }
}

function readFrame(segment: JpegSegment, body: Uint8Array): JpegFrame {
  const count = body[5]
  if (count === undefined || body.length !== 6 + 3 * count) {
    throw unreadableJpeg('has a malformed frame header')
  }
  if (body[0] !== 8) throw unsupportedJpeg(`one of ${body[0]} bits per sample`)
  if (count === 4) throw unsupportedJpeg('in CMYK (four components)')
  if (count !== 1 && count !== 3) throw unsupportedJpeg(`one of ${count} components`)
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

/** Four of each kind. */
const maxHuffmanTables = 8

function readHuffmanTables(body: Uint8Array, dc: HuffmanTable[], ac: HuffmanTable[]): void {
  let at = 0
  // A file can name no more tables than these at a time, and each takes longer to lay out than to send.
  for (let count = 0; at < body.length; count++) {
    if (count === maxHuffmanTables) throw damagedJpeg()
    const [kind, counts] = [body[at]!, body.subarray(at + 1, at + 17)]
    const total = counts.reduce((sum, count) => sum + count, 0)
    at += 17 + total
    if (at > body.length || kind >> 4 > 1 || (kind & 15) > 3 || total > 256) {
      throw damagedJpeg()
    }
    const tables = kind >> 4 === 0 ? dc : ac
    tables[kind & 15] = buildHuffmanTable(counts, body.subarray(at - total, at))
  }
}

function readQuantisation(body: Uint8Array, tables: Map<number, Uint16Array>): void {
  let at = 0
  while (at < body.length) {
    const kind = body[at]!
    const wide = kind >> 4 === 1
    const end = at + (wide ? 129 : 65)
    if (end > body.length || kind >> 4 > 1 || (kind & 15) > 3) {
      throw unreadableJpeg('has a malformed quantisation table')
    }
    const steps = body.subarray(at + 1, end)
    tables.set(
      kind & 15,
      Uint16Array.from({ length: 64 }, (_, k) =>
        wide ? (steps[2 * k]! << 8) | steps[2 * k + 1]! : steps[k]!,
      ),
    )
    at = end
  }
}

type ScanHeader = Omit<JpegScan, 'restartInterval' | 'segment' | 'start' | 'end'>

function readScanHeader(
  body: Uint8Array,
  frame: JpegFrame,
  dc: readonly HuffmanTable[],
  ac: readonly HuffmanTable[],
): ScanHeader {
  const count = body[0] ?? 0
  if (count < 1 || count > frame.components.length || body.length !== 4 + 2 * count) {
    throw unreadableJpeg('has a malformed scan header')
  }
  const components = Array.from({ length: count }, (_, i) => {
    const [id, tables] = [body[1 + 2 * i]!, body[2 + 2 * i]!]
    const index = frame.components.findIndex((component) => component.id === id)
    if (index < 0) throw unreadableJpeg('has a scan of a component that its frame has not')
    return { index, dcId: tables >> 4, dc: dc[tables >> 4], ac: ac[tables & 15] }
  })
  if (new Set(components.map(({ index }) => index)).size < count) {
    throw unreadableJpeg('has a malformed scan header')
  }
  // The last three bytes matter to progressive files alone; some cameras write nonsense into those of others.
  if (!frame.progressive) return { components, first: 0, last: 63, high: 0, low: 0 }
  const [first, last, bits] = body.subarray(-3) as unknown as [number, number, number]
  const [high, low] = [bits >> 4, bits & 15]
  const isDc = first === 0 && last === 0
  const isAc = first > 0 && last >= first && last <= 63 && count === 1
  if (!(isDc || isAc) || low > 13 || (high > 0 && high !== low + 1)) {
    throw unreadableJpeg('has a malformed scan header')
  }
  return { components, first, last, high, low }
}

/** APP1 also carries XMP and others; EXIF begins with its name and two zero bytes. */
function exifPayload(body: Uint8Array): Uint8Array | undefined {
  return startsWith(body, 'Exif\0\0') ? body.subarray(6) : undefined
}

function startsWith(body: Uint8Array, name: string): boolean {
  return name === String.fromCharCode(...body.subarray(0, name.length))
}
