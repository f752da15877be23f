/** Polynomials of two variables, of the third power at most, and the products of two of them. Pure. */

const highest = 3

/** Products of powers of x and y, those of a lower power together first. */
export const monomials: readonly (readonly [ofX: number, ofY: number])[] = Array.from(
  { length: 2 * highest + 1 },
  (_, power) => Array.from({ length: power + 1 }, (_, i) => [power - i, i] as const),
).flat()

/** How many of them have so high a power together, or a lower one: a polynomial of that power has as many terms. */
export function countUpTo(power: number): number {
  return ((power + 1) * (power + 2)) / 2
}

/** Terms of a polynomial of the third power. */
export const most = countUpTo(highest)

const terms = monomials.slice(0, most)

/** Of two terms, where their product stands among the monomials. */
export const productOf: readonly (readonly number[])[] = terms.map(([i, j]) =>
  terms.map(([k, l]) => countUpTo(i + j + k + l - 1) + j + l),
)

/** A polynomial of the third power at a place. @param c its terms, the first one at `from` */
export function valueAt(c: Float64Array, from: number, x: number, y: number): number {
  const ofX = c[from + 1]! + x * (c[from + 3]! + x * c[from + 6]!)
  const ofBoth = c[from + 4]! + x * c[from + 7]! + y * c[from + 8]!
  const ofY = c[from + 2]! + y * (c[from + 5]! + y * c[from + 9]!)
  return c[from]! + x * (ofX + y * ofBoth) + y * ofY
}
