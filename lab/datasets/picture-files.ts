/** Pictures from files, and through the compression of a JPEG and back. */
import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import encodeJpeg, { init as initJpegEncoder } from '@jsquash/jpeg/encode.js'
import { compileWasm } from '../../scripts/setup/node-engine.ts'
import { opaque } from '../../scripts/setup/opaque.ts'
import type { Codecs } from '../../src/image/decode/codecs.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'

export async function readPicture(file: string, codecs: Codecs): Promise<RgbImage> {
  return kept(await decodePhoto(new Uint8Array(await readFile(file)), codecs))
}

/** Its folder and its name, by which chance is drawn for it: the same however the way there is typed. */
export function nameOfPhoto(file: string): string {
  return `${basename(dirname(file))}/${basename(file)}`
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
  const picture = { width, height, data: opaque(data), colorSpace: 'srgb' } as const
  // The tables of the standard, which most encoders have.
  const options = { quality, progressive: false, quant_table: 0 }
  return kept(await decodePhoto(new Uint8Array(await encodeJpeg(picture, options)), codecs))
}

/** A decoder's memory is for the next photo. */
function kept({ width, height, data }: RgbImage): RgbImage {
  return { width, height, data: data.slice() }
}
