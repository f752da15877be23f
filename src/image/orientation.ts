/**
 * EXIF orientation: how a camera was held. The same TIFF structure is in JPEG's APP1, PNG's eXIf and WebP's EXIF. Anything missing,
 * malformed or out of range means 1, upright. EXIF 2.32, section 4.6.
 */

/** The top stands: 1 up, 3 down, 6 at the left, 8 at the right; 2, 4, 5 and 7 are their mirror images. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

const orientationTag = 0x0112
const entryBytes = 12

/** Bytes of the types of whole numbers, with and without sign. The standard asks for 3 (SHORT); some writers use others. */
const wholeNumberBytes: ReadonlyMap<number, 1 | 2 | 4> = new Map([
  [1, 1],
  [3, 2],
  [4, 4],
  [6, 1],
  [8, 2],
  [9, 4],
])

/** `tiff` begins with the byte order, "II" or "MM". Only the first directory is looked at: the second is a thumbnail's. */
export function readOrientation(tiff: Uint8Array | undefined): Orientation {
  if (tiff === undefined || tiff.length < 8) return 1
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const order = view.getUint16(0)
  if (order !== 0x4949 && order !== 0x4d4d) return 1
  const little = order === 0x4949
  if (view.getUint16(2, little) !== 42) return 1
  const directory = view.getUint32(4, little)
  if (directory + 2 > tiff.length) return 1
  const entries = view.getUint16(directory, little)
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * entryBytes
    if (entry + entryBytes > tiff.length) return 1
    if (view.getUint16(entry, little) !== orientationTag) continue
    const bytes = wholeNumberBytes.get(view.getUint16(entry + 2, little))
    const value = bytes === undefined ? 0 : readNumber(view, entry + 8, bytes, little)
    return value >= 1 && value <= 8 ? (value as Orientation) : 1
  }
  return 1
}

function readNumber(view: DataView, at: number, bytes: 1 | 2 | 4, little: boolean): number {
  if (bytes === 1) return view.getUint8(at)
  return bytes === 2 ? view.getUint16(at, little) : view.getUint32(at, little)
}
