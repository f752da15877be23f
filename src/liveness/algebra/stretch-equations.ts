/**
 * The normal equations of the smooth stretch, and of the shift in proportion to depth, that bring one picture nearest to another: a step of
 * Gauss-Newton. Products of two terms are monomials too, so that a few sums make up the whole matrix. Pure.
 */
import { countUpTo, productOf } from './polynomials.ts'

/** What each place says; 0 throughout where nothing is seen. */
export interface Slopes {
  /** How the picture changes along x and y. */
  readonly x: Float64Array
  readonly y: Float64Array
  /** How it changes along the shift. */
  readonly depth: Float64Array
  /** By how much it is off. */
  readonly off: Float64Array
}

export interface Equations {
  /** Lower half, row by row: the terms along x, those along y, and the shift if there is one. */
  readonly normal: Float64Array
  readonly right: Float64Array
}

/**
 * @param monomials the values of each at all places
 * @param degree of the stretch
 */
export function stretchEquations(
  monomials: readonly Float64Array[],
  degree: 1 | 2 | 3,
  slopes: Slopes,
  withDepth: boolean,
): Equations {
  const terms = countUpTo(degree)
  const last = 2 * terms
  const size = withDepth ? last + 1 : last
  const [normal, right] = [new Float64Array(size * size), new Float64Array(size)]
  const squares = monomials
    .slice(0, countUpTo(2 * degree))
    .map((values) => squaresOf(values, slopes))
  for (let k = 0; k < terms; k++) {
    for (let j = 0; j < terms; j++) {
      const [xx, xy, yy] = squares[productOf[k]![j]!]!
      normal[k * size + j] = xx
      normal[(terms + k) * size + j] = xy
      normal[(terms + k) * size + terms + j] = yy
    }
    const { offX, offY, depthX, depthY } = sidesOf(monomials[k]!, slopes)
    right[k] = offX
    right[terms + k] = offY
    if (!withDepth) continue
    normal[last * size + k] = depthX
    normal[last * size + terms + k] = depthY
  }
  if (withDepth) {
    const { depth, off } = slopes
    right[last] = dot(depth, off)
    normal[last * size + last] = dot(depth, depth)
  }
  return { normal, right }
}

function squaresOf(
  values: Float64Array,
  { x, y }: Slopes,
): readonly [xx: number, xy: number, yy: number] {
  let xx = 0
  let xy = 0
  let yy = 0
  for (let i = 0; i < values.length; i++) {
    const vx = values[i]! * x[i]!
    const vy = values[i]! * y[i]!
    xx += vx * x[i]!
    xy += vx * y[i]!
    yy += vy * y[i]!
  }
  return [xx, xy, yy]
}

function sidesOf(values: Float64Array, { x, y, off, depth }: Slopes) {
  let offX = 0
  let offY = 0
  let depthX = 0
  let depthY = 0
  for (let i = 0; i < values.length; i++) {
    const vx = values[i]! * x[i]!
    const vy = values[i]! * y[i]!
    offX += vx * off[i]!
    offY += vy * off[i]!
    depthX += vx * depth[i]!
    depthY += vy * depth[i]!
  }
  return { offX, offY, depthX, depthY }
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!
  return sum
}
