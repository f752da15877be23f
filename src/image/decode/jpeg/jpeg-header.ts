/** What is known about a JPEG before it is decoded, and how much memory decoding takes. */
import type { FormatHeader, Shrink } from '../format-header.ts'
import { borderBytes } from './damage/mean-borders.ts'
import { showsSteps } from './damage/shifted-means.ts'
import { type JpegFile, readJpegFile } from './file/jpeg-file.ts'

/** The decoder's code and tables, and the rows that become colours at a time. */
const fixedBytes = 2 ** 20

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
    jpeg: { ...file, bytes: bytes.subarray(0, end) },
  }
}

/**
 * A plane for each component, and of a progressive photo the frequencies that they are made of; then the file, and in its place the borders
 * of blocks.
 */
function decoderBytes({ frame, scans }: JpegFile, shrink: Shrink): number {
  const { components, unitColumns, unitRows } = frame
  const blocks = components.reduce((sum, { h, v }) => sum + unitColumns * h * unitRows * v, 0)
  const samples = blocks * (8 / shrink) ** 2
  const data = scans.at(-1)!.end - scans[0]!.start
  const [kept, seen] = frame.progressive ? [2 * samples, 8 * blocks] : [0, 0]
  const measured = components.filter(({ columns, rows, v }) =>
    showsSteps({ columns, rows, unitHeight: (v * 8) / shrink }),
  )
  const borders = borderBytes * measured.reduce((sum, { columns, rows }) => sum + columns * rows, 0)
  return fixedBytes + samples + kept + Math.max(seen + data, borders)
}
