/**
 * How often strangers match who both are in the most crowded tenth of the faces, by the metric's own crowding: a rate is an average over
 * strangers of all kinds, and this is what it becomes where faces look alike. Pure.
 */
import { crowdingAt } from '../../src/encoding/metrics/l2-cohort.ts'
import { distanceBetween, type Metric, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import type { EvaluationSet } from '../accuracy/compare-faces.ts'
import type { MeasuredFace } from '../accuracy/encoded-photos.ts'
import { crowdedShare } from '../accuracy/fit/fit-weight.ts'

export interface CrowdedRate {
  readonly fmr: number
  readonly crowdedFmr: number
}

/** At the thresholds that each set was given. */
export function crowdedRates(sets: readonly EvaluationSet[]): CrowdedRate[] {
  const rates = sets[0]?.thresholds.map(({ fmr }) => fmr) ?? []
  const counted = sets.map((set) => {
    const { metric, faces } = set
    const enrolled = mostCrowded(metric, faces, (face) => face.enrolled)
    const probes = mostCrowded(metric, faces, (face) => face.probe)
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

/** In places of the metric. */
function mostCrowded(
  metric: Metric,
  faces: readonly MeasuredFace[],
  of: (face: MeasuredFace) => Float32Array,
) {
  return faces
    .map((face) => {
      const place = prepareEncoding(metric, of(face))
      return { face, ...place, crowding: crowdingOf(metric, place.vector) }
    })
    .toSorted((a, b) => b.crowding - a.crowding)
    .slice(0, Math.floor(faces.length * crowdedShare))
}

/** The same for all in a metric that knows no crowding. */
function crowdingOf(metric: Metric, direction: Float32Array): number {
  return metric.kind === 'l2-cohort' ? crowdingAt(metric.cohort, direction) : 0
}
