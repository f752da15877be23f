import { describe, expect, it } from 'vitest'
import { momentsOf } from '../../../src/liveness/algebra/moments.ts'
import { countUpTo, monomials, most, valueAt } from '../../../src/liveness/algebra/polynomials.ts'
import { seededRandom } from '../../support/random.ts'

const random = seededRandom(4)
/** Rows of 1, 2, 3 and more places. */
const places = Array.from({ length: 9 }, (_, row) =>
  Array.from({ length: row + 1 }, () => [2 * random() - 1, row / 5 - 0.9] as const),
).flat()
const values = monomials.map(([ofX, ofY]) =>
  Float64Array.from(places, ([x, y]) => x ** ofX * y ** ofY),
)
const numbers = () => Float64Array.from(places, () => random() - 0.5)

describe('momentsOf', () => {
  it.each([1, 2, 3, 4, 6])(
    'sums what each monomial up to power %i gives at all places',
    (power) => {
      const [left, right] = [numbers(), numbers()]
      const moments = momentsOf(values, { left, right }, power)
      expect(moments).toHaveLength(countUpTo(power))
      for (const [k, moment] of moments.entries()) {
        const sum = values[k]!.reduce((all, value, i) => all + value * left[i]! * right[i]!, 0)
        expect(moment).toBeCloseTo(sum, 12)
      }
    },
  )

  it('keeps nothing from the time before', () => {
    const ones = new Float64Array(places.length).fill(1)
    momentsOf(values, { left: numbers(), right: numbers() }, 6)
    const nothing = new Float64Array(places.length)
    expect(momentsOf(values, { left: ones, right: nothing }, 6)).toEqual(new Float64Array(28))
  })
})

it('the value of a polynomial is the sum of its terms', () => {
  const terms = Float64Array.from({ length: 2 * most }, () => random() - 0.5)
  for (const from of [0, most]) {
    for (const [i, [x, y]] of places.entries()) {
      const sum = values
        .slice(0, most)
        .reduce((all, value, k) => all + terms[from + k]! * value[i]!, 0)
      expect(valueAt(terms, from, x, y)).toBeCloseTo(sum, 12)
    }
  }
})
