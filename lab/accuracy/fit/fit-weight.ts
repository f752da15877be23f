/**
 * How much crowding has to count: the smallest weight at which strangers who both are in the most crowded tenth of the faces are not let in
 * much more often than any two strangers. A rate is an average over strangers of all kinds; without this, those who resemble many
 * others would pay for it. Every face is scored by a metric that was fitted to other people. Rare rates among a tenth of the faces are a
 * handful of pairs: so all faces are compared with all, and the share is the mean over several draws of what was fitted.
 */
import { unitVector } from '../../../src/encoding/direction.ts'
import { squaredDistance } from '../../../src/encoding/distance.ts'
import { crowdingAt } from '../../../src/encoding/metrics/l2-cohort.ts'
import type { Metric } from '../../../src/encoding/metrics/metric.ts'
import type { LabelledFace } from './fit-cohort.ts'

/** Where dlib's encoder refuses the fewest right people at a rate of 0.001: 6.6 % on LFW at 0, 4.2 % here, 5.3 % at 10. */
const largestWeight = 6
/** The weight is found to within largestWeight / 2^halvings. */
const halvings = 7
/** How many times as often two in the most crowded tenth may match as any two do, by rate; rarer rates grow apart more. */
const limits = [
  { fmr: 0.001, mostTimes: 3 },
  { fmr: 0.0001, mostTimes: 5 },
] as const
/** Of the faces. */
export const crowdedShare = 0.1

export interface ScoredGroup {
  readonly own: readonly LabelledFace[]
  /** Fitted to everybody else. */
  readonly metric: Metric
}

/**
 * @param draws each with everybody in one group
 * @returns the largest weight where none suffices
 */
export function fitWeight(draws: readonly (readonly ScoredGroup[])[]): number {
  const faces = draws[0]!.flatMap(({ own }) => own)
  const scored = draws.map(crowdingsOf)
  if (scored.every((crowdings) => crowdings.size === 0)) return 0
  const distances = distancesOf(faces)
  const drawn = scored.map((crowdings) => faces.map((face) => crowdings.get(face)!))
  const suffices = (weight: number): boolean => {
    const histograms = drawn.map((crowdings) => stretch(distances, crowdings, weight))
    return limits.every(
      ({ fmr, mostTimes }) =>
        mean(histograms.map((histogram) => crowdedTimes(histogram, fmr))) <= mostTimes,
    )
  }
  if (suffices(0)) return 0
  let [low, high] = [0, largestWeight]
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2
    if (suffices(middle)) high = middle
    else low = middle
  }
  return high
}

/** Of a face as enrolled and as a probe. */
interface Crowdings {
  readonly enrolled: Crowding
  readonly probe: Crowding
}

interface Crowding {
  /** Above the floor; 0 below it. */
  readonly above: number
  /** Whether it is in the most crowded tenth of its group. */
  readonly isCrowded: boolean
}

/** Of every face of a draw; of none in a metric that knows no crowding. */
function crowdingsOf(groups: readonly ScoredGroup[]): ReadonlyMap<LabelledFace, Crowdings> {
  const crowdings = new Map<LabelledFace, Crowdings>()
  for (const { own, metric } of groups) {
    if (metric.kind !== 'l2-cohort') continue
    const { cohort } = metric
    const places = (of: (face: LabelledFace) => Float32Array): Crowding[] => {
      const all = own.map((face) => crowdingAt(cohort, unitVector(of(face))))
      const least = all.toSorted((a, b) => b - a)[Math.floor(own.length * crowdedShare)]!
      return all.map((crowding) => ({
        above: Math.max(0, crowding - cohort.floor),
        isCrowded: crowding >= least,
      }))
    }
    const [enrolled, probes] = [places((face) => face.enrolled), places((face) => face.probe)]
    for (const [i, face] of own.entries()) {
      crowdings.set(face, { enrolled: enrolled[i]!, probe: probes[i]! })
    }
  }
  return crowdings
}

/** From every enrolled face to every probe, a row each; NaN within one person. */
function distancesOf(faces: readonly LabelledFace[]): Float32Array {
  const enrolled = faces.map((face) => unitVector(face.enrolled))
  const probes = faces.map((face) => unitVector(face.probe))
  const distances = new Float32Array(faces.length ** 2)
  let at = 0
  for (const [i, a] of enrolled.entries()) {
    for (const [k, b] of probes.entries()) {
      const isOwn = faces[i]!.person === faces[k]!.person
      distances[at++] = isOwn ? Number.NaN : Math.sqrt(squaredDistance(a, b))
    }
  }
  return distances
}

/** Pairs of strangers by their distance, in bins of `binWidth`. */
interface Histogram {
  readonly all: Uint32Array
  /** Those of which both are in the most crowded tenth. */
  readonly crowded: Uint32Array
}

const binWidth = 1e-3
/** Farther pairs are in the last bin; they decide nothing. */
const bins = 4000

function stretch(
  distances: Float32Array,
  crowdings: readonly Crowdings[],
  weight: number,
): Histogram {
  const [all, crowded] = [new Uint32Array(bins), new Uint32Array(bins)]
  const scales = crowdings.map(({ probe }) => Math.exp(weight * probe.above))
  let at = 0
  for (const { enrolled } of crowdings) {
    const scale = Math.exp(weight * enrolled.above) / binWidth
    for (const [k, { probe }] of crowdings.entries()) {
      const distance = distances[at++]! * scale * scales[k]!
      if (Number.isNaN(distance)) continue
      const bin = Math.min(bins - 1, Math.floor(distance))
      all[bin]!++
      if (enrolled.isCrowded && probe.isCrowded) crowded[bin]!++
    }
  }
  return { all, crowded }
}

/** How many times as often two in the most crowded tenth match as any two do. */
function crowdedTimes({ all, crowded }: Histogram, fmr: number): number {
  const total = (counts: Uint32Array): number => counts.reduce((sum, count) => sum + count, 0)
  const wanted = total(all) * fmr
  let [matched, near] = [0, 0]
  for (let bin = 0; bin < bins && near < wanted; bin++) {
    near += all[bin]!
    matched += crowded[bin]!
  }
  return matched / total(crowded) / (near / total(all))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
