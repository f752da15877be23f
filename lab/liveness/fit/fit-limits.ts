/**
 * Limits for what a turned frame shows, fitted to real turns: that of the score, which weighs all measures, stands as far in as the share of refused
 * heads allows, those of the measures alone far out. One number decides, so that a curve can be drawn. Pure.
 */
import { headScore, type ScoreWeights } from '../../../src/liveness/head-score.ts'
import type { TurnMeasures } from '../../../src/liveness/turn.ts'
import { keepsWithin, type TurnLimits } from '../../../src/liveness/turn-limits.ts'

/** Share of real heads beyond the limit of each single measure, at most. */
const outer = 0.003

/** @param quantile share of real heads below the least score, 0..1 */
export function limitsAt(
  real: readonly TurnMeasures[],
  quantile: number,
  weights: ScoreWeights,
): TurnLimits {
  const low = (measure: (of: TurnMeasures) => number): number =>
    valueAt(real.map(measure), Math.min(outer, quantile))
  const high = (measure: (of: TurnMeasures) => number): number => -low((of) => -measure(of))
  return {
    leastFlat: low(({ flat }) => flat),
    leastRelief: low(({ relief }) => relief),
    mostMisfit: high(({ misfit }) => misfit),
    leastArea: low(({ area }) => area),
    mostArea: high(({ area }) => area),
    leastScore: valueAt(
      real.map((of) => headScore(of, weights)),
      quantile,
    ),
    weights,
  }
}

/** The narrowest limits that refuse no more than so many of the real heads. */
export function fitLimits(
  real: readonly TurnMeasures[],
  mostRefused: number,
  weights: ScoreWeights,
): TurnLimits {
  let [kept, low, high] = [limitsAt(real, 0, weights), 0, mostRefused]
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2
    const limits = limitsAt(real, middle, weights)
    if (refusedShare(real, limits) <= mostRefused) [kept, low] = [limits, middle]
    else high = middle
  }
  return kept
}

export function refusedShare(turns: readonly TurnMeasures[], limits: TurnLimits): number {
  return turns.filter((turn) => !keepsWithin(turn, limits)).length / turns.length
}

/** The value below which that share lies; NaN counts as lowest. */
function valueAt(values: readonly number[], share: number): number {
  const sorted = values
    .map((value) => (Number.isNaN(value) ? -Infinity : value))
    .sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}
