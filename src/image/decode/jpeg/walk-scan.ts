/**
 * Walks the entropy-coded data of a scan as a decoder does, without making a picture of it: every block is read to its end, and only
 * so is it known whether all of them are there. A decoder goes on with grey where blocks are missing, and does not say so.
 * ITU-T T.81, annex E.
 */
import { FaceError } from '../../../errors/face-error.ts'
import { BitReader } from './bit-reader.ts'
import type { JpegFile, JpegScan } from './file/jpeg-file.ts'
import { marker } from './file/segments.ts'
import { cutShort, damagedJpeg } from './jpeg-faults.ts'

/** What reads the blocks of a scan, one after the other. */
export interface BlockReader {
  /**
   * Throws FaceError where no block can be.
   *
   * @param component place of it in the scan
   * @param column of the block in the component, as `row`
   */
  read(bits: BitReader, component: number, column: number, row: number): void
  /** Forgets what holds between two restart markers only. Throws FaceError when something is still to come. */
  restart(): void
}

/** So many stray bytes of any kind may stand behind a restart interval. */
const maxStrayBytes = 16

/** Where the bits of a restart interval ended. */
export interface IntervalEnd {
  /** The first byte that was not read at all. */
  readonly position: number
  /** Whether the bits that are left of the byte before it are ones, as encoders pad it. */
  readonly isPaddedWithOnes: boolean
  /** Whether what is left are more units, to their end. In a progressive scan anything is: no software leaves stray bytes behind one. */
  readonly readsOn: boolean
}

/**
 * Reads the units `first` to `last` from the bytes `start` to `end`; null when there are too few bits. Throws FaceError where no unit can be.
 */
export type ReadInterval = (
  start: number,
  end: number,
  first: number,
  last: number,
) => IntervalEnd | null

/**
 * Throws FaceError image_unreadable unless every block is there and nothing else is, but the stray bytes that some cameras leave behind
 * a restart interval.
 */
export function walkScan(file: JpegFile, scan: JpegScan, blocks: BlockReader): void {
  const layout = layOut(file, scan)
  walkIntervals(file, scan, layout.columns * layout.rows, readerOf(file, layout, blocks))
}

/** The same, whatever reads the intervals. @param units of the scan */
export function walkIntervals(
  { bytes }: JpegFile,
  scan: JpegScan,
  units: number,
  readInterval: ReadInterval,
): void {
  const interval = scan.restartInterval || units
  let start = scan.start
  // The markers count from 0 to 7 and start over.
  for (let index = 0, next = 0; index < units; next = (next + 1) & 7) {
    const end = endOfData(bytes, start, scan.end)
    const last = Math.min(index + interval, units)
    const bits = readInterval(start, end, index, last)
    if (bits === null) throw end === bytes.length ? cutShort(bytes) : damagedJpeg()
    index = last
    if (!isStray(bytes, bits, end)) throw damagedJpeg()
    if (index < units && bytes[end + 1] !== marker.rst0 + next) {
      throw end === bytes.length ? cutShort(bytes) : damagedJpeg()
    }
    start = end + 2
  }
  // Where intervals came twice, the picture is full before the data is over.
  if (scan.end - start > maxStrayBytes) throw damagedJpeg()
}

function readerOf(
  { bytes, frame }: JpegFile,
  { columns, rows, across, unit }: Layout,
  blocks: BlockReader,
): ReadInterval {
  const bits = new BitReader(bytes)
  function readUnit(column: number, row: number): void {
    for (let i = 0; i < unit.length; i += 3) {
      const component = unit[i]!
      const { h, v } = across[component]!
      blocks.read(bits, component, column * h + unit[i + 1]!, row * v + unit[i + 2]!)
    }
  }
  function readsOn(): boolean {
    try {
      // Below the picture.
      while (bits.hasWholeByte) readUnit(0, rows)
      return !bits.isPastEnd && bits.isPaddedWithOnes
    } catch (error) {
      if (error instanceof FaceError) return false
      throw error
    }
  }
  return (start, end, first, last) => {
    bits.start(start, end)
    for (let index = first; index < last; index++) {
      const column = index % columns
      readUnit(column, (index - column) / columns)
      if (bits.isPastEnd) return null
    }
    const { position, isPaddedWithOnes } = bits
    const left = { position, isPaddedWithOnes, readsOn: frame.progressive || readsOn() }
    blocks.restart()
    return left
  }
}

export interface Layout {
  /** Units across and down. */
  readonly columns: number
  readonly rows: number
  /** Of each component of the scan: blocks of a unit across and down. */
  readonly across: readonly { readonly h: number; readonly v: number }[]
  /** The blocks of a unit, three numbers each: the component, column and row in the unit. */
  readonly unit: readonly number[]
}

/** A scan of several components interleaves their blocks unit by unit; one of a single component has its blocks row by row. */
export function layOut({ frame }: JpegFile, { components }: JpegScan): Layout {
  const inFrame = components.map(({ index }) => frame.components[index]!)
  const [only, second] = inFrame
  if (only && !second) {
    return { columns: only.columns, rows: only.rows, across: [{ h: 1, v: 1 }], unit: [0, 0, 0] }
  }
  const unit = inFrame.flatMap(({ h, v }, component) =>
    Array.from({ length: h * v }, (_, i) => [component, i % h, Math.floor(i / h)]).flat(),
  )
  return { columns: frame.unitColumns, rows: frame.unitRows, across: inFrame, unit }
}

/** Where the next restart marker starts, or the first of the fill bytes before it; `limit` when there is none. */
function endOfData(bytes: Uint8Array, from: number, limit: number): number {
  let at = from
  for (;;) {
    at = bytes.indexOf(0xff, at)
    if (at < 0 || at >= limit) return limit
    if (bytes[at + 1] !== 0) return at
    at += 2
  }
}

/**
 * Whether the bytes that are left behind the last block are padding, or a few that do not matter. Where data is missing in the middle,
 * the blocks come to their end early, and what is left are more of them. Zeros that begin within the last block stand for lost data.
 */
function isStray(bytes: Uint8Array, bits: IntervalEnd, end: number): boolean {
  const at = bits.position
  if (at >= end) return true
  if (end === bytes.length) return false
  const value = bytes[at]
  const isUniform = bytes.subarray(at, end).every((byte) => byte === value)
  if (isUniform) return !(bytes[at - 1] === value && bytes[at - 2] === value)
  return end - at <= maxStrayBytes && bits.isPaddedWithOnes && !bits.readsOn
}
