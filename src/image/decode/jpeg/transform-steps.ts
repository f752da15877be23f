/**
 * What the coefficients of a block are multiplied by before they are transformed: the step of each, and the scale that the transform of
 * Arai, Agui and Nakajima leaves out. Pure.
 */
import { inRows } from './file/zigzag.ts'

/** Of rows and columns: the root of two times cos(k pi / 16), 1 for k = 0. */
const scales = Array.from({ length: 8 }, (_, k) =>
  k === 0 ? 1 : Math.SQRT2 * Math.cos((k * Math.PI) / 16),
)

/**
 * @param table steps in the order in which coefficients come
 * @param size samples across and down that a block becomes: 8, or fewer of the lowest frequencies
 * @returns [64], in rows
 */
export function transformSteps(table: Uint16Array, size: number): Float32Array {
  const steps = new Float32Array(64)
  inRows(table).forEach((step, i) => {
    const scale = size === 8 ? scales[i >> 3]! * scales[i & 7]! : 1
    steps[i] = (step * scale) / 8
  })
  return steps
}
