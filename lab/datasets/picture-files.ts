/** Pictures from files, and through the compression of a JPEG and back. */
import { readFile } from 'node:fs/promises'
import encodeJpeg, { init as initJpegEncoder } from '@jsquash/jpeg/encode.js'
import { compileWasm } from '../../scripts/setup/node-engine.ts'
import type { Codecs } from '../../src/image/decode/codecs.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'

export async function readPicture(file: string, codecs: Codecs): Promise<RgbImage> {
  return kept(await decodePhoto(new Uint8Array(await readFile(file)), codecs))
}

/** Before anything is compressed. */
export async function startCompressing(): Promise<void> {
  await initJpegEncoder(await compileWasm('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'))
}

export async function compress(
  { width, height, data }: RgbImage,
  quality: number,
  codecs: Codecs,
): Promise<RgbImage> {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(i * 3, i * 3 + 3), i * 4)
  const picture = { width, height, data: rgba, colorSpace: 'srgb' } as const
  // The tables of the standard, which most encoders have.
  const options = { quality, progressive: false, quant_table: 0 }
  return kept(await decodePhoto(new Uint8Array(await encodeJpeg(picture, options)), codecs))
}

/** A decoder's memory is for the next photo. */
function kept({ width, height, data }: RgbImage): RgbImage {
  return { width, height, data: data.slice() }
}
