/** The places of the inner face at which two chips are compared, with all that does not depend on the chips. Pure. */
import { chipReach, chipSide } from './face-chip.ts'
import { headDepthAt } from './mean-head.ts'

const margin = 3
const toPixels = chipSide / (2 * chipReach)

/** Of the smooth stretch: powers of x and y up to the third together, lower ones first. */
const powers = [0, 1, 2, 3].flatMap((total) =>
  Array.from({ length: total + 1 }, (_, i) => [total - i, i] as const),
)
export const countOf = { 1: 3, 2: 6, 3: 10 } as const
export const most = powers.length
export const allPairs = (most * (most + 1)) / 2

/** Places of the chip, one behind the other in each list. */
export interface Sites {
  readonly count: number
  readonly x: Float64Array
  readonly y: Float64Array
  /** Values of the powers, as many as there are for each place. */
  readonly basis: Float64Array
  /** Products of two powers each, the later one counting first, as the lower half of a matrix has them. */
  readonly products: Float64Array
  /** Depth, in pixels. */
  readonly depth: Float64Array
}

/** Of an oval between brows and chin one pixel in `every`. */
export function placeSites(every: number): Sites {
  const [xs, ys, basis, products, depths]: number[][] = [[], [], [], [], []]
  for (let y = margin; y < chipSide - margin; y++) {
    for (let x = margin; x < chipSide - margin; x++) {
      if ((x + 3 * y) % every !== 0) continue
      const u = ((x + 0.5) / chipSide) * 2 - 1
      const v = ((y + 0.5) / chipSide) * 2 - 1
      if ((u / 0.8) ** 2 + ((v - 0.02) / 0.88) ** 2 > 1) continue
      xs!.push(x)
      ys!.push(y)
      const own = powers.map(([i, j]) => u ** i * v ** j)
      basis!.push(...own)
      products!.push(
        ...own.flatMap((later, k) => own.slice(0, k + 1).map((other) => later * other)),
      )
      depths!.push(headDepthAt(u * chipReach, v * chipReach) * toPixels)
    }
  }
  return {
    count: xs!.length,
    x: Float64Array.from(xs!),
    y: Float64Array.from(ys!),
    basis: Float64Array.from(basis!),
    products: Float64Array.from(products!),
    depth: Float64Array.from(depths!),
  }
}
