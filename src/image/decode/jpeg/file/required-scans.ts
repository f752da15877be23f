/**
 * Whether a JPEG has all of its scans. In a file cut between two scans everything is sound, but the picture is coarse. So every
 * coefficient of every component must be there to its last bit.
 */
import { cutShort, unreadableJpeg } from '../jpeg-faults.ts'
import type { JpegFile, JpegScan } from './jpeg-file.ts'

/** Throws FaceError image_unreadable. */
export function requireAllScans(file: JpegFile): void {
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
