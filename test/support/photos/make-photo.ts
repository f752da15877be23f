/** Small photos in all three formats, made by the encoders of the packages whose decoders are under test. */

import encodeJpegData, { init as initJpeg } from '@jsquash/jpeg/encode.js'
import encodeWebpData, { init as initWebp } from '@jsquash/webp/encode.js'
import { opaque } from '../../../scripts/setup/opaque.ts'
import type { PhotoFormat } from '../../../src/image/decode/formats.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { makePng } from './make-png.ts'
import { compileFromPackage } from './node-codecs.ts'
import { pixelAt } from './sample-photos.ts'

const jpegReady = initJpeg(compileFromPackage('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'))
const webpReady = initWebp(compileFromPackage('@jsquash/webp/codec/enc/webp_enc_simd.wasm'))

type JpegOptions = NonNullable<Parameters<typeof encodeJpegData>[1]>
type WebpOptions = NonNullable<Parameters<typeof encodeWebpData>[1]>
type EncoderInput = Parameters<typeof encodeJpegData>[0]

/** Smooth, unlike in every direction, and without symmetry: a turned copy cannot be mistaken for the original. */
export function makePicture(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(
        [(255 * x) / width, (255 * y) / height, x < width / 2 && y < height / 3 ? 220 : 40],
        (y * width + x) * 3,
      )
    }
  }
  return { width, height, data }
}

export async function makeJpeg(image: RgbImage, options: JpegOptions = {}): Promise<Uint8Array> {
  await jpegReady
  return new Uint8Array(
    await encodeJpegData(withAlpha(image), { quality: 95, progressive: false, ...options }),
  )
}

export async function makeWebp(
  image: RgbImage,
  options: WebpOptions = {},
  alpha?: (x: number, y: number) => number,
): Promise<Uint8Array> {
  await webpReady
  return new Uint8Array(await encodeWebpData(withAlpha(image, alpha), { quality: 95, ...options }))
}

export function makeRgbPng(image: RgbImage): Uint8Array {
  return makePng({
    width: image.width,
    height: image.height,
    colourType: 2,
    bitDepth: 8,
    sample: (x, y) => pixelAt(image, x, y),
  })
}

/** PNG and WebP without loss, JPEG nearly so. */
export async function makePhoto(format: PhotoFormat, image: RgbImage): Promise<Uint8Array> {
  if (format === 'jpeg') return makeJpeg(image)
  if (format === 'webp') return makeWebp(image, { lossless: 1, exact: 1 })
  return makeRgbPng(image)
}

/** Largest difference of two samples; infinite when the sizes differ. */
export function largestDifference(a: RgbImage, b: RgbImage): number {
  if (a.width !== b.width || a.height !== b.height || a.data.length !== b.data.length) {
    return Number.POSITIVE_INFINITY
  }
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0)
}

function withAlpha(image: RgbImage, alpha?: (x: number, y: number) => number) {
  const { width, height } = image
  const data = opaque(image.data)
  if (alpha) {
    for (let i = 0; i < width * height; i++) {
      data[i * 4 + 3] = alpha(i % width, Math.floor(i / width))
    }
  }
  return { width, height, data, colorSpace: 'srgb' } as EncoderInput
}
