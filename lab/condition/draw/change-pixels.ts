/** Pictures changed pixel by pixel: painted over, moved about, smeared. Pure. */

import type { RgbImage } from '../../../src/image/rgb-image.ts'
import type { Point } from '../../../src/image/similarity.ts'
import { mapTuple } from '../../../src/lib/map-tuple.ts'

export type Colour = readonly [red: number, green: number, blue: number]

/** As it looks in so many times as much light. */
export function shaded(colour: Colour, light: number): Colour {
  return mapTuple(colour, (value) => value * light)
}

/** Each channel by itself: red, green, blue. */
export function colourOf(value: (channel: number) => number): Colour {
  return mapTuple([0, 1, 2], value)
}

/** @param share 0..1, of the second */
export function mixed(first: Colour, second: Colour, share: number): Colour {
  return mapTuple(first, (value, channel) => value + (second[channel]! - value) * share)
}

export function changePixels(
  image: RgbImage,
  to: (value: number, x: number, y: number, channel: number) => number,
): RgbImage {
  const { width, height, data } = image
  const changed = new Uint8Array(data.length)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++, i++) {
        const value = to(data[i]!, x, y, channel)
        changed[i] = Math.max(0, Math.min(255, Math.round(value)))
      }
    }
  }
  return { width, height, data: changed }
}

/** @param layer what is laid over a point, and how thick, 0..1 */
export function paint(
  image: RgbImage,
  layer: (point: Point) => readonly [colour: Colour, opacity: number] | null,
): RgbImage {
  let pixel = -1
  let laid: ReturnType<typeof layer> = null
  return changePixels(image, (value, x, y, channel) => {
    if (pixel !== y * image.width + x) {
      pixel = y * image.width + x
      laid = layer([x + 0.5, y + 0.5])
    }
    return laid ? value + (laid[0][channel]! - value) * laid[1] : value
  })
}

/** What each pixel shows comes from elsewhere. */
export function movePixels(image: RgbImage, from: (x: number, y: number) => Point): RgbImage {
  let pixel = -1
  let place: Point = [0, 0]
  return changePixels(image, (_, x, y, channel) => {
    if (pixel !== y * image.width + x) {
      pixel = y * image.width + x
      place = from(x + 0.5, y + 0.5)
    }
    return readPixel(image, place, channel)
  })
}

/** What each pixel shows is the mean of the places around it that `way` says. */
export function smear(image: RgbImage, way: readonly Point[]): RgbImage {
  return changePixels(image, (_, x, y, channel) => {
    let sum = 0
    for (const [u, v] of way) sum += readPixel(image, [x + 0.5 + u, y + 0.5 + v], channel)
    return sum / way.length
  })
}

/** Between pixels; beyond the edge what is nearest. */
function readPixel({ width, height, data }: RgbImage, [x, y]: Point, channel: number): number {
  const u = Math.max(0, Math.min(width - 1.001, x - 0.5))
  const v = Math.max(0, Math.min(height - 1.001, y - 0.5))
  const [left, top] = [Math.floor(u), Math.floor(v)]
  const at = (column: number, row: number): number => data[(row * width + column) * 3 + channel]!
  const above = at(left, top) + (at(left + 1, top) - at(left, top)) * (u - left)
  const below = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * (u - left)
  return above + (below - above) * (v - top)
}

export function isWithin(outline: readonly Point[], [x, y]: Point): boolean {
  let inside = false
  for (const [i, [xi, yi]] of outline.entries()) {
    const [xj, yj] = outline.at(i - 1)!
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}
