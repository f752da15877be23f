/**
 * How much the people enrolled crowd a probe. A rate is measured on strangers from everywhere; those of one place, age and family lie closer
 * together, and whoever is enrolled shows how close: if a probe is nearer to the others than strangers are, so is any stranger of their kind
 * to the person claimed, enrolled or not. Then the threshold is that of a rate rarer by this factor, never laxer. Pure.
 */

/** How far strangers are apart, by the model's calibration. */
export interface StrangersApart {
  /** Nearer are those of the laxest rate. */
  readonly near: number
  /** The median. */
  readonly usual: number
}

/** Others who are compared: enough to tell, and one more enrolled changes little. */
export const crowdSample = 32

/**
 * The usual distance counts as that of so many people more, so that one other decides little: at `near`, one makes the rate 1.2 times rarer.
 * Several are a crowd: two make it 6 times rarer, three 17, five 57.
 */
const priorPeople = 2
/** Up to here it is chance, as a share of the way from `usual` to `near`: the deviation of a probe's mean distance is a fifth; among few, more. */
const tolerance = 0.2
/** The rate becomes so many powers of ten rarer over the whole way; of what lies beyond the tolerance (docs/accuracy.md, "Crowded galleries"). */
const powersOfTen = 4

/**
 * By what the rate is divided; 1 where nobody else is enrolled.
 *
 * @param distances from the probe to others than the person claimed; those that are not numbers do not count
 */
export function crowdOf(distances: readonly number[], { near, usual }: StrangersApart): number {
  const known = distances.filter((distance) => !Number.isNaN(distance))
  const people = priorPeople + known.length
  // Nobody counts as nearer than `near`: a person enrolled twice, or a twin, is no crowd.
  const shares = known.map((distance) => Math.max(0, distance - near) / (usual - near))
  const mean = shares.reduce((sum, share) => sum + share, priorPeople) / people
  const tolerated = tolerance * (1 + 1 / Math.sqrt(people))
  return 10 ** (powersOfTen * Math.max(0, 1 - tolerated - mean))
}
