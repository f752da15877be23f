import { describe, expect, it } from 'vitest'
import { randomNumbers } from '../../../test/support/random.ts'
import { fitProjection } from '../../encoders/fit-projection.ts'

/** Vectors of 12 numbers that lie in 3 directions but for a little noise. */
const vectors = Array.from({ length: 200 }, (_, i) => {
  const [a, b, c] = randomNumbers(3, i + 1)
  const noise = randomNumbers(12, i + 1000)
  return Float32Array.from(noise, (value, k) => value * 0.01 + [a!, b!, c!][k % 3]! * (1 + k))
})

const product = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0)

describe('a projection', () => {
  const { matrix, kept } = fitProjection(vectors, 3)
  const project = (vector: Float32Array): number[] =>
    [0, 1, 2].map((row) => product(matrix.subarray(row * 12, (row + 1) * 12), vector))

  it('keeps products of vectors that lie in as many directions as it has rows', () => {
    expect(kept).toBeGreaterThan(0.9999)
    for (const i of [0, 50, 120]) {
      const wanted = product(vectors[i]!, vectors[i + 1]!)
      expect(product(project(vectors[i]!), project(vectors[i + 1]!))).toBeCloseTo(wanted, 1)
    }
  })

  it('has rows of length 1 at right angles', () => {
    for (const a of [0, 1, 2]) {
      for (const b of [0, 1, 2]) {
        const rows = [a, b].map((row) => matrix.subarray(row * 12, (row + 1) * 12))
        expect(product(rows[0]!, rows[1]!)).toBeCloseTo(a === b ? 1 : 0, 5)
      }
    }
  })

  it('loses what fewer rows cannot hold', () => {
    expect(fitProjection(vectors, 1).kept).toBeLessThan(0.9)
  })

  it('is refused with fewer photos than numbers', () => {
    expect(() => fitProjection(vectors.slice(0, 2), 3)).toThrow(
      '2 photos are too few to fold to 3 numbers',
    )
  })
})
