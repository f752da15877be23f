/**
 * Cuts a rotated, scaled square out of a photo: the one way in which pixels reach a network. Pure. Where the square is
 * much smaller than its source, the source is averaged down first, since bilinear reading alone would skip pixels.
 */
import { averageDown, type Region } from './average-down.ts'
import { releaseImage } from './release-image.ts'
import type { RgbImage } from './rgb-image.ts'
import { type Affine, type Point, type Similarity, scaleOf } from './similarity.ts'

/**
 * The square, or a rectangle placed alike, as [height, width, 3] numbers 0..255. What lies outside the photo is black.
 *
 * @param width in pixels of the square, as its height, which is the same unless given
 */
export function warp(
  image: RgbImage,
  square: Similarity | Affine,
  width: number,
  height: number = width,
): Float32Array {
  const { a, b, x0, y0 } = square
  const { c, d } = 'c' in square ? square : { c: -b, d: a }
  const factor = Math.floor(scaleOf(square))
  const size = { width, height }
  if (factor < 2) return readBilinear(image, { a, b, c, d, x0, y0 }, size)
  const region = regionOf(image, { a, b, c, d, x0, y0 }, size, factor)
  if (!region) return new Float32Array(width * height * 3)
  const smaller = averageDown(image, region, factor)
  const pixels = readBilinear(
    smaller,
    {
      a: a / factor,
      b: b / factor,
      c: c / factor,
      d: d / factor,
      x0: (x0 - region.x) / factor,
      y0: (y0 - region.y) / factor,
    },
    size,
  )
  releaseImage(smaller)
  return pixels
}

interface Size {
  readonly width: number
  readonly height: number
}

/** The part of the photo that the square covers, with a margin for interpolation, or null when it covers none. */
function regionOf(
  image: RgbImage,
  { a, b, c, d, x0, y0 }: Affine,
  { width, height }: Size,
  margin: number,
): Region | null {
  const corners = (
    [
      [0, 0],
      [width, 0],
      [0, height],
      [width, height],
    ] as const
  ).map(([u, v]): Point => [a * u + c * v + x0, b * u + d * v + y0])
  const xs = corners.map(([x]) => x)
  const ys = corners.map(([, y]) => y)
  const left = Math.max(0, Math.floor(Math.min(...xs)) - margin)
  const top = Math.max(0, Math.floor(Math.min(...ys)) - margin)
  const right = Math.min(image.width, Math.ceil(Math.max(...xs)) + margin)
  const bottom = Math.min(image.height, Math.ceil(Math.max(...ys)) + margin)
  return right > left && bottom > top
    ? { x: left, y: top, width: right - left, height: bottom - top }
    : null
}

/** Whether every pixel of the square is one of the photo, side by side. */
function isCopy({ a, b, c, d, x0, y0 }: Affine): boolean {
  const off = [a - 1, b, c, d - 1, x0 - Math.round(x0), y0 - Math.round(y0)]
  return off.every((difference) => Math.abs(difference) < 1e-9)
}

/** Ten times as fast as reading between pixels. */
function copyRows({ width, height, data }: RgbImage, { x0, y0 }: Affine, size: Size): Float32Array {
  const square = new Float32Array(size.width * size.height * 3)
  const [left, top] = [Math.round(x0), Math.round(y0)]
  const [from, to] = [Math.max(0, left), Math.min(width, left + size.width)]
  if (from >= to) return square
  for (let y = Math.max(0, top); y < Math.min(height, top + size.height); y++) {
    const row = data.subarray((y * width + from) * 3, (y * width + to) * 3)
    square.set(row, ((y - top) * size.width + from - left) * 3)
  }
  return square
}

function readBilinear(image: RgbImage, place: Affine, size: Size): Float32Array {
  if (isCopy(place)) return copyRows(image, place, size)
  const { a, b, c, d, x0, y0 } = place
  const { width, height, data } = image
  const square = new Float32Array(size.width * size.height * 3)
  let target = 0
  for (let v = 0; v < size.height; v++) {
    for (let u = 0; u < size.width; u++, target += 3) {
      const x = a * (u + 0.5) + c * (v + 0.5) + x0 - 0.5
      const y = b * (u + 0.5) + d * (v + 0.5) + y0 - 0.5
      if (x >= 0 && y >= 0 && x < width - 1 && y < height - 1) {
        // Nearly every pixel: all four neighbours lie in the photo.
        const left = x | 0
        const top = y | 0
        const fx = x - left
        const fy = y - top
        const w00 = (1 - fx) * (1 - fy)
        const w01 = fx * (1 - fy)
        const w10 = (1 - fx) * fy
        const w11 = fx * fy
        const p = (top * width + left) * 3
        const q = p + width * 3
        square[target] = data[p]! * w00 + data[p + 3]! * w01 + data[q]! * w10 + data[q + 3]! * w11
        square[target + 1] =
          data[p + 1]! * w00 + data[p + 4]! * w01 + data[q + 1]! * w10 + data[q + 4]! * w11
        square[target + 2] =
          data[p + 2]! * w00 + data[p + 5]! * w01 + data[q + 2]! * w10 + data[q + 5]! * w11
        continue
      }
      if (x <= -1 || y <= -1 || x >= width || y >= height) continue
      const left = Math.floor(x)
      const top = Math.floor(y)
      const fx = x - left
      const fy = y - top
      // Of the four neighbours, those outside the photo weigh nothing: black.
      const w00 = left >= 0 && top >= 0 ? (1 - fx) * (1 - fy) : 0
      const w01 = left + 1 < width && top >= 0 ? fx * (1 - fy) : 0
      const w10 = left >= 0 && top + 1 < height ? (1 - fx) * fy : 0
      const w11 = left + 1 < width && top + 1 < height ? fx * fy : 0
      const p00 = (Math.max(top, 0) * width + Math.max(left, 0)) * 3
      const right = left + 1 < width && left >= 0 ? 3 : 0
      const below = top + 1 < height && top >= 0 ? width * 3 : 0
      for (let k = 0; k < 3; k++) {
        square[target + k] =
          data[p00 + k]! * w00 +
          data[p00 + right + k]! * w01 +
          data[p00 + below + k]! * w10 +
          data[p00 + below + right + k]! * w11
      }
    }
  }
  return square
}
