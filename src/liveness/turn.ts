/**
 * What a turned frame shows beside the frame ahead: a head that has turned, or a picture that was tilted, bent or moved. Several
 * measures of the landmarks, which come from a network, and of the pixels themselves; each has limits (turn-limits.ts). Pure.
 */
import { directionOf, type Turn, turnBetween } from './asked-poses.ts'
import type { Frame } from './frames/frame.ts'
import { type DenseRelief, denseReliefOf } from './relief/dense-relief.ts'
import { flatResidual, reliefOf, rigidTurn } from './relief/relief.ts'

/** Distances are shares of that between the outer corners of the eyes. */
export interface TurnMeasures {
  /** How far the landmarks are from every homography of those ahead. */
  readonly flat: number
  /** How far they have moved in proportion to depth, where no bend explains it. */
  readonly relief: number
  /** How far they are from every turn of a head of the mean depth. */
  readonly misfit: number
  /** Area of the face in the turned frame, for the same distance between the eyes, as a share of that ahead. */
  readonly area: number
  /** Of the pixels. */
  readonly dense: DenseRelief
  /** By which the head has turned as asked, by its poses. */
  readonly degrees: number
}

export function measureTurn(
  ahead: Pick<Frame, 'landmarks' | 'pose' | 'chip'>,
  turned: Pick<Frame, 'landmarks' | 'pose' | 'chip'>,
  turn: Turn,
): TurnMeasures {
  const towards = directionOf(turn)
  const { degrees } = turnBetween(ahead.pose, turned.pose, turn)
  return {
    flat: flatResidual(ahead.landmarks, turned.landmarks),
    relief: reliefOf(ahead.landmarks, turned.landmarks, towards),
    ...rigidTurn(ahead.landmarks, turned.landmarks),
    dense: denseReliefOf(ahead.chip, turned.chip, towards, degrees),
    degrees,
  }
}
