/**
 * The normal equations of the smooth stretch, and of the shift in proportion to depth, that bring one picture nearest to another: a step of
 * Gauss-Newton. Products of two terms are monomials too, so that a few sums (moments.ts) make up the whole matrix. Pure.
 */
import { momentsOf } from './moments.ts'
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
 * @param monomials the values of each at all places, those of one y behind each other
 * @param degree of the stretch
 */
export function stretchEquations(
  monomials: readonly Float64Array[],
  degree: 1 | 2 | 3,
  { x, y, depth, off }: Slopes,
  withDepth: boolean,
): Equations {
  const terms = countUpTo(degree)
  const last = 2 * terms
  const size = withDepth ? last + 1 : last
  const [normal, right] = [new Float64Array(size * size), new Float64Array(size)]
  const momentsBy = (left: Float64Array, right: Float64Array, power: number): Float64Array =>
    momentsOf(monomials, { left, right }, power)
  const [xx, xy, yy] = [
    momentsBy(x, x, 2 * degree),
    momentsBy(x, y, 2 * degree),
    momentsBy(y, y, 2 * degree),
  ]
  for (let k = 0; k < terms; k++) {
    for (let j = 0; j < terms; j++) {
      const product = productOf[k]![j]!
      normal[k * size + j] = xx[product]!
      normal[(terms + k) * size + j] = xy[product]!
      normal[(terms + k) * size + terms + j] = yy[product]!
    }
  }
  right.set(momentsBy(x, off, degree))
  right.set(momentsBy(y, off, degree), terms)
  if (withDepth) {
    right[last] = sumOfProducts(depth, off)
    normal.set(momentsBy(x, depth, degree), last * size)
    normal.set(momentsBy(y, depth, degree), last * size + terms)
    normal[last * size + last] = sumOfProducts(depth, depth)
  }
  return { normal, right }
}

function sumOfProducts(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!
  return sum
}
