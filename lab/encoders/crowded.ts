/**
 * How often strangers match who both are in the most crowded tenth of the faces, by the metric's own crowding: a rate is an average over
 * strangers of all kinds, and this is what it becomes where faces look alike. Pure.
 */
import { crowdingAt } from '../../src/encoding/metrics/l2-cohort.ts'
import { type Metric, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import type { MeasuredFace } from '../accuracy/encoded-photos.ts'
import { crowdedShare } from '../accuracy/fit-weight.ts'
import { distanceToProbe, type PlacedFace, placeProbe } from '../accuracy/impostors.ts'
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
    const enrolled = mostCrowded(metric, faces, ({ enrolled }) => ({
      place: prepareEncoding(metric, enrolled),
    }))
    const probes = mostCrowded(metric, faces, (face) => placeProbe(metric, face))
    const distances = enrolled.flatMap((one) =>
      probes
        .filter(({ face }) => face.person !== one.face.person)
        .map((probe) => distanceToProbe(one.place, probe)),
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

/** By where they are at the first look. */
function mostCrowded<T extends Pick<PlacedFace, 'place'>>(
  metric: Metric,
  faces: readonly MeasuredFace[],
  placeOf: (face: MeasuredFace) => T,
) {
  return faces
    .map((face) => {
      const placed = placeOf(face)
      return { face, ...placed, crowding: crowdingOf(metric, placed.place.vector) }
    })
    .toSorted((a, b) => b.crowding - a.crowding)
    .slice(0, Math.floor(faces.length * crowdedShare))
}

/** The same for all in a metric that knows no crowding. */
function crowdingOf(metric: Metric, direction: Float32Array): number {
  return metric.kind === 'l2-cohort' ? crowdingAt(metric.cohort, direction) : 0
}
