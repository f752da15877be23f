/**
 * Whether what a turned frame shows is a head: the limits of its measures, one list for each kind of turn. Fitted on photos of LFW by
 * `npm run lab -- liveness`, which says what they let through and whom they refuse (docs/liveness.md). Pure.
 */
import { isSideways, type Turn } from './asked-poses.ts'
import type { TurnMeasures } from './turn.ts'

export interface TurnLimits {
  readonly leastFlat: number
  readonly leastRelief: number
  readonly mostMisfit: number
  readonly leastArea: number
  readonly mostArea: number
  /** From this agreement on, of pixels under a smooth stretch, the two frames may be one picture. */
  readonly pictureAgreement: number
}

/** Pixels that agree as one picture would must have moved so far in proportion to depth. */
export const leastDenseRelief = 0.08

export const sideLimits: TurnLimits = {
  leastFlat: 0.043,
  leastRelief: 0.165,
  mostMisfit: 0.062,
  leastArea: 0.905,
  mostArea: 1.252,
  pictureAgreement: 0.822,
}

/** Looking up and down moves the nose less against the rest, so that less can be asked for. */
export const nodLimits: TurnLimits = {
  leastFlat: 0.053,
  leastRelief: 0.025,
  mostMisfit: 0.053,
  leastArea: 0.763,
  mostArea: 1.201,
  pictureAgreement: 0.853,
}

export function showsHead(measures: TurnMeasures, turn: Turn): boolean {
  return keepsWithin(measures, isSideways(turn) ? sideLimits : nodLimits)
}

/** NaN keeps within nothing. */
export function keepsWithin(measures: TurnMeasures, limits: TurnLimits): boolean {
  const { flat, relief, misfit, area } = measures
  return (
    flat >= limits.leastFlat &&
    relief >= limits.leastRelief &&
    misfit <= limits.mostMisfit &&
    area >= limits.leastArea &&
    area <= limits.mostArea &&
    pictureLikeness(measures) < limits.pictureAgreement
  )
}

/** Agreement of the pixels from which on two frames are of one take. */
const oneTake = 0.8

/** Whether the pixels lie over each other as those of one head before one camera do. */
export function areOneTake({ dense }: Pick<TurnMeasures, 'dense'>): boolean {
  return dense.relief >= leastDenseRelief && dense.agreement >= oneTake
}

/** How much like one picture the pixels of both frames are: their agreement, unless they moved as those of a head. */
export function pictureLikeness({ dense }: Pick<TurnMeasures, 'dense'>): number {
  return dense.relief >= leastDenseRelief ? -1 : dense.flatAgreement
}
