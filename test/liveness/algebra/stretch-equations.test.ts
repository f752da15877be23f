import { describe, expect, it } from 'vitest'
import { countUpTo, monomials, most, productOf } from '../../../src/liveness/algebra/polynomials.ts'
import { solveSymmetric } from '../../../src/liveness/algebra/solve-symmetric.ts'
import { stretchEquations } from '../../../src/liveness/algebra/stretch-equations.ts'
import { seededRandom } from '../../support/random.ts'

describe('the products of two terms', () => {
  it('stand among the monomials, where the list says', () => {
    expect([1, 2, 3].map(countUpTo)).toEqual([3, 6, 10])
    expect(most).toBe(10)
    expect(monomials).toHaveLength(countUpTo(6))
    for (const [one, [i, j]] of monomials.slice(0, most).entries()) {
      for (const [other, [k, l]] of monomials.slice(0, most).entries()) {
        expect(monomials[productOf[one]![other]!]).toEqual([i + k, j + l])
      }
    }
  })
})

describe('stretchEquations', () => {
  it.each([1, 2, 3] as const)(
    'find the stretch of power %i and the shift that were made',
    (degree) => {
      const random = seededRandom(degree)
      const places = Array.from(
        { length: 400 },
        () => [2 * random() - 1, 2 * random() - 1] as const,
      )
      const listOf = (value: (u: number, v: number) => number): Float64Array =>
        Float64Array.from(places, ([u, v]) => value(u, v))
      const values = monomials.map(([i, j]) => listOf((u, v) => u ** i * v ** j))
      const [x, y] = [listOf(() => random() - 0.5), listOf(() => random() - 0.5)]
      const relief = listOf((u, v) => Math.exp(-4 * (u * u + v * v)))
      const depth = x.map((slope, i) => slope * relief[i]!)
      const terms = countUpTo(degree)
      const wanted = Array.from({ length: 2 * terms + 1 }, () => random() - 0.5)
      const off = x.map((slope, i) => {
        const along = (from: number): number =>
          values.slice(0, terms).reduce((sum, list, k) => sum + wanted[from + k]! * list[i]!, 0)
        return slope * along(0) + y[i]! * along(terms) + depth[i]! * wanted[2 * terms]!
      })
      const { normal, right } = stretchEquations(values, degree, { x, y, depth, off }, true)
      const found = solveSymmetric(normal, right)
      expect(found).toHaveLength(wanted.length)
      // The solver holds back a little.
      for (const [k, value] of found.entries()) expect(value).toBeCloseTo(wanted[k]!, 1)
      const still = stretchEquations(values, degree, { x, y, depth, off }, false)
      expect(still.right).toEqual(right.slice(0, -1))
    },
  )
})
