import { describe, expect, it } from 'vitest'
import { eigenOf, smallestEigenvector } from '../../../src/liveness/algebra/eigenvectors.ts'
import { randomNumbers } from '../../support/random.ts'

const width = 9
/** Sums of products of random vectors: symmetric, with eigenvalues far apart. */
const symmetric = (() => {
  const matrix = new Float64Array(width * width)
  for (let k = 0; k < 14; k++) {
    const vector = randomNumbers(width, k + 1)
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) matrix[i * width + j]! += vector[i]! * vector[j]! * (k + 1)
    }
  }
  return matrix
})()

const times = (matrix: Float64Array, vector: ArrayLike<number>): number[] =>
  Array.from({ length: width }, (_, i) =>
    Array.from(vector).reduce((sum, value, j) => sum + matrix[i * width + j]! * value, 0),
  )

describe('eigenOf', () => {
  const before = symmetric.slice()
  const { values, vectors } = eigenOf(symmetric, width)
  const column = (k: number) => Array.from({ length: width }, (_, i) => vectors[i * width + k]!)

  it('finds vectors that the matrix only makes longer, by their values', () => {
    for (let k = 0; k < width; k++) {
      times(symmetric, column(k)).forEach((value, i) => {
        expect(value).toBeCloseTo(values[k]! * column(k)[i]!, 9)
      })
    }
    const trace = Array.from({ length: width }, (_, i) => symmetric[i * width + i]!)
    const sum = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((all, of) => all + of, 0)
    expect(sum(values)).toBeCloseTo(sum(trace), 9)
  })

  it('gives them a length of 1, at right angles, and leaves the matrix as it was', () => {
    for (let k = 0; k < width; k++) {
      for (let l = 0; l < width; l++) {
        const product = column(k).reduce((sum, value, i) => sum + value * column(l)[i]!, 0)
        expect(product).toBeCloseTo(k === l ? 1 : 0, 12)
      }
    }
    expect(symmetric).toEqual(before)
  })

  it('ends with NaN where the matrix has one', () => {
    const broken = symmetric.with(3, Number.NaN).with(3 * width, Number.NaN)
    expect(eigenOf(broken, width).values).toHaveLength(width)
  })
})

it('the smallest eigenvector is the direction in which nothing lies', () => {
  // All rows lie in the plane x + 2 y - 2 z = 0.
  const rows = [
    [2, 0, 1],
    [0, 1, 1],
    [2, -2, -1],
  ]
  const matrix = Float64Array.from({ length: 9 }, (_, at) =>
    rows.reduce((sum, row) => sum + row[Math.floor(at / 3)]! * row[at % 3]!, 0),
  )
  const [x, y, z] = smallestEigenvector(matrix, 3)
  const sign = Math.sign(x!)
  expect(sign * x!).toBeCloseTo(1 / 3, 12)
  expect(sign * y!).toBeCloseTo(2 / 3, 12)
  expect(sign * z!).toBeCloseTo(-2 / 3, 12)
})
