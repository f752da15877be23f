/**
 * The decision among everybody: the nearest person when near enough, unless a second person is so near that the order of the
 * two says little. If nobody is near enough, nobody is named: the nearest stranger is not a guess. Pure.
 */
import type { RankedPerson } from '../gallery/search/gallery.ts'
import { decide } from './decide.ts'
import { type Held, heldTo } from './doubt.ts'
import type { Threshold } from './thresholds.ts'

export type DecisionAmong = 'match' | 'no_match' | 'ambiguous'

export interface RankedDecision<T> {
  readonly decision: DecisionAmong
  /** People that the caller may see, nearest first; the first is the match. Empty without a match. */
  readonly named: readonly Pick<RankedPerson, 'identity' | 'distance'>[]
  /** What the match was held against; without one, what somebody would be of whose photos nothing is known. */
  readonly threshold: T
}

/**
 * How much nearer than the second person the first must be, as a share of the threshold: it has no unit, and so holds in
 * every metric that is linear, calibrated or not. An eleventh is what the thresholds of dlib-resnet shrink by when the
 * false-match rate becomes ten times smaller (0.4428, 0.4016, 0.3675: by 9.3 % and 8.5 %). A smaller difference means
 * that chance explains the second person less than ten times as easily as the first.
 */
export const ambiguityShare = 1 / 11

/** A person farther away than this can neither match nor make a match ambiguous. */
export function farthestOfInterest({ threshold }: Pick<Threshold, 'threshold'>): number {
  return threshold * (1 + ambiguityShare)
}

/**
 * @param ranked one entry a person, nearest first, at least all within `farthestOfInterest` or the nearest two of them
 * @param sound for a sound probe; how far the second must be behind does not shrink where the first must be nearer
 */
export function decideAmong<T extends Pick<Threshold, 'threshold'>>(
  ranked: readonly RankedPerson[],
  sound: T,
  probe: Omit<Held, 'enrolledSuspicion'> = {},
): RankedDecision<T> {
  const [first, second] = ranked
  const thresholdFor = (person: RankedPerson | undefined): T =>
    heldTo(sound, { ...probe, enrolledSuspicion: person?.suspicion })
  const isNear = (person: RankedPerson): boolean =>
    decide(person.distance, thresholdFor(person)) === 'match'
  // What somebody who is not named would be held against says nothing of whether they are there.
  if (first === undefined || !isNear(first)) {
    return { decision: 'no_match', named: [], threshold: thresholdFor(undefined) }
  }
  const margin = sound.threshold * ambiguityShare
  const isRival = ({ distance }: RankedPerson): boolean => !(distance - first.distance >= margin)
  const decision = second !== undefined && isRival(second) ? 'ambiguous' : 'match'
  const named = ranked
    .filter((person) => isNear(person) || isRival(person))
    .map(({ identity, distance }) => ({ identity, distance }))
  return { decision, named, threshold: thresholdFor(first) }
}
