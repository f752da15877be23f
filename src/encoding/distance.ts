/**
 * How far two encodings are apart as they are: their L2 distance, for telling whether a network still gives the same numbers.
 * Faces are compared in a metric (metrics/metric.ts). Whatever cannot be measured (two lengths, a wrong one, NaN, an
 * overflow) gives NaN, which no threshold accepts. Pure.
 */
import { isEncodingLength } from './encoding.ts'

/** L2 distance, summed in float64; NaN when either is not an encoding, or they are of different lengths. */
export function distance(a: Float32Array, b: Float32Array): number {
  const squares = squaredDistance(a, b)
  return Number.isFinite(squares) ? Math.sqrt(squares) : Number.NaN
}

/** Differences rather than 1 - cosine, which is not 0 where two rounded directions are the same. */
export function squaredDistance(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length || !isEncodingLength(a.length)) return Number.NaN
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    const difference = a[i] - b[i]
    sum += difference * difference
  }
  return sum
}
