/**
 * Decodes what nearly every camera writes, a baseline JPEG in one scan, in a single pass over its bits: blocks are checked as walk-scan.ts
 * checks them, and become samples on the way (kernels/, WebAssembly with SIMD, a memory of their own). Everything else is
 * for the decoder of jpeg-decoder.ts.
 */
import type { RgbImage } from '../../rgb-image.ts'
import type { Shrink } from '../format-header.ts'
import { isPadded, positionOf } from './bit-reader.ts'
import type { HuffmanTable } from './huffman-table.ts'
import { damagedJpeg } from './jpeg-faults.ts'
import type { JpegComponent, JpegFile, JpegScan } from './jpeg-file.ts'
import { PhotoMemory } from './photo-memory.ts'
import { dcLimit } from './sequential-blocks.ts'
import { transformSteps } from './transform-steps.ts'
import { walkIntervals } from './walk-scan.ts'

interface BaselineKernels {
  readonly base: WebAssembly.Global
  decodeUnits(job: number, first: number, last: number): number
  toRgb(...planes: number[]): void
  greyToRgb(luma: number, stride: number, width: number, height: number, rgb: number): void
}

export interface BaselineDecoder {
  /** Null for a JPEG of another kind. Throws FaceError image_unreadable. */
  decode(file: JpegFile, shrink: Shrink): RgbImage | null
  heapBytes(): number
}

/** Of the job: int32 places, as kernels/job.ts has them. */
const place = { at: 0, end: 1, count: 2, bits: 3, components: 4, unitColumns: 5, coefficients: 6 }
const firstComponent = 8
const wordsPerComponent = 12
/** @param module build/kernels/baseline-jpeg.wasm */
export function startBaselineDecoder(module: WebAssembly.Module): BaselineDecoder {
  const memory = new WebAssembly.Memory({ initial: 2 })
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  const kernels = exports as unknown as BaselineKernels
  const base: number = kernels.base.value
  return {
    decode(file, shrink) {
      const [scan] = file.scans
      if (scan === undefined || !isBaseline(file)) return null
      return decodeScan(kernels, new PhotoMemory(memory, base), file, scan, shrink)
    },
    heapBytes: () => memory.buffer.byteLength,
  }
}

/** Whether a file can be decoded here. */
export function isBaseline({ frame, scans, isNamedRgb, isAdobeRgb }: JpegFile): boolean {
  const [scan] = scans
  const [luma, blue, red] = frame.components
  if (frame.progressive || scans.length !== 1 || scan === undefined || luma === undefined)
    return false
  if (scan.components.length !== frame.components.length) return false
  if (scan.components.some(({ index }, i) => index !== i)) return false
  if (blue === undefined || red === undefined) return true
  if (isNamedRgb || isAdobeRgb || blue.h !== red.h || blue.v !== red.v) return false
  return luma.h % blue.h === 0 && luma.v % blue.v === 0
}

/** Where the samples of a component lie. */
interface Plane {
  readonly address: number
  readonly stride: number
}

function decodeScan(
  kernels: BaselineKernels,
  memory: PhotoMemory,
  file: JpegFile,
  scan: JpegScan,
  shrink: Shrink,
): RgbImage {
  const { frame } = file
  /** Samples that a block becomes, across and down. */
  const size = 8 / shrink
  const job = memory.take((firstComponent + 3 * wordsPerComponent) * 4)
  const coefficients = memory.put(new Float32Array(64))
  const data = memory.put(file.bytes.subarray(scan.start, scan.end))
  const planes = frame.components.map((component): Plane => {
    const stride = frame.unitColumns * component.h * size
    return { address: memory.take(stride * frame.unitRows * component.v * size), stride }
  })
  const tables = scan.components.map(({ index, dc, ac }) => {
    if (!dc || !ac) throw damagedJpeg()
    const limit = Math.floor(dcLimit(file, index))
    const steps = transformSteps(
      file.quantisation.get(frame.components[index]!.quantisation)!,
      size,
    )
    return {
      dc: memory.put(bytesOf(dc)),
      ac: memory.put(bytesOf(ac)),
      steps: memory.put(steps),
      limit,
    }
  })
  const [width, height] = [Math.ceil(frame.width / shrink), Math.ceil(frame.height / shrink)]
  const rgb = memory.take(width * height * 3)
  const scratch = memory.take(8 * (width + 64))

  const words = new Int32Array(memory.buffer, job, firstComponent + 3 * wordsPerComponent)
  words[place.components] = frame.components.length
  words[place.unitColumns] = frame.unitColumns
  words[place.coefficients] = coefficients
  frame.components.forEach(({ h, v }, i) => {
    const { address, stride } = planes[i]!
    const { dc, ac, steps, limit } = tables[i]!
    const fields = [h, v, dc, ac, steps, address, stride, size, 0, limit]
    words.set(fields, firstComponent + i * wordsPerComponent)
  })
  walkIntervals(file, scan, frame.unitColumns * frame.unitRows, (start, end, first, last) => {
    words[place.at] = data + start - scan.start
    words[place.end] = data + end - scan.start
    const outcome = kernels.decodeUnits(job, first, last)
    if (outcome === 1) return null
    if (outcome !== 0) throw damagedJpeg()
    const read = Math.min(words[place.at]! - data + scan.start, end)
    const [count, bits] = [words[place.count]!, words[place.bits]!]
    return {
      position: positionOf(file.bytes, read, count),
      isPaddedWithOnes: isPadded(bits, count),
    }
  })
  toRgb(kernels, file, planes, { width, height, rgb, scratch })
  return { width, height, data: new Uint8Array(memory.buffer, rgb, width * height * 3).slice() }
}

interface Picture {
  readonly width: number
  readonly height: number
  readonly rgb: number
  readonly scratch: number
}

function toRgb(
  kernels: BaselineKernels,
  { frame }: JpegFile,
  planes: readonly Plane[],
  { width, height, rgb, scratch }: Picture,
): void {
  const [luma, blue, red] = planes as [Plane, Plane?, Plane?]
  if (!blue || !red) {
    kernels.greyToRgb(luma.address, luma.stride, width, height, rgb)
    return
  }
  const [whole, coarse] = frame.components as [JpegComponent, JpegComponent]
  const [across, down] = [whole.h / coarse.h, whole.v / coarse.v]
  kernels.toRgb(
    ...[luma.address, luma.stride, blue.address, red.address, blue.stride],
    // Samples that belong to the picture; those behind them are padding.
    ...[Math.ceil(width / across), Math.ceil(height / down)],
    ...[across, down, width, height, rgb, scratch],
  )
}

/** As kernels/bits.ts reads it. */
function bytesOf({ quick, beyond, offset, symbols }: HuffmanTable): Uint8Array {
  const bytes = new Uint8Array(quick.byteLength + beyond.byteLength + offset.byteLength + 256)
  let at = 0
  for (const part of [quick, beyond, offset, symbols]) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at)
    at += part.byteLength
  }
  return bytes
}
