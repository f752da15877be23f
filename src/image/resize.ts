/**
 * A rectangle of a photo scaled to a square, each side by its own factor, with bilinear reading and no averaging before it:
 * what OpenCV's `resize` does by default. For networks that were trained on such pictures; all others get theirs by warp. Pure.
 */
import type { RgbImage } from './rgb-image.ts'

/** Whole pixels, inside the photo. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** @returns [size, size, 3], whole numbers 0..255 */
export function resize({ width, data }: RgbImage, from: Rectangle, size: number): Float32Array {
  const square = new Float32Array(size * size * 3)
  const columns = readsAlong(from.width, size)
  let target = 0
  for (const row of readsAlong(from.height, size)) {
    const above = (from.y + row.first) * width + from.x
    const below = (from.y + row.second) * width + from.x
    for (const column of columns) {
      for (let c = 0; c < 3; c++) {
        const at = (start: number, place: number): number => data[(start + place) * 3 + c]!
        const top = mix(at(above, column.first), at(above, column.second), column.share)
        const bottom = mix(at(below, column.first), at(below, column.second), column.share)
        square[target++] = Math.round(mix(top, bottom, row.share))
      }
    }
  }
  return square
}

/** The two neighbours that a place is read between, and how much the second counts. */
interface Read {
  readonly first: number
  readonly second: number
  /** 0..1 */
  readonly share: number
}

/** Pixel centres lie at .5; beyond the first and last centre their values go on. */
function readsAlong(length: number, size: number): Read[] {
  return Array.from({ length: size }, (_, i) => {
    const place = Math.min(length - 1, Math.max(0, ((i + 0.5) * length) / size - 0.5))
    const first = Math.floor(place)
    return { first, second: Math.min(first + 1, length - 1), share: place - first }
  })
}

function mix(first: number, second: number, share: number): number {
  return first + (second - first) * share
}
