/**
 * Writes grey progressive JPEGs of three scans: the means, all other coefficients but their last bit, and that bit. Encoders differ in how
 * long they let runs of blocks grow in which no coefficient begins; here that can be chosen.
 */
import { BitWriter } from '../../../../src/image/decode/jpeg/bit-writer.ts'
import type { RgbImage } from '../../../../src/image/rgb-image.ts'
import { joinBytes } from '../make-png.ts'
import { greyBlocks, segment, split } from './write-jpeg.ts'

export interface ProgressiveWriting {
  /** Step of quantisation of every coefficient; 4 unless given. */
  readonly step?: number
  /** A run of blocks ends before there are more bits in it that refine coefficients: libjpeg's 937 unless given. */
  readonly mostRefined?: number
  /** Whether a run ends after a block at the latest; never unless given. */
  readonly endsAfter?: (block: number) => boolean
  /** The first long run is written as two, which no encoder does. */
  readonly splitOnce?: boolean
}

/** Codes of eight bits each. */
const symbols = Array.from({ length: 16 * 11 }, (_, i) => (Math.floor(i / 11) << 4) | (i % 11))

export function writeProgressive(image: RgbImage, writing: ProgressiveWriting = {}): Uint8Array {
  const { step = 4, mostRefined = 937, endsAfter = () => false, splitOnce = false } = writing
  const blocks = greyBlocks(image, step)
  const size = [image.height >> 8, image.height & 255, image.width >> 8, image.width & 255]
  return joinBytes(
    Uint8Array.of(0xff, 0xd8),
    segment(0xdb, [0], Array(64).fill(step)),
    segment(0xc2, [8, ...size, 1, 1, 0x11, 0]),
    segment(0xc4, [0, 0, 0, 0, 12, ...Array(12).fill(0)], [...Array(12).keys()]),
    segment(0xc4, [0x10, 0, 0, 0, 0, 0, 0, 0, symbols.length, ...Array(8).fill(0)], symbols),
    segment(0xda, [1, 1, 0], [0, 0, 0]),
    writeMeans(blocks),
    segment(0xda, [1, 1, 0], [1, 63, 0x01]),
    writeUpperBits(blocks, endsAfter, splitOnce),
    segment(0xda, [1, 1, 0], [1, 63, 0x10]),
    writeLastBits(blocks, endsAfter, mostRefined),
    Uint8Array.of(0xff, 0xd9),
  )
}

function writeMeans(blocks: readonly (readonly number[])[]): Uint8Array {
  const bits = new BitWriter()
  let before = 0
  for (const [mean] of blocks) {
    const [size, value] = split(mean! - before)
    bits.put(size, 4)
    bits.put(value, size)
    before = mean!
  }
  return bits.finish()
}

function writeUpperBits(
  blocks: readonly (readonly number[])[],
  endsAfter: (block: number) => boolean,
  splitOnce: boolean,
): Uint8Array {
  const bits = new BitWriter()
  let [run, isSplit] = [0, !splitOnce]
  const endRun = (): void => {
    if (run > 4 && !isSplit) {
      isSplit = true
      putRun(bits, 2)
      run -= 2
    }
    if (run > 0) putRun(bits, run)
    run = 0
  }
  for (const [i, block] of blocks.entries()) {
    let zeros = 0
    for (const value of block.slice(1).map((value) => Math.trunc(value / 2))) {
      if (value === 0) {
        zeros++
        continue
      }
      endRun()
      for (; zeros > 15; zeros -= 16) putSymbol(bits, 0xf0)
      const [size, its] = split(value)
      putSymbol(bits, (zeros << 4) | size)
      bits.put(its, size)
      zeros = 0
    }
    if (zeros > 0) run++
    if (endsAfter(i)) endRun()
  }
  endRun()
  return bits.finish()
}

function writeLastBits(
  blocks: readonly (readonly number[])[],
  endsAfter: (block: number) => boolean,
  mostRefined: number,
): Uint8Array {
  const bits = new BitWriter()
  const put = (refined: readonly number[]): void => {
    for (const bit of refined) bits.put(bit, 1)
  }
  let run = 0
  let ofRun: number[] = []
  const endRun = (): void => {
    if (run > 0) putRun(bits, run)
    put(ofRun)
    run = 0
    ofRun = []
  }
  for (const [i, block] of blocks.entries()) {
    const lastNew = block.findLastIndex((value, k) => k > 0 && Math.abs(value) === 1)
    let zeros = 0
    let refined: number[] = []
    for (let k = 1; k < 64; k++) {
      const size = Math.abs(block[k]!)
      if (size === 0) {
        zeros++
        continue
      }
      for (; zeros > 15 && k <= lastNew; zeros -= 16) {
        endRun()
        putSymbol(bits, 0xf0)
        put(refined)
        refined = []
      }
      if (size > 1) {
        refined.push(size & 1)
        continue
      }
      endRun()
      putSymbol(bits, (zeros << 4) | 1)
      bits.put(block[k]! > 0 ? 1 : 0, 1)
      put(refined)
      zeros = 0
      refined = []
    }
    if (zeros === 0 && refined.length === 0) continue
    if (ofRun.length + refined.length > mostRefined) endRun()
    run++
    ofRun.push(...refined)
    if (endsAfter(i)) endRun()
  }
  endRun()
  return bits.finish()
}

function putSymbol(bits: BitWriter, symbol: number): void {
  bits.put(symbols.indexOf(symbol), 8)
}

/** Of so many blocks, from this one on. */
function putRun(bits: BitWriter, blocks: number): void {
  const size = 31 - Math.clz32(blocks)
  putSymbol(bits, size << 4)
  bits.put(blocks, size)
}
