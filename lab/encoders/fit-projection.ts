/**
 * Encodings -> the projection to fewer numbers that keeps most of their squared length, and so most of what their cosines say: the
 * directions of the largest second moments (a principal component analysis about 0). Pure.
 */
import { eigenOf } from '../../src/liveness/algebra/eigenvectors.ts'

export interface Projected {
  /** [length, width] */
  readonly matrix: Float32Array
  /** Share of the squared length that is kept, 0..1. */
  readonly kept: number
}

/** @param encodings of one width, at least `length` wide. @param length of what comes out */
export function fitProjection(encodings: readonly Float32Array[], length: number): Projected {
  const width = encodings[0]!.length
  if (encodings.length < length) {
    throw new Error(`${encodings.length} photos are too few to fold to ${length} numbers`)
  }
  const { values, vectors } = eigenOf(secondMoments(encodings, width), width)
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]!)
  const total = values.reduce((sum, value) => sum + value, 0)
  const matrix = new Float32Array(length * width)
  let kept = 0
  for (const [row, from] of order.slice(0, length).entries()) {
    kept += values[from]!
    for (let i = 0; i < width; i++) matrix[row * width + i] = vectors[i * width + from]!
  }
  return { matrix, kept: kept / total }
}

/** [width, width] */
function secondMoments(encodings: readonly Float32Array[], width: number): Float64Array {
  const moments = new Float64Array(width * width)
  for (const encoding of encodings) {
    for (let i = 0; i < width; i++) {
      const value = encoding[i]!
      for (let j = 0; j <= i; j++) moments[i * width + j]! += value * encoding[j]!
    }
  }
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < i; j++) moments[j * width + i] = moments[i * width + j]!
  }
  return moments
}
