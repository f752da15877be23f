/**
 * Cuts rectangles out of a JPEG without decoding it: the blocks of each are copied into a small JPEG of its own. So a face that is small in
 * a large photo can be decoded finer than the photo, within the memory that there is.
 */
import { joinBytes } from '../../../lib/join-bytes.ts'
import type { Rectangle } from '../../resize.ts'
import type { PhotoCut } from '../format-header.ts'
import { BitWriter } from './bit-writer.ts'
import { buildHuffmanTable } from './file/huffman-table.ts'
import { type JpegFile, type JpegScan, readJpegFile } from './file/jpeg-file.ts'
import type { ScanComponent } from './file/scan-header.ts'
import { type JpegSegment, marker } from './file/segments.ts'
import { standardDc, type TableSpec } from './file/standard-tables.ts'
import { type BlockCopier, sequentialBlocks } from './sequential-blocks.ts'
import { walkScan } from './walk-scan.ts'

/**
 * Undefined for a JPEG whose blocks do not stand in one scan, each in whole.
 *
 * @param bytes a JPEG that was decoded
 * @param regions in pixels of the photo as stored; a cut may be larger, since it consists of whole blocks
 */
export function cutJpeg(bytes: Uint8Array, regions: readonly Rectangle[]): PhotoCut[] | undefined {
  const file = readJpegFile(bytes)
  const [scan, second] = file.scans
  if (scan === undefined || second !== undefined || file.frame.progressive) return undefined
  const cuts = regions.map((region) => startCut(file, scan, region))
  walkScan(file, scan, sequentialBlocks(file, scan, copyTo(cuts)))
  return cuts.map(({ rectangle, bits }) => ({
    rectangle,
    bytes: joinBytes(writeCut(file, rectangle, bits.finish())),
  }))
}

interface Cut {
  readonly rectangle: Rectangle
  readonly bits: BitWriter
  contains(component: number, column: number, row: number): boolean
  putMean(component: number, mean: number): void
  putAc(component: number, symbol: number, bits: number): void
}

function startCut({ frame }: JpegFile, scan: JpegScan, region: Rectangle): Cut {
  const components = scan.components.map(({ index, ac }) => ({ ...frame.components[index]!, ac }))
  const wide = 8 * Math.max(...components.map(({ h }) => h))
  const high = 8 * Math.max(...components.map(({ v }) => v))
  const left = Math.floor(region.x / wide)
  const top = Math.floor(region.y / high)
  const right = Math.min(frame.unitColumns, Math.ceil((region.x + region.width) / wide))
  const bottom = Math.min(frame.unitRows, Math.ceil((region.y + region.height) / high))
  const bits = new BitWriter()
  const means = new Int32Array(components.length)
  const putSymbol = (codes: Uint32Array, symbol: number): void =>
    bits.put(codes[symbol]! & 0xffff, codes[symbol]! >>> 16)
  return {
    rectangle: {
      x: left * wide,
      y: top * high,
      width: Math.min(frame.width, right * wide) - left * wide,
      height: Math.min(frame.height, bottom * high) - top * high,
    },
    bits,
    contains(component, column, row) {
      const { h, v } = components[component]!
      return column >= left * h && column < right * h && row >= top * v && row < bottom * v
    },
    putMean(component, mean) {
      const difference = mean - means[component]!
      means[component] = mean
      const size = 32 - Math.clz32(Math.abs(difference))
      putSymbol(dcTable.codes, size)
      if (size > 0) bits.put(difference > 0 ? difference : difference + (1 << size) - 1, size)
    },
    putAc(component, symbol, value) {
      putSymbol(components[component]!.ac!.codes, symbol)
      bits.put(value, symbol & 15)
    },
  }
}

function copyTo(cuts: readonly Cut[]): BlockCopier {
  /** Those that contain the block which is read. */
  let open: readonly Cut[] = []
  return {
    begin(component, column, row) {
      open = cuts.filter((cut) => cut.contains(component, column, row))
      return open.length > 0
    },
    mean(component, mean) {
      for (const cut of open) cut.putMean(component, mean)
    },
    ac(component, symbol, bits) {
      for (const cut of open) cut.putAc(component, symbol, bits)
    },
  }
}

/**
 * Codes for differences of every size. Those of the photo may lack some that only occur at the border of a cut, where a block has another
 * one to its left.
 */
const [dcSpec] = standardDc as [TableSpec]
const dcTable = buildHuffmanTable(dcSpec.counts, dcSpec.symbols)

function writeCut(file: JpegFile, { width, height }: Rectangle, scan: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [soi]
  for (const segment of file.segments) {
    // A cut has no restart markers.
    if (segment.code === marker.dri) continue
    if (segment.code === marker.sos) pieces.push(...file.scans[0]!.components.map(dcSegment))
    const written = writeSegment(file, segment)
    pieces.push(
      segment.start === file.frame.segment.start ? withSize(written, width, height) : written,
    )
  }
  return [...pieces, scan, eoi]
}

const soi = Uint8Array.of(0xff, marker.soi)
const eoi = Uint8Array.of(0xff, marker.eoi)

/** As it should be: some cameras write nonsense into parameters that mean nothing. */
function writeSegment({ bytes, frame }: JpegFile, { code, start, end }: JpegSegment): Uint8Array {
  const segment = bytes.slice(start, end)
  if (code === marker.sos) segment.set([0, 63, 0], segment.length - 3)
  if (start === frame.segment.start && frame.components.length === 1) segment[11] = 0x11
  return segment
}

function dcSegment({ dcId }: ScanComponent): Uint8Array {
  const { counts, symbols } = dcSpec
  return Uint8Array.of(0xff, marker.dht, 0, 19 + symbols.length, dcId, ...counts, ...symbols)
}

function withSize(sof: Uint8Array, width: number, height: number): Uint8Array {
  const sized = sof.slice()
  sized.set([height >> 8, height & 0xff, width >> 8, width & 0xff], 5)
  return sized
}
