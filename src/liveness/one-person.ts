/**
 * Whether the frames of a sequence show one person. A face that turns away from the camera is farther from itself than one that stays, so each
 * frame may be as far from the first one as a laxer rate allows; in the mean the turned ones must be as near as the strict rate asks.
 * So a head that turned is known again, and somebody else who turned in its place is not. Pure.
 */
import { type AskedPose, isTurn } from './asked-poses.ts'

/** Distances up to which photos are of one person. */
export interface PersonLimits {
  readonly each: number
  /** Of all turned frames. */
  readonly mean: number
}

/** @param distances of each frame from the first; NaN is near nothing */
export function showOnePerson(
  asked: readonly AskedPose[],
  distances: readonly number[],
  { each, mean }: PersonLimits,
): boolean {
  if (!distances.every((distance) => distance <= each)) return false
  // A nearer frame is as near as a copy of the first one, and would make room for another face.
  const turned = distances.filter((_, i) => isTurn(asked[i]!))
  const sum = turned.reduce((all, distance) => all + distance, 0)
  return turned.length === 0 || sum / turned.length <= mean
}
