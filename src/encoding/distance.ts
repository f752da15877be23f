/**
 * What an encoding is, and how far two are apart as they are: their L2 distance, for telling whether a network still gives
 * the same numbers. Faces are compared by metric.ts. Whatever cannot be measured (a wrong length, NaN, an overflow) gives
 * NaN, which no threshold accepts. Pure.
 */

/** Numbers in an encoding, whatever the network. */
export const encodingLength = 128

/** True for what a network gives for a face: 128 finite numbers that are not all zero. */
export function isUsableEncoding(encoding: Float32Array): boolean {
  if (encoding.length !== encodingLength) return false
  // A broken forward pass gives zeros, and two of those would be at distance 0.
  return encoding.every(Number.isFinite) && encoding.some((value) => value !== 0)
}

/** L2 distance, summed in float64; NaN when either is not an encoding. */
export function distance(a: Float32Array, b: Float32Array): number {
  if (a.length !== encodingLength || b.length !== encodingLength) return Number.NaN
  let sum = 0
  for (let i = 0; i < encodingLength; i++) {
    const difference = a[i] - b[i]
    sum += difference * difference
  }
  return Number.isFinite(sum) ? Math.sqrt(sum) : Number.NaN
}
