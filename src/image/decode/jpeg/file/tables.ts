/** The tables of a JPEG, as they hold where a scan begins: a segment may replace some of them. ITU-T T.81, annexes B.2.4.1 and B.2.4.2. */
import { maxJpegScans } from '../../../limits.ts'
import { damagedJpeg, unreadableJpeg, unsupportedJpeg } from '../jpeg-faults.ts'
import { buildHuffmanTable, type HuffmanTable } from './huffman-table.ts'
import { isNearlyKnown } from './known-steps.ts'
import { inRows } from './zigzag.ts'

export interface JpegTables {
  /** Huffman tables by their number, of means and of other coefficients. */
  readonly dc: HuffmanTable[]
  readonly ac: HuffmanTable[]
  /** Steps by the number of their table, in the order in which coefficients come. */
  readonly steps: Map<number, Uint16Array>
  /** Huffman tables read so far, whether or not others took their numbers. */
  huffmanCount: number
}

/** A file can name no more tables than these at a time, and each takes longer to read than to send: four of each kind of Huffman tables. */
const maxHuffmanTables = 8
const maxQuantisationTables = 4
/** In all: each scan may have its own. */
const maxHuffmanTablesInAll = maxHuffmanTables * maxJpegScans

/** Throws FaceError image_unreadable or image_unsupported. */
export function readHuffmanTables(body: Uint8Array, read: JpegTables): void {
  let at = 0
  for (let count = 0; at < body.length; count++) {
    if (count === maxHuffmanTables) throw damagedJpeg()
    if (read.huffmanCount === maxHuffmanTablesInAll) {
      throw unsupportedJpeg(`one of more than ${maxHuffmanTablesInAll} Huffman tables`)
    }
    const [kind, counts] = [body[at]!, body.subarray(at + 1, at + 17)]
    const total = counts.reduce((sum, count) => sum + count, 0)
    at += 17 + total
    if (at > body.length || kind >> 4 > 1 || (kind & 15) > 3 || total > 256) {
      throw damagedJpeg()
    }
    const symbols = body.subarray(at - total, at)
    // Each has one code. One that was damaged is most likely there already.
    if (new Set(symbols).size < total) throw damagedJpeg()
    const tables = kind >> 4 === 0 ? read.dc : read.ac
    read.huffmanCount++
    tables[kind & 15] = buildHuffmanTable(counts, symbols)
  }
}

/** Throws FaceError image_unreadable. */
export function readQuantisation(body: Uint8Array, { steps }: JpegTables): void {
  let at = 0
  for (let count = 0; at < body.length; count++) {
    if (count === maxQuantisationTables) throw damagedJpeg()
    const kind = body[at]!
    const wide = kind >> 4 === 1
    const end = at + (wide ? 129 : 65)
    if (end > body.length || kind >> 4 > 1 || (kind & 15) > 3) {
      throw unreadableJpeg('has a malformed quantisation table')
    }
    const table = body.subarray(at + 1, end)
    const read = new Uint16Array(64)
    for (let k = 0; k < 64; k++) {
      read[k] = wide ? (table[2 * k]! << 8) | table[2 * k + 1]! : table[k]!
    }
    const rows = inRows(read)
    if (standsOut(rows) || isNearlyKnown(rows)) throw damagedJpeg()
    steps.set(kind & 15, read)
    at = end
  }
}

/** A step that is so many times as coarse as all beside it, or as fine, was damaged. No encoder steps over a single frequency like that. */
const mostTimes = 4

/**
 * Whether a single step is far from those of the frequencies next to it. The first may be fine alone: some encoders send means exactly. The last
 * may be coarse alone, in any table: it is in those of jpegli for every 4:2:0 file, and of that frequency a picture has next to nothing.
 */
function standsOut(rows: Uint16Array): boolean {
  for (let i = 0; i < 64; i++) {
    const [row, column] = [i >> 3, i & 7]
    const above = row > 0 ? rows[i - 8]! : rows[i + 8]!
    const below = row < 7 ? rows[i + 8]! : above
    const left = column > 0 ? rows[i - 1]! : rows[i + 1]!
    const right = column < 7 ? rows[i + 1]! : left
    const coarsest = Math.max(above, below, left, right)
    const finest = Math.min(above, below, left, right)
    const step = rows[i]!
    const isCoarse = i < 63 && step > mostTimes * (coarsest + 1)
    const isFine = i > 0 && mostTimes * (step + 1) < finest
    if (isCoarse || isFine) return true
  }
  return false
}
