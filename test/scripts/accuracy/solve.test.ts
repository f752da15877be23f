import { describe, expect, it } from 'vitest'
import { ridgeRegression } from '../../../scripts/accuracy/solve.ts'
import { SeededRandom } from '../../../src/learning/seeded-random.ts'

describe('ridgeRegression', () => {
  it('solves a system by hand: points (0, 1), (1, 3), (2, 5) and a ridge of 1', () => {
    // [3 3; 3 5 + 1] w = [9; 13].
    const rows = [0, 1, 2].map((x) => Float64Array.of(1, x))
    const [constant, slope] = ridgeRegression(rows, [1, 3, 5], 1)
    expect(constant).toBeCloseTo(5 / 3, 12)
    expect(slope).toBeCloseTo(4 / 3, 12)
  })

  it('finds the weights that made the targets, but for a tiny ridge', () => {
    const random = new SeededRandom(3)
    const weights = [0.5, -2, 3, 0.25]
    const rows = Array.from({ length: 50 }, () =>
      Float64Array.from(weights, (_, i) => (i === 0 ? 1 : random.normal())),
    )
    const targets = rows.map((row) => row.reduce((sum, x, i) => sum + x * weights[i], 0))
    const found = ridgeRegression(rows, targets, 1e-9)
    for (const [i, weight] of weights.entries()) expect(found[i]).toBeCloseTo(weight, 7)
  })

  it('a large ridge leaves the constant alone, which becomes the mean', () => {
    const rows = [-1, 0, 1].map((x) => Float64Array.of(1, x))
    const [constant, slope] = ridgeRegression(rows, [10, 20, 60], 1e9)
    expect(constant).toBeCloseTo(30, 6)
    expect(slope).toBeCloseTo(0, 6)
  })

  it('refuses rows that do not fix the constant', () => {
    const rows = [Float64Array.of(0, 1), Float64Array.of(0, 2)]
    expect(() => ridgeRegression(rows, [1, 2], 1)).toThrow('the rows do not fix the weights')
  })

  it('refuses two equal columns without a ridge', () => {
    const rows = [1, -1, 1, -1].map((x) => Float64Array.of(1, x, x))
    expect(() => ridgeRegression(rows, [1, 2, 3, 4], 0)).toThrow('the rows do not fix the weights')
  })
})
