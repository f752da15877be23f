/**
 * Limits for what a turned frame shows, fitted to real turns: all limits stand at the same quantile of what real heads measure, as far
 * in as the share of refused heads allows. One number decides, so that a curve can be drawn and nothing is tuned to the attacks. Pure.
 */
import type { TurnMeasures } from '../../src/liveness/turn.ts'
import { keepsWithin, pictureLikeness, type TurnLimits } from '../../src/liveness/turn-limits.ts'

/** @param quantile share of real heads beyond each limit, 0..1 */
export function limitsAt(real: readonly TurnMeasures[], quantile: number): TurnLimits {
  const low = (measure: (of: TurnMeasures) => number): number =>
    valueAt(real.map(measure), quantile)
  const high = (measure: (of: TurnMeasures) => number): number =>
    -valueAt(
      real.map((of) => -measure(of)),
      quantile,
    )
  return {
    leastFlat: low(({ flat }) => flat),
    leastRelief: low(({ relief }) => relief),
    mostMisfit: high(({ misfit }) => misfit),
    leastArea: low(({ area }) => area),
    mostArea: high(({ area }) => area),
    // Strictly below this one: the next value that is refused.
    pictureAgreement: high(pictureLikeness) + 1e-6,
  }
}

/** The narrowest limits that refuse no more than so many of the real heads. */
export function fitLimits(real: readonly TurnMeasures[], mostRefused: number): TurnLimits {
  let [kept, low, high] = [limitsAt(real, 0), 0, mostRefused]
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2
    const limits = limitsAt(real, middle)
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
