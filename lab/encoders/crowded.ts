/**
 * How often strangers match who both are in the most crowded tenth of the faces, by the metric's own crowding: a rate is an average over
 * strangers of all kinds, and this is what it becomes where faces look alike. Pure.
 */
import { distanceBetween, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import { crowdedShare } from '../accuracy/fit-weight.ts'
import type { EvaluationSet } from '../accuracy/measure.ts'

export interface CrowdedRate {
  readonly fmr: number
  readonly crowdedFmr: number
}

/** At the thresholds that each set was given. */
export function crowdedRates(sets: readonly EvaluationSet[]): CrowdedRate[] {
  const rates = sets[0]?.thresholds.map(({ fmr }) => fmr) ?? []
  const counted = sets.map((set) => {
    const { metric, faces } = set
    const enrolled = mostCrowded(
      faces.map((face) => ({ face, ...prepareEncoding(metric, face.enrolled) })),
    )
    const probes = mostCrowded(
      faces.map((face) => ({ face, ...prepareEncoding(metric, face.probe) })),
    )
    const distances = enrolled.flatMap((one) =>
      probes
        .filter(({ face }) => face.person !== one.face.person)
        .map((probe) => distanceBetween(one, probe)),
    )
    return { set, distances }
  })
  const pairs = counted.reduce((sum, { distances }) => sum + distances.length, 0)
  return rates.map((fmr) => {
    const matched = counted.reduce((sum, { set, distances }) => {
      const { threshold } = set.thresholds.find((one) => one.fmr === fmr)!
      return sum + distances.filter((distance) => distance <= threshold).length
    }, 0)
    return { fmr, crowdedFmr: matched / pairs }
  })
}

/** By what the metric stretches their distances with. */
function mostCrowded<Place extends { readonly scale: number }>(places: readonly Place[]): Place[] {
  return places
    .toSorted((a, b) => b.scale - a.scale)
    .slice(0, Math.floor(places.length * crowdedShare))
}
