/** The decision itself: near enough, or not. Whatever is not a distance is not a match. Pure. */
import type { Calibration } from './calibration.ts'

export type Decision = 'match' | 'no_match'

/** `distance` must be in the metric and of the model that the calibration is for. */
export function decide(distance: number, calibration: Calibration): Decision {
  const measured = Number.isFinite(distance) && distance >= 0
  return measured && distance <= calibration.threshold ? 'match' : 'no_match'
}
