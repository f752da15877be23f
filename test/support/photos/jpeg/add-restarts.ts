/**
 * A baseline JPEG of one scan with restart markers put in, as cameras write them: its blocks, with its own Huffman tables but those of means,
 * which may lack sizes that occur behind a marker only.
 */
import { BitWriter } from '../../../../src/image/decode/jpeg/bit-writer.ts'
import { buildHuffmanTable } from '../../../../src/image/decode/jpeg/file/huffman-table.ts'
import { readJpegFile } from '../../../../src/image/decode/jpeg/file/jpeg-file.ts'
import {
  type BlockCopier,
  sequentialBlocks,
} from '../../../../src/image/decode/jpeg/sequential-blocks.ts'
import { layOut, walkScan } from '../../../../src/image/decode/jpeg/walk-scan.ts'
import { joinBytes } from '../make-png.ts'

/** Codes for means of every size, with the lengths of T.81, table K.3. */
const counts = Uint8Array.of(0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)
const sizes = Uint8Array.from({ length: 12 }, (_, size) => size)
const { codes: meanCodes } = buildHuffmanTable(counts, sizes)

/** @param interval units between two markers */
export function addRestarts(jpeg: Uint8Array, interval: number): Uint8Array {
  const file = readJpegFile(jpeg)
  const scan = file.scans[0]!
  const { across } = layOut(file, scan)
  const blocks = across.reduce((sum, { h, v }) => sum + h * v, 0)
  const pieces: Uint8Array[] = []
  const means = scan.components.map(() => 0)
  let bits = new BitWriter()
  let count = 0
  const putSymbol = (codes: Uint32Array, symbol: number): void =>
    bits.put(codes[symbol]! & 0xffff, codes[symbol]! >>> 16)
  const copier: BlockCopier = {
    begin() {
      if (count > 0 && count % (blocks * interval) === 0) {
        const marker = 0xd0 + ((count / (blocks * interval) - 1) & 7)
        pieces.push(bits.finish(), Uint8Array.of(0xff, marker))
        bits = new BitWriter()
        means.fill(0)
      }
      count++
      return true
    },
    mean(index, mean) {
      const difference = mean - means[index]!
      means[index] = mean
      const size = 32 - Math.clz32(Math.abs(difference))
      putSymbol(meanCodes, size)
      if (size > 0) bits.put(difference > 0 ? difference : difference + (1 << size) - 1, size)
    },
    ac(index, symbol, value) {
      putSymbol(scan.components[index]!.ac!.codes, symbol)
      bits.put(value, symbol & 15)
    },
  }
  walkScan(file, scan, sequentialBlocks(file, scan, copier))
  pieces.push(bits.finish())
  return joinBytes(
    jpeg.subarray(0, scan.segment.start),
    ...scan.components.map(({ dcId }) =>
      Uint8Array.of(0xff, 0xc4, 0, 19 + sizes.length, dcId, ...counts, ...sizes),
    ),
    Uint8Array.of(0xff, 0xdd, 0, 4, interval >> 8, interval & 255),
    jpeg.subarray(scan.segment.start, scan.start),
    ...pieces,
    jpeg.subarray(scan.end),
  )
}
