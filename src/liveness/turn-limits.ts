/**
 * Whether what a turned frame shows is a head: the limits of its measures, one list for each kind of turn. Fitted by `npm run lab --
 * liveness`, which says what they let through and whom they refuse (docs/liveness.md). Pure.
 */
import { isSideways, type Turn } from './asked-poses.ts'
import { headScore, type ScoreWeights } from './head-score.ts'
import type { TurnMeasures } from './turn.ts'
import fitted from './turn-limits.json' with { type: 'json' }

export interface TurnLimits {
  /** Of each measure alone, so far out that hardly a head is there. */
  readonly leastFlat: number
  readonly leastRelief: number
  readonly mostMisfit: number
  readonly leastArea: number
  readonly mostArea: number
  /** Of all together. */
  readonly leastScore: number
  readonly weights: ScoreWeights
}

export const sideLimits: TurnLimits = fitted.side
/** Looking up and down moves the nose less against the rest, so that less can be asked for. */
export const nodLimits: TurnLimits = fitted.nod

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
    headScore(measures, limits.weights) >= limits.leastScore
  )
}

/** Agreement of the pixels from which on two frames are of one take. */
const oneTake = 0.8
/** They must then have moved in proportion to depth by this share of what the turn asks for, at least. */
const leastShare = 0.25

/** Whether the pixels lie over each other as those of one head before one camera do. */
export function areOneTake({ dense, degrees }: Pick<TurnMeasures, 'dense' | 'degrees'>): boolean {
  const expected = Math.sin((degrees * Math.PI) / 180)
  return dense.relief >= leastShare * expected && dense.agreement >= oneTake
}
