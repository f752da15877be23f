/**
 * How well a picture is in focus: how much fine detail there is, relative to the contrast, so that a dark or pale photo does not count as
 * blurred. Detail finer than the encoder uses does not count. Pure.
 */
import { toLuma } from '../image/luma.ts'

/** Side of the squares of pixels that count as one. */
const coarse = 3

export interface Focus {
  /** Variance of the four-neighbour Laplacian over that of the luma; 0 for one plain tone, 20 for noise. */
  readonly detail: number
  /** Deviation of the luma, 0..255. */
  readonly deviation: number
}

/**
 * Of the middle of a square, half of its side: in a chip that is where the face is.
 *
 * @param luma [size, size], 0..255
 */
export function focusOfCentre(luma: Float32Array, size: number): Focus {
  const side = Math.floor(size / coarse)
  const from = Math.round(side * 0.25)
  const to = side - from
  const means = shrink(luma, size, side, from - 1, to + 1)
  const laplacians: number[] = []
  const lumas: number[] = []
  for (let row = from; row < to; row++) {
    for (let i = row * side + from; i < row * side + to; i++) {
      const around = means[i - side]! + means[i + side]! + means[i - 1]! + means[i + 1]!
      laplacians.push(around - 4 * means[i]!)
      lumas.push(means[i]!)
    }
  }
  const contrast = varianceOf(lumas)
  // Rounding leaves a plain tone a hair above 0.
  const detail = contrast > 1e-6 ? varianceOf(laplacians) / contrast : 0
  return { detail, deviation: Math.sqrt(contrast) }
}

/** @param picture [pixels, 3], 0..255 @returns [pixels], 0..255 */
export function lumaOf(picture: Float32Array): Float32Array {
  const luma = new Float32Array(picture.length / 3)
  for (let i = 0; i < luma.length; i++) {
    luma[i] = toLuma(picture[3 * i]!, picture[3 * i + 1]!, picture[3 * i + 2]!)
  }
  return luma
}

/**
 * Means of squares of pixels; what does not fill one is left out.
 *
 * @param first row and column of squares that is wanted, up to `end`; others stay 0
 */
function shrink(
  luma: Float32Array,
  from: number,
  to: number,
  first: number,
  end: number,
): Float32Array {
  const means = new Float32Array(to * to)
  for (let row = first; row < end; row++) {
    for (let column = first; column < end; column++) {
      const square = row * to + column
      for (let y = row * coarse; y < (row + 1) * coarse; y++) {
        for (let i = y * from + column * coarse; i < y * from + (column + 1) * coarse; i++) {
          means[square]! += luma[i]! / coarse ** 2
        }
      }
    }
  }
  return means
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
}
