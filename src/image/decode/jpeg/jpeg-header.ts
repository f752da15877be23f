/** What is known of a JPEG before it is decoded, and what decoding it takes. */
import type { FormatHeader, Shrink } from '../format-header.ts'
import { type JpegFile, readJpegFile } from './jpeg-file.ts'

/** The decoder's code, tables and stack. */
const fixedBytes = 1.5 * 2 ** 20

/** `bytes` start with FF D8. Throws FaceError image_unreadable or image_unsupported. */
export function readJpegHeader(bytes: Uint8Array): FormatHeader {
  const file = readJpegFile(bytes)
  const { frame, end, exif } = file
  return {
    width: frame.width,
    height: frame.height,
    end,
    kind: frame.progressive ? 'progressive JPEG' : 'baseline JPEG',
    shrinks: [1, 2, 4, 8],
    decoderBytes: (shrink) => decoderBytes(file, shrink),
    exif,
  }
}

/** The file, a plane for each component, the picture; and, where a block is not read in one go, all coefficients of the photo. */
function decoderBytes({ frame, scans, end }: JpegFile, shrink: Shrink): number {
  const { components, unitColumns, unitRows } = frame
  const samples = components.reduce((sum, { h, v }) => sum + unitColumns * h * unitRows * v * 64, 0)
  const pixels = Math.ceil(frame.width / shrink) * Math.ceil(frame.height / shrink)
  const coefficients = frame.progressive || scans.length > 1 ? 2 * samples : 0
  return fixedBytes + end + samples / shrink ** 2 + pixels * components.length + coefficients
}
