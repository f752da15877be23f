/** A square of a photo with a margin of its own pixels on every side. */
import type { Affine, Similarity } from '../../../src/image/similarity.ts'

/** @param margin in pixels of the square */
export function widen(square: Similarity | Affine, margin: number): Similarity | Affine {
  const { a, b, x0, y0 } = square
  const { c, d } = 'c' in square ? square : { c: -b, d: a }
  return { ...square, x0: x0 - (a + c) * margin, y0: y0 - (b + d) * margin }
}
