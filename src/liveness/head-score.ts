/**
 * All that a turned frame shows beside the frame ahead, weighed together: how much more a head moves like this than a picture does. A
 * logistic regression of a few measures and their squares (`npm run lab -- liveness` fits it). A photo bent round a head is like a head
 * by each measure alone, in some frames; by all of them together it seldom is. Pure.
 */
import type { TurnMeasures } from './turn.ts'

/** For each of `featuresOf` how it is scaled, and its weight and that of its square. */
export interface ScoreWeights {
  readonly constant: number
  readonly features: readonly FeatureWeights[]
}

export interface FeatureWeights {
  readonly middle: number
  readonly spread: number
  readonly linear: number
  readonly square: number
}

/** Spreads from the middle from which on a feature counts no more. */
const farthest = 3
/** Area below which a face is as good as gone. */
const leastArea = 0.05
/** Shares of the turn between which a shift in proportion to depth says something; beyond, nothing was found. */
const shares = { least: -1, most: 1.5, full: 0.6 } as const
/** Agreement up to which pixels do not lie over each other at all. */
const disagreeing = 0.6

/** What the landmarks and pixels of a head do grows with the sine of its turn. */
export function featuresOf({ flat, relief, misfit, area, dense, degrees }: TurnMeasures): number[] {
  const sine = Math.sin((degrees * Math.PI) / 180)
  const share = clamp(dense.relief / sine, shares.least, shares.most)
  const agreement = Math.max(dense.agreement, dense.flatAgreement)
  return [
    flat / sine,
    relief / sine,
    misfit / sine,
    Math.log(Math.max(area, leastArea)),
    share,
    agreement,
    // A shift is found for certain only where the pixels agree.
    Math.max(0, agreement - disagreeing) * Math.min(share, shares.full),
    degrees,
  ]
}

/** NaN for measures that are. */
export function headScore(measures: TurnMeasures, { constant, features }: ScoreWeights): number {
  return termsOf(measures, features).reduce(
    (sum, [term, squared], i) => sum + features[i]!.linear * term + features[i]!.square * squared,
    constant,
  )
}

/** Scaled, and squared. */
export function termsOf(
  measures: TurnMeasures,
  scales: readonly Pick<FeatureWeights, 'middle' | 'spread'>[],
): (readonly [number, number])[] {
  return featuresOf(measures).map((value, i) => {
    const { middle, spread } = scales[i]!
    const term = clamp((value - middle) / spread, -farthest, farthest)
    return [term, term * term] as const
  })
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
