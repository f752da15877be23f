/** The decision itself: near enough, or not. NaN is not a match. Pure. */
import type { Threshold } from './thresholds.ts'

export type Decision = 'match' | 'no_match'

/** `distance` must be in the metric and of the model that the threshold is for. */
export function decide(distance: number, { threshold }: Pick<Threshold, 'threshold'>): Decision {
  const measured = Number.isFinite(distance) && distance >= 0
  return measured && distance <= threshold ? 'match' : 'no_match'
}
