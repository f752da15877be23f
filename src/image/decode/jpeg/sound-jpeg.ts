/**
 * Whether all of a JPEG is there, judged by its scans, and the file as a decoder likes it: metadata and stray bytes taken out, what some
 * cameras write wrongly put right, the end marker added where only that is missing.
 */
import { cutShort, unreadableJpeg } from './jpeg-faults.ts'
import { type JpegFile, type JpegScan, type JpegSegment, marker } from './jpeg-file.ts'
import { nothingSeen, progressiveBlocks } from './progressive-blocks.ts'
import { sequentialBlocks } from './sequential-blocks.ts'
import { walkScan } from './walk-scan.ts'

export const soi = Uint8Array.of(0xff, marker.soi)
export const eoi = Uint8Array.of(0xff, marker.eoi)
/** Adobe's segment with transform 0: the components are red, green and blue. */
const saysRgb = Uint8Array.of(
  0xff,
  marker.app14,
  0,
  14,
  ...[...'Adobe'].map((c) => c.charCodeAt(0)),
  0,
  100,
  0,
  0,
  0,
  0,
  0,
)

/** The sound file, piece by piece. Throws FaceError image_unreadable unless every scan is whole and none is missing. */
export function soundJpeg(file: JpegFile): Uint8Array[] {
  const { bytes, frame, scans, segments } = file
  requireAllScans(file)
  const seen = frame.progressive ? nothingSeen(frame) : []
  const pieces: Uint8Array[] = [soi]
  if (file.isNamedRgb) pieces.push(saysRgb)
  for (const segment of segments) {
    pieces.push(writeSegment(file, segment))
    const scan = scans.find((other) => other.segment === segment)
    if (scan === undefined) continue
    const blocks = frame.progressive
      ? progressiveBlocks(file, scan, seen)
      : sequentialBlocks(file, scan)
    walkScan(file, scan, blocks).forEach(({ start, end }, i) => {
      if (i > 0) pieces.push(Uint8Array.of(0xff, marker.rst0 + ((i - 1) & 7)))
      pieces.push(bytes.subarray(start, end))
    })
  }
  pieces.push(eoi)
  return pieces
}

/** As a decoder likes it. */
export function writeSegment(
  { bytes, frame }: JpegFile,
  { code, start, end }: JpegSegment,
): Uint8Array {
  const segment = bytes.subarray(start, end)
  if (code === marker.sos && !frame.progressive) {
    const sos = segment.slice()
    sos.set([0, 63, 0], sos.length - 3)
    return sos
  }
  if (start === frame.segment.start && frame.components.length === 1) {
    const sof = segment.slice()
    // Sampling factors of a single component mean nothing, and mislead decoders.
    sof[11] = 0x11
    return sof
  }
  return segment
}

/**
 * In a file that was cut between two scans everything that came is sound, and the picture is coarse all the same: every coefficient of
 * every component has to have come to its last bit.
 */
function requireAllScans(file: JpegFile): void {
  const { frame, scans } = file
  const left = frame.components.map(() => new Int8Array(64).fill(notSent))
  for (const scan of scans) takeScan(scan, left)
  if (left.every((bits) => bits.every((low) => low === 0))) return
  throw file.isEnded ? unreadableJpeg('lacks some of its scans') : cutShort(file.bytes)
}

const notSent = -1

/** Notes how many bits of each coefficient are still to come. A scan may only refine what the one before it left. */
function takeScan({ components, first, last, high, low }: JpegScan, left: Int8Array[]): void {
  for (const { index } of components) {
    const bits = left[index]!
    const before = high === 0 ? notSent : high
    if (!bits.subarray(first, last + 1).every((sent) => sent === before)) {
      throw unreadableJpeg('has scans that contradict each other')
    }
    bits.fill(low, first, last + 1)
  }
}
