/** A baseline JPEG as a frame of a Motion JPEG: its blocks in the standard's Huffman codes, and no table that says so. */
import { BitWriter } from '../../../../src/image/decode/jpeg/bit-writer.ts'
import { readJpegFile } from '../../../../src/image/decode/jpeg/file/jpeg-file.ts'
import { marker } from '../../../../src/image/decode/jpeg/file/segments.ts'
import { standardTables } from '../../../../src/image/decode/jpeg/file/standard-tables.ts'
import { sequentialBlocks } from '../../../../src/image/decode/jpeg/sequential-blocks.ts'
import { walkScan } from '../../../../src/image/decode/jpeg/walk-scan.ts'
import { joinBytes } from '../make-png.ts'

/** @param jpeg of one scan */
export function asMotionJpeg(jpeg: Uint8Array): Uint8Array {
  const file = readJpegFile(jpeg)
  const scan = file.scans[0]!
  const { dc, ac } = standardTables()
  const bits = new BitWriter()
  const means = scan.components.map(() => 0)
  const putSymbol = (codes: Uint32Array, symbol: number): void =>
    bits.put(codes[symbol]! & 0xffff, codes[symbol]! >>> 16)
  /** Luma has the first tables, chroma the second. */
  const tableOf = (index: number): number => Math.min(index, 1)
  const blocks = sequentialBlocks(file, scan, {
    begin: () => true,
    mean(index, mean) {
      const difference = mean - means[index]!
      means[index] = mean
      const size = 32 - Math.clz32(Math.abs(difference))
      putSymbol(dc[tableOf(index)]!.codes, size)
      if (size > 0) bits.put(difference > 0 ? difference : difference + (1 << size) - 1, size)
    },
    ac(index, symbol, value) {
      putSymbol(ac[tableOf(index)]!.codes, symbol)
      bits.put(value, symbol & 15)
    },
  })
  walkScan(file, scan, blocks)
  const kept = file.segments.filter(({ code }) => code !== marker.dht && code !== marker.sos)
  const header = jpeg.slice(scan.segment.start, scan.segment.end)
  scan.components.forEach((_, i) => {
    header[6 + 2 * i] = tableOf(i) * 0x11
  })
  return joinBytes(
    jpeg.subarray(0, 2),
    ...kept.map(({ start, end }) => jpeg.subarray(start, end)),
    header,
    bits.finish(),
    Uint8Array.of(0xff, marker.eoi),
  )
}
