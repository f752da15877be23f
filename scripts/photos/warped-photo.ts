/** A part of a photo, turned, scaled or as it is, as a photo of its own. Pure. */
import type { RgbImage } from '../../src/image/rgb-image.ts'
import type { Similarity } from '../../src/image/similarity.ts'
import { warp } from '../../src/image/warp.ts'

export function warpedPhoto(
  image: RgbImage,
  place: Similarity,
  width: number,
  height = width,
): RgbImage {
  const data = new Uint8Array(warp(image, place, width, height).map(Math.round))
  return { width, height, data }
}

/** Scaled to a square of `side` pixels: of an image that is not square the upper left part. */
export function scaledPhoto(image: RgbImage, side: number): RgbImage {
  return warpedPhoto(image, { a: image.width / side, b: 0, x0: 0, y0: 0 }, side)
}
