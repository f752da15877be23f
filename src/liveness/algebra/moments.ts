/**
 * Sums over many places of a weight times each monomial of their x and y: row by row, since along a row y is the same, and only the
 * powers of x remain to be summed. Pure.
 */
import { countUpTo, monomials as exponents } from './polynomials.ts'

/** Powers from 0 to the highest, 6. */
const powers = 7

/** A weight is their product. */
export interface Factors {
  readonly left: Float64Array
  readonly right: Float64Array
}

/** Of one row the sums of the weights times each power of x. */
const ofRow = new Float64Array(powers)
/** Of all rows, [power of x, power of y]. */
const sums = new Float64Array(powers * powers)

/**
 * @param monomials the values of each at all places, those of one y behind each other
 * @param power highest of the monomials that are summed, 6 at most
 * @returns in the order of the monomials
 */
export function momentsOf(
  monomials: readonly Float64Array[],
  factors: Factors,
  power: number,
): Float64Array {
  const x = monomials[1]!
  const y = monomials[2]!
  const sumRow = power > 3 ? sumSixPowers : sumThreePowers
  sums.fill(0)
  for (let from = 0; from < y.length; ) {
    const height = y[from]!
    let to = from + 1
    while (to < y.length && y[to] === height) to++
    sumRow(x, factors, from, to)
    for (let ofX = 0; ofX <= power; ofX++) {
      let weight = ofRow[ofX]!
      const last = ofX * powers + power - ofX
      for (let at = ofX * powers; at <= last; at++) {
        sums[at]! += weight
        weight *= height
      }
    }
    from = to
  }
  return Float64Array.from({ length: countUpTo(power) }, (_, k) => {
    const [ofX, ofY] = exponents[k]!
    return sums[ofX * powers + ofY]!
  })
}

function sumThreePowers(x: Float64Array, { left, right }: Factors, from: number, to: number): void {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  for (let i = from; i < to; i++) {
    const at = x[i]!
    let weight = left[i]! * right[i]!
    sum0 += weight
    weight *= at
    sum1 += weight
    weight *= at
    sum2 += weight
    sum3 += weight * at
  }
  ofRow[0] = sum0
  ofRow[1] = sum1
  ofRow[2] = sum2
  ofRow[3] = sum3
}

function sumSixPowers(x: Float64Array, { left, right }: Factors, from: number, to: number): void {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let sum4 = 0
  let sum5 = 0
  let sum6 = 0
  for (let i = from; i < to; i++) {
    const at = x[i]!
    let weight = left[i]! * right[i]!
    sum0 += weight
    weight *= at
    sum1 += weight
    weight *= at
    sum2 += weight
    weight *= at
    sum3 += weight
    weight *= at
    sum4 += weight
    weight *= at
    sum5 += weight
    sum6 += weight * at
  }
  ofRow[0] = sum0
  ofRow[1] = sum1
  ofRow[2] = sum2
  ofRow[3] = sum3
  ofRow[4] = sum4
  ofRow[5] = sum5
  ofRow[6] = sum6
}
