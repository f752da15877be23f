/** The tables of a JPEG, as they hold where a scan begins: a segment may replace some of them. ITU-T T.81, annexes B.2.4.1 and B.2.4.2. */
import { damagedJpeg, unreadableJpeg } from '../jpeg-faults.ts'
import { buildHuffmanTable, type HuffmanTable } from './huffman-table.ts'
import { inRows } from './zigzag.ts'

export interface JpegTables {
  /** Huffman tables by their number, of means and of other coefficients. */
  readonly dc: HuffmanTable[]
  readonly ac: HuffmanTable[]
  /** Steps by the number of their table, in the order in which coefficients come. */
  readonly steps: Map<number, Uint16Array>
}

/** Four of each kind. */
const maxHuffmanTables = 8

/** Throws FaceError image_unreadable. */
export function readHuffmanTables(body: Uint8Array, { dc, ac }: JpegTables): void {
  let at = 0
  // A file can name no more tables than these at a time, and each takes longer to lay out than to send.
  for (let count = 0; at < body.length; count++) {
    if (count === maxHuffmanTables) throw damagedJpeg()
    const [kind, counts] = [body[at]!, body.subarray(at + 1, at + 17)]
    const total = counts.reduce((sum, count) => sum + count, 0)
    at += 17 + total
    if (at > body.length || kind >> 4 > 1 || (kind & 15) > 3 || total > 256) {
      throw damagedJpeg()
    }
    const symbols = body.subarray(at - total, at)
    // Each has one code. One that was damaged is most likely there already.
    if (new Set(symbols).size < total) throw damagedJpeg()
    const tables = kind >> 4 === 0 ? dc : ac
    tables[kind & 15] = buildHuffmanTable(counts, symbols)
  }
}

/** Throws FaceError image_unreadable. */
export function readQuantisation(body: Uint8Array, { steps }: JpegTables): void {
  let at = 0
  while (at < body.length) {
    const kind = body[at]!
    const wide = kind >> 4 === 1
    const end = at + (wide ? 129 : 65)
    if (end > body.length || kind >> 4 > 1 || (kind & 15) > 3) {
      throw unreadableJpeg('has a malformed quantisation table')
    }
    const table = body.subarray(at + 1, end)
    const read = Uint16Array.from({ length: 64 }, (_, k) =>
      wide ? (table[2 * k]! << 8) | table[2 * k + 1]! : table[k]!,
    )
    if (standsOut(read)) throw damagedJpeg()
    steps.set(kind & 15, read)
    at = end
  }
}

/** A step that is so many times as coarse as all beside it, or as fine, was damaged. No encoder steps over a single frequency like that. */
const mostTimes = 4

/** Whether a single step is far from those of the frequencies next to it. The first may be fine alone: some encoders send means exactly. */
function standsOut(steps: Uint16Array): boolean {
  const rows = inRows(steps)
  return rows.some((step, i) => {
    const [row, column] = [i >> 3, i & 7]
    const beside = [
      ...(row > 0 ? [rows[i - 8]!] : []),
      ...(row < 7 ? [rows[i + 8]!] : []),
      ...(column > 0 ? [rows[i - 1]!] : []),
      ...(column < 7 ? [rows[i + 1]!] : []),
    ]
    const isCoarse = step > mostTimes * (Math.max(...beside) + 1)
    const isFine = i > 0 && mostTimes * (step + 1) < Math.min(...beside)
    return isCoarse || isFine
  })
}
