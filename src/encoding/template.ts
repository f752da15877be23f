/** One encoding for a person who has several. Pure. */
import { areOfOneLength } from './encoding.ts'

/**
 * The mean of all of a person's encodings; no encoding, which is at distance NaN from all, when there is none or their lengths
 * differ. Measured on LFW it is nearer to a new photo of them, against the same false matches, than the nearest of their
 * encodings is (docs/accuracy.md).
 */
export function templateOf(encodings: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(encodings[0]?.length ?? 0)
  if (!areOfOneLength(encodings)) return mean.fill(Number.NaN)
  for (const encoding of encodings) {
    for (let i = 0; i < mean.length; i++) mean[i] += encoding[i] / encodings.length
  }
  return mean
}
