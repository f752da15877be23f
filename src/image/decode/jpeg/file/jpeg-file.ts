/**
 * A JPEG taken apart from SOI to EOI, without decoding: its frame, its scans with the tables that hold for each, its EXIF data. What
 * stands between two segments and belongs to neither is passed over, as libjpeg does; a thumbnail inside a segment is jumped over
 * with it. ITU-T T.81, annex B.
 */
import { maxJpegScans, maxJpegSegments } from '../../../limits.ts'
import { cutShort, unreadableJpeg, unsupportedJpeg } from '../jpeg-faults.ts'
import { type ColourNotes, coloursOf, type JpegColours, noteColours } from './colours.ts'
import { isFrame, type JpegFrame, readFrame, requireKnownProcess } from './frame.ts'
import { readScanHeader, type ScanHeader } from './scan-header.ts'
import { endOfData, type JpegSegment, marker, nextMarker, startsWith } from './segments.ts'
import { type JpegTables, readHuffmanTables, readQuantisation } from './tables.ts'

export interface JpegScan extends ScanHeader {
  /** Units between two restart markers; 0 for none. */
  readonly restartInterval: number
  readonly segment: JpegSegment
  /** The entropy-coded bytes, restart markers included. */
  readonly start: number
  readonly end: number
  /** Of those before the first restart marker. */
  readonly firstEnd: number
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
  readonly colours: JpegColours
  /** Whether the end marker is there. */
  readonly isEnded: boolean
  /** Offset just behind the picture. */
  readonly end: number
}

/** `bytes` start with FF D8. Throws FaceError image_unreadable or image_unsupported. */
export function readJpegFile(bytes: Uint8Array): JpegFile {
  const tables: JpegTables = { dc: [], ac: [], steps: new Map(), huffmanCount: 0 }
  const quantisation: (Uint16Array | undefined)[] = []
  const segments: JpegSegment[] = []
  const scans: JpegScan[] = []
  const notes: ColourNotes = { isJfif: false, adobe: undefined }
  let frame: JpegFrame | undefined
  let exif: Uint8Array | undefined
  let restartInterval = 0
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
    if (count === maxJpegSegments) {
      throw unsupportedJpeg(`one of more than ${maxJpegSegments} segments`)
    }
    at = endOfSegment(bytes, start)
    const segment = { code, start, end: at }
    const body = bytes.subarray(start + 4, at)

    requireKnownProcess(code)
    noteColours(code, body, notes)
    if (isFrame(code)) {
      if (frame !== undefined) throw unreadableJpeg('has two frame headers')
      frame = readFrame(segment, body)
    } else if (code === marker.dht) {
      readHuffmanTables(body, tables)
    } else if (code === marker.dqt) {
      readQuantisation(body, tables)
    } else if (code === marker.dri) {
      if (body.length !== 2) throw unreadableJpeg('has a malformed restart interval')
      restartInterval = (body[0]! << 8) | body[1]!
    } else if (code === marker.dnl && frame?.height === 0) {
      throw unsupportedJpeg('one whose height stands behind its picture')
    } else if (code === marker.app1) {
      exif ??= exifPayload(body)
    } else if (code === marker.sos) {
      if (frame === undefined) throw unreadableJpeg('has a scan before its frame header')
      if (scans.length === maxJpegScans) {
        throw unsupportedJpeg(`one of more than ${maxJpegScans} scans`)
      }
      const firstEnd = endOfData(bytes, at, bytes.length)
      const end = nextMarker(bytes, firstEnd, true) ?? bytes.length
      const header = readScanHeader(body, frame, tables)
      for (const { index } of header.components) {
        quantisation[index] ??= tables.steps.get(frame.components[index]!.quantisation)
      }
      scans.push({ ...header, restartInterval, segment, start: at, end, firstEnd })
      at = end
    }
    if (decoderSegments.has(code)) segments.push(segment)
  }
  if (frame === undefined || scans.length === 0)
    throw unreadableJpeg('has no picture before its end')
  return {
    bytes,
    frame,
    scans,
    segments,
    quantisation,
    exif,
    colours: coloursOf(frame, notes),
    isEnded,
    end: at,
  }
}

/** APP0 and APP14, JFIF's and Adobe's, say what the components stand for. */
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

/** Of the segment whose marker starts there. */
function endOfSegment(bytes: Uint8Array, start: number): number {
  const code = bytes[start + 1]!
  if (code === marker.soi || code < marker.sof0) {
    throw unreadableJpeg(`has a marker 0x${code.toString(16)} out of place`)
  }
  const length = start + 4 > bytes.length ? 2 : (bytes[start + 2]! << 8) | bytes[start + 3]!
  if (length < 2) throw unreadableJpeg(`has a segment of length ${length}`)
  if (start + 2 + length > bytes.length) throw cutShort(bytes)
  return start + 2 + length
}

/** APP1 also carries XMP and others; EXIF begins with its name and two zero bytes. */
function exifPayload(body: Uint8Array): Uint8Array | undefined {
  return startsWith(body, 'Exif\0\0') ? body.subarray(6) : undefined
}
