/**
 * How far the numbers of a face's picture are from those that photos of faces usually have: to which side, and how far at all, since what
 * covers a face may be brighter or darker than skin, smoother or busier, but is seldom like it. What is farther off than any photo of
 * a face counts no more for it. Pure.
 */

/** Of photos that are fit to be compared, number by number. */
export interface Usual {
  readonly means: Float32Array
  readonly deviations: Float32Array
}

/** In deviations. */
const farthest = 8

/** Every number's distance with its sign, then every one's without. */
export function offUsual(features: Float32Array, { means, deviations }: Usual): Float32Array {
  const size = features.length
  const off = new Float32Array(2 * size)
  for (let i = 0; i < size; i++) {
    const distance = (features[i]! - means[i]!) / deviations[i]!
    off[i] = Math.max(-farthest, Math.min(farthest, distance))
    off[size + i] = Math.abs(off[i]!)
  }
  return off
}
