/**
 * Reads the blocks of a progressive scan without making a picture of them, as simply as can be: what the kernels find damaged is held
 * against it. A scan that refines coefficients can only be read by who knows which of them are not zero so far: one bit each is kept.
 * ITU-T T.81, annex G.
 */

import type { JpegFrame } from '../../../../src/image/decode/jpeg/file/frame.ts'
import type { HuffmanTable } from '../../../../src/image/decode/jpeg/file/huffman-table.ts'
import type { JpegFile, JpegScan } from '../../../../src/image/decode/jpeg/file/jpeg-file.ts'
import { requireAllScans } from '../../../../src/image/decode/jpeg/file/required-scans.ts'
import { damagedJpeg } from '../../../../src/image/decode/jpeg/jpeg-faults.ts'
import { areMisread } from '../../../../src/image/decode/jpeg/scan-job.ts'
import { dcLimit, sequentialBlocks } from '../../../../src/image/decode/jpeg/sequential-blocks.ts'
import {
  type BlockReader,
  layOut,
  requireOnePadding,
  walkScan,
} from '../../../../src/image/decode/jpeg/walk-scan.ts'

const maxDcBits = 11
const maxAcBits = 10

/** Which coefficients of a component are not zero: two words of 32 bits a block. */
interface Seen {
  readonly bits: Uint32Array
  readonly columns: number
}

/** Throws FaceError image_unreadable unless every scan is whole and none is missing. */
export function walkJpeg(file: JpegFile): void {
  requireAllScans(file)
  const seen = nothingSeen(file.frame)
  const paddings = file.scans.map((scan) => {
    const runs = new Runs()
    const blocks = file.frame.progressive
      ? progressiveBlocks(file, scan, seen, runs)
      : sequentialBlocks(file, scan)
    const ends = walkScan(file, scan, blocks)
    if (areMisread(runs.splits, layOut(file, scan).rows)) throw damagedJpeg()
    return ends
  })
  requireOnePadding(file, paddings)
}

/** Runs of blocks without coefficients, and how many begin where the one before could have gone on. */
class Runs {
  #splits = 0
  #hasRuns = false
  #couldGoOn = false
  #refined = 0

  begin(count: number, isWholeBlock: boolean): void {
    if (isWholeBlock && this.#couldGoOn && this.#refined <= 192) this.#splits++
    this.#hasRuns ||= count > 1
    this.#couldGoOn = count < 0x7fff
    this.#refined = 0
  }

  get splits(): number {
    return this.#hasRuns ? this.#splits : 0
  }

  /** Within it. */
  refine(): void {
    this.#refined++
  }

  end(): void {
    this.#couldGoOn = false
  }
}

/** Of every component of the frame, before its first scan. */
function nothingSeen({ components, unitColumns, unitRows }: JpegFrame): Seen[] {
  return components.map(({ h, v }) => ({
    bits: new Uint32Array(2 * unitColumns * h * unitRows * v),
    columns: unitColumns * h,
  }))
}

/** Throws FaceError image_unreadable when a table is missing. */
function progressiveBlocks(
  file: JpegFile,
  scan: JpegScan,
  seen: readonly Seen[],
  runs: Runs,
): BlockReader {
  if (scan.first === 0) return scan.high === 0 ? firstMeans(file, scan) : refinedMeans
  const [{ index, ac } = { index: 0, ac: undefined }] = scan.components
  if (!ac) throw damagedJpeg()
  return (scan.high === 0 ? firstAc : refinedAc)(scan, ac, seen[index]!, runs)
}

function firstMeans(file: JpegFile, { components, low }: JpegScan): BlockReader {
  const tables = components.map(({ index, dc }) => {
    if (!dc) throw damagedJpeg()
    return { dc, mostDc: dcLimit(file, index) / (1 << low) + 1 }
  })
  const means = new Int32Array(components.length)
  return {
    read(bits, component) {
      const { dc, mostDc } = tables[component]!
      const size = bits.takeSymbol(dc)
      if (size < 0 || size > maxDcBits) throw damagedJpeg()
      const mean = means[component]! + bits.takeDifference(size)
      if (mean > mostDc || mean < -mostDc) throw damagedJpeg()
      means[component] = mean
    },
    restart() {
      means.fill(0)
    },
  }
}

const refinedMeans: BlockReader = {
  read: (bits) => bits.skip(1),
  restart: () => {},
}

function firstAc(
  { first, last, low }: JpegScan,
  table: HuffmanTable,
  seen: Seen,
  runs: Runs,
): BlockReader {
  /** Blocks to come of which all coefficients are zero. */
  let empty = 0
  return {
    read(bits, _component, column, row) {
      if (empty > 0) {
        empty--
        return
      }
      if (column === 0) runs.end()
      const block = 2 * (row * seen.columns + column)
      for (let k = first; k <= last; k++) {
        const symbol = bits.takeSymbol(table)
        const [run, size] = [symbol >> 4, symbol & 15]
        if (symbol < 0 || (size > 0 && size + low > maxAcBits)) throw damagedJpeg()
        if (size === 0 && run < 15) {
          const count = (1 << run) + bits.take(run)
          runs.begin(count, k === first)
          empty = count - 1
          return
        }
        runs.end()
        k += run
        if (k > last) throw damagedJpeg()
        if (size === 0) continue
        bits.skip(size)
        seen.bits[block + (k >> 5)]! |= 1 << (k & 31)
      }
    },
    restart() {
      if (empty > 0) throw damagedJpeg()
      runs.end()
    },
  }
}

function refinedAc(
  { first, last }: JpegScan,
  table: HuffmanTable,
  seen: Seen,
  runs: Runs,
): BlockReader {
  let empty = 0
  return {
    read(bits, _component, column, row) {
      const block = 2 * (row * seen.columns + column)
      const isSeen = (k: number) => (seen.bits[block + (k >> 5)]! >>> (k & 31)) & 1
      if (column === 0 && empty === 0) runs.end()
      let k = first
      for (; empty === 0 && k <= last; k++) {
        const symbol = bits.takeSymbol(table)
        const [run, size] = [symbol >> 4, symbol & 15]
        if (symbol < 0 || size > 1) throw damagedJpeg()
        if (size === 0 && run < 15) {
          empty = (1 << run) + bits.take(run)
          runs.begin(empty, k === first)
          break
        }
        runs.end()
        // Its sign.
        bits.skip(size)
        // On to the coefficient behind so many zeros; those on the way that are not zero have a bit each.
        for (let zeros = run; k <= last; k++) {
          if (isSeen(k)) bits.skip(1)
          else if (--zeros < 0) break
        }
        if (size === 0) continue
        if (k > last) throw damagedJpeg()
        seen.bits[block + (k >> 5)]! |= 1 << (k & 31)
      }
      if (empty === 0) return
      for (; k <= last; k++) {
        if (!isSeen(k)) continue
        bits.skip(1)
        runs.refine()
      }
      empty--
    },
    restart() {
      if (empty > 0) throw damagedJpeg()
      runs.end()
    },
  }
}
