/**
 * A face that is not near enough is looked at once more, in another frame, and the nearer of the two looks counts. Thresholds are
 * measured for the nearer one, of strangers too, so no rate rises by it. Whoever does not match costs both looks, so how long
 * an answer takes says no more than the answer. Pure.
 */
import { decide } from './decide.ts'
import type { Threshold } from './thresholds.ts'

/** A face that is to be compared. */
export interface SeenFace {
  readonly encoding: Float32Array
  /** Encoding of the second look, worked out when it is asked for; absent where a face is looked at once. */
  readonly lookAgain?: () => Float32Array
}

/** The look that counts. */
export interface Look {
  readonly encoding: Float32Array
  readonly distance: number
}

export function nearerLook(
  { encoding, lookAgain }: SeenFace,
  distanceTo: (encoding: Float32Array) => number,
  threshold: Pick<Threshold, 'threshold'>,
): Look {
  const first = { encoding, distance: distanceTo(encoding) }
  if (lookAgain === undefined || decide(first.distance, threshold) === 'match') return first
  const again = lookAgain()
  const second = { encoding: again, distance: distanceTo(again) }
  return second.distance < first.distance ? second : first
}

/** The distance of two photos, both of which are looked at once more, so that their order has no effect. */
export function nearerPair(
  left: SeenFace,
  right: SeenFace,
  between: (left: Float32Array, right: Float32Array) => number,
  threshold: Pick<Threshold, 'threshold'>,
): number {
  const first = between(left.encoding, right.encoding)
  if (decide(first, threshold) === 'match' || !left.lookAgain || !right.lookAgain) return first
  return Math.min(first, between(left.lookAgain(), right.lookAgain()))
}
