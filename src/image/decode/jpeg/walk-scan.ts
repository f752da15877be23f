/**
 * Walks the entropy-coded data of a scan as a decoder does, without making a picture of it: every block is read to its end, and only
 * so is it known whether all of them are there. A decoder goes on with grey where blocks are missing, and does not say so.
 * ITU-T T.81, annex E.
 */
import { FaceError } from '../../../errors/face-error.ts'
import { BitReader, type Padding } from './bit-reader.ts'
import type { JpegFile, JpegScan } from './file/jpeg-file.ts'
import { endOfData, marker } from './file/segments.ts'
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
  /** Of the byte before it. */
  readonly padding: Padding
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
 *
 * @returns what its intervals are padded with
 */
export function walkScan(file: JpegFile, scan: JpegScan, blocks: BlockReader): Padding[] {
  const layout = layOut(file, scan)
  return walkIntervals(file, scan, layout.columns * layout.rows, readerOf(file, layout, blocks))
}

/** The same, whatever reads the intervals. @param units of the scan */
export function walkIntervals(
  { bytes }: JpegFile,
  scan: JpegScan,
  units: number,
  readInterval: ReadInterval,
): Padding[] {
  const paddings: Padding[] = []
  const interval = scan.restartInterval || units
  let start = scan.start
  // The markers count from 0 to 7 and start over.
  for (let index = 0, next = 0; index < units; next = (next + 1) & 7) {
    const end = start === scan.start ? scan.firstEnd : endOfData(bytes, start, scan.end)
    const last = Math.min(index + interval, units)
    const bits = readInterval(start, end, index, last)
    if (bits === null) throw end === bytes.length ? cutShort(bytes) : damagedJpeg()
    index = last
    paddings.push(bits.padding)
    if (!isStray(bytes, bits, end)) throw damagedJpeg()
    if (index < units && bytes[end + 1] !== marker.rst0 + next) {
      throw end === bytes.length ? cutShort(bytes) : damagedJpeg()
    }
    start = end + 2
  }
  // Where intervals came twice, the picture is full before the data is over.
  if (scan.end - start > maxStrayBytes) throw damagedJpeg()
  return paddings
}

/** A block of a sequential scan takes two codes, a scan's last byte has at most seven bits of padding. */
const mostBlocksInPadding = 3

/**
 * Throws FaceError image_unreadable where one more unit may stand in what should be padding: then all units since the damage are another's.
 * An encoder pads always alike.
 *
 * @param paddings of the scans
 */
export function requireOnePadding(file: JpegFile, paddings: readonly Padding[][]): void {
  const seen = new Set(
    paddings.flatMap((ends, i) => (hasShortUnits(file, file.scans[i]!) ? ends : [])),
  )
  if (seen.has('neither') || (seen.has('ones') && seen.has('zeros'))) throw damagedJpeg()
}

function hasShortUnits(file: JpegFile, scan: JpegScan): boolean {
  return file.frame.progressive || layOut(file, scan).unit.length / 3 <= mostBlocksInPadding
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
      return !bits.isPastEnd && isSound(bits.padding)
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
    const { position, padding } = bits
    const left = { position, padding, readsOn: frame.progressive || readsOn() }
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
  return end - at <= maxStrayBytes && isSound(bits.padding) && !bits.readsOn
}

const isSound = (padding: Padding): boolean => padding === 'ones' || padding === 'nothing'
