/** The places of the inner face at which two chips are compared, with all that does not depend on the chips. Pure. */
import { monomials } from '../algebra/polynomials.ts'
import { chipReach, chipSide } from '../frames/face-chip.ts'
import { headDepthAt } from '../frames/mean-head.ts'

const margin = 3
const toPixels = chipSide / (2 * chipReach)

/** Places of the chip, one behind the other in each list. */
export interface Sites {
  readonly count: number
  readonly x: Float64Array
  readonly y: Float64Array
  /** Of the pixel in the chip. */
  readonly at: Int32Array
  /** Values of each at all places, which lie between -1 and 1. */
  readonly monomials: readonly Float64Array[]
  /** Depth, in pixels. */
  readonly depth: Float64Array
}

/** Of an oval between brows and chin one pixel in `every`. */
export function placeSites(every: number): Sites {
  const places: { x: number; y: number; u: number; v: number }[] = []
  for (let y = margin; y < chipSide - margin; y++) {
    for (let x = margin; x < chipSide - margin; x++) {
      if ((x + 3 * y) % every !== 0) continue
      const u = ((x + 0.5) / chipSide) * 2 - 1
      const v = ((y + 0.5) / chipSide) * 2 - 1
      if ((u / 0.8) ** 2 + ((v - 0.02) / 0.88) ** 2 <= 1) places.push({ x, y, u, v })
    }
  }
  const listOf = (value: (place: (typeof places)[number]) => number): Float64Array =>
    Float64Array.from(places, value)
  return {
    count: places.length,
    x: listOf(({ x }) => x),
    y: listOf(({ y }) => y),
    at: Int32Array.from(places, ({ x, y }) => y * chipSide + x),
    monomials: monomials.map(([i, j]) => listOf(({ u, v }) => u ** i * v ** j)),
    depth: listOf(({ u, v }) => headDepthAt(u * chipReach, v * chipReach) * toPixels),
  }
}
