/** Reads the blocks of a baseline scan. ITU-T T.81, annex F. */
import type { BitReader } from './bit-reader.ts'
import type { HuffmanTable } from './file/huffman-table.ts'
import type { JpegFile, JpegScan } from './file/jpeg-file.ts'
import { damagedJpeg } from './jpeg-faults.ts'
import type { BlockReader } from './walk-scan.ts'

/** More bits no coefficient of 8-bit samples has. */
const maxDcBits = 11
const maxAcBits = 10

/** A mean beyond black or white by more than rounding: what stands in a damaged file, and never in a whole one. */
const mostDc = 1024
const dcMargin = 64

/** Gets what is read, block by block. */
export interface BlockCopier {
  /** Whether the block is wanted. */
  begin(component: number, column: number, row: number): boolean
  mean(component: number, mean: number): void
  /** The symbol, and the bits behind it, as many as its lower four bits say. */
  ac(component: number, symbol: number, bits: number): void
}

/** Throws FaceError image_unreadable when a table is missing. */
export function sequentialBlocks(
  file: JpegFile,
  scan: JpegScan,
  copier?: BlockCopier,
): BlockReader {
  const components = scan.components.map(({ index, dc, ac }) => {
    if (!dc || !ac) throw damagedJpeg()
    return { dc, ac, mostDc: dcLimit(file, index) }
  })
  const means = new Int32Array(components.length)
  return {
    read(bits, component, column, row) {
      const { dc, ac, mostDc } = components[component]!
      const size = bits.takeSymbol(dc)
      if (size < 0 || size > maxDcBits) throw damagedJpeg()
      const mean = means[component]! + bits.takeDifference(size)
      if (mean > mostDc || mean < -mostDc) throw damagedJpeg()
      means[component] = mean
      if (copier?.begin(component, column, row)) {
        copier.mean(component, mean)
        readAc(bits, ac, (symbol) => copier.ac(component, symbol, bits.take(symbol & 15)))
      } else {
        readAc(bits, ac)
      }
    },
    restart() {
      means.fill(0)
    },
  }
}

/** The largest quantised mean that a block of the component can have. */
export function dcLimit({ quantisation }: JpegFile, index: number): number {
  const step = quantisation[index]?.[0]
  if (step === undefined || step === 0) throw damagedJpeg()
  return (mostDc + Math.max(dcMargin, 2 * step)) / step
}

/** @param copy takes a symbol and the bits behind it; without it they are passed over */
function readAc(bits: BitReader, table: HuffmanTable, copy?: (symbol: number) => void): void {
  for (let k = 1; k < 64; k++) {
    const symbol = bits.takeSymbol(table)
    const size = symbol & 15
    if (symbol < 0 || size > maxAcBits) throw damagedJpeg()
    // The only symbols without a coefficient end the block, and stand for sixteen zeros with more to come.
    if (size === 0 && symbol !== 0 && symbol !== 0xf0) throw damagedJpeg()
    if (copy) copy(symbol)
    else bits.skip(size)
    if (symbol === 0) return
    k += symbol >> 4
    if (k > 63 || (size === 0 && k > 62)) throw damagedJpeg()
  }
}
