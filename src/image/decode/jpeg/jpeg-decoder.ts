/**
 * Decodes JPEGs: baseline ones in one scan by baseline-decoder.ts, all others by Rust's jpeg-decoder, a module without imports. That
 * one is given sound files only: where data is missing it would go on with grey. Both scale in the DCT, to a half, a quarter or an
 * eighth, which takes as much less memory as there are fewer pixels.
 */
import type { RgbImage } from '../../rgb-image.ts'
import type { Decoder } from '../decoder.ts'
import type { Shrink } from '../format-header.ts'
import { type BaselineDecoder, isBaseline, startBaselineDecoder } from './baseline-decoder.ts'
import { type JpegFile, readJpegFile } from './jpeg-file.ts'
import { soundJpeg } from './sound-jpeg.ts'

interface JpegExports {
  readonly memory: WebAssembly.Memory
  walloc(bytes: number): number
  /**
   * Takes over the bytes at the pointer. The picture is the smallest that has at least so many pixels across and down. A pointer to
   * it, or 0 or 1 when there is none.
   */
  decode(pointer: number, bytes: number, width: number, height: number): number
  decode_width(picture: number): number
  decode_height(picture: number): number
  /** 0 grey, 1 colour. */
  decode_format(picture: number): number
  /** A pointer to the samples; `wlen` then says how many there are. */
  decode_buffer(picture: number): number
  wlen(): number
  decode_free(picture: number): void
}

export interface JpegModules {
  /** imagescript's. */
  readonly jpeg: WebAssembly.Module
  /** build/kernels/baseline-jpeg.wasm */
  readonly baselineJpeg: WebAssembly.Module
}

/** One of the two holds memory at a time: that of a large photo is as much as a decoder may take. */
export function startJpegDecoder({ jpeg, baselineJpeg }: JpegModules): Decoder {
  let baseline: BaselineDecoder | undefined = startBaselineDecoder(baselineJpeg)
  let other: JpegExports | undefined
  return {
    decode(bytes, shrink) {
      const file = readJpegFile(bytes)
      if (isBaseline(file)) {
        other = undefined
        baseline ??= startBaselineDecoder(baselineJpeg)
      } else {
        baseline = undefined
      }
      const image = baseline?.decode(file, shrink)
      if (image) return image
      other ??= new WebAssembly.Instance(jpeg).exports as unknown as JpegExports
      return decodeOther(other, file, shrink)
    },
    heapBytes: () => baseline?.heapBytes() ?? other?.memory.buffer.byteLength ?? 0,
  }
}

function decodeOther(wasm: JpegExports, file: JpegFile, shrink: Shrink): RgbImage {
  const pieces = soundJpeg(file)
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const pointer = wasm.walloc(length)
  const input = new Uint8Array(wasm.memory.buffer, pointer, length)
  let at = 0
  for (const piece of pieces) {
    input.set(piece, at)
    at += piece.length
  }
  const [width, height] = [file.frame.width, file.frame.height].map((side) =>
    Math.ceil(side / shrink),
  ) as [number, number]
  const picture = wasm.decode(pointer, length, width, height)
  if (picture <= 1) throw new Error('The JPEG decoder gave no picture.')
  const image = takeRgb(wasm, picture)
  wasm.decode_free(picture)
  if (image.width !== width || image.height !== height) {
    throw new Error('The JPEG decoder gave a picture of another size.')
  }
  return image
}

function takeRgb(wasm: JpegExports, picture: number): RgbImage {
  const [width, height] = [wasm.decode_width(picture), wasm.decode_height(picture)]
  const pointer = wasm.decode_buffer(picture)
  const samples = new Uint8Array(wasm.memory.buffer, pointer, wasm.wlen())
  const isGrey = wasm.decode_format(picture) === 0
  if (samples.length !== width * height * (isGrey ? 1 : 3)) {
    throw new Error('The JPEG decoder gave a part of a picture.')
  }
  if (!isGrey) return { width, height, data: samples.slice() }
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < samples.length; i++) data.fill(samples[i]!, 3 * i, 3 * i + 3)
  return { width, height, data }
}
