/**
 * How much crowding has to count: the smallest weight at which strangers who both are in the most crowded tenth of the faces are not let in
 * much more often than any two strangers. A rate is an average over strangers of all kinds; without this, those who resemble many
 * others would pay for it. Faces are scored by metrics that were fitted to other people.
 */
import { unitVector } from '../../src/encoding/direction.ts'
import { squaredDistance } from '../../src/encoding/distance.ts'
import { crowdingAt } from '../../src/encoding/metrics/l2-cohort.ts'
import type { Metric } from '../../src/encoding/metrics/metric.ts'
import type { LabelledFace } from './fit-cohort.ts'

/**
 * From nothing to where dlib's encoder refuses the fewest right people at a rate of 0.001: 6.6 % on LFW without, 4.2 % at 6. Ten in
 * one of three folds makes it 5.3 %.
 */
const weights = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6] as const
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

/** @returns the last weight there is where none suffices */
export function fitWeight(groups: readonly ScoredGroup[]): number {
  const pairs = groups.flatMap(pairsOf)
  const suffices = (weight: number): boolean =>
    limits.every(({ fmr, mostTimes }) => crowdedTimes(pairs, weight, fmr) <= mostTimes)
  return weights.find(suffices) ?? weights.at(-1)!
}

/** Pairs of strangers of one group, column by column. */
interface Pairs {
  readonly distances: Float64Array
  /** Crowding above the floor, of both together. */
  readonly above: Float64Array
  /** 1 where both are in the most crowded tenth of the group. */
  readonly isCrowded: Uint8Array
}

function pairsOf({ own, metric }: ScoredGroup): Pairs[] {
  if (metric.kind !== 'l2-cohort') return []
  const { cohort } = metric
  const places = (of: (face: LabelledFace) => Float32Array) => {
    const vectors = own.map((face) => unitVector(of(face)))
    const crowding = vectors.map((vector) => crowdingAt(cohort, vector))
    const least = crowding.toSorted((a, b) => b - a)[Math.floor(own.length * crowdedShare)]!
    return vectors.map((vector, i) => ({
      vector,
      above: Math.max(0, crowding[i]! - cohort.floor),
      isCrowded: crowding[i]! >= least,
    }))
  }
  const enrolled = places((face) => face.enrolled)
  const probes = places((face) => face.probe)
  const distances = new Float64Array(own.length ** 2)
  const above = new Float64Array(own.length ** 2)
  const isCrowded = new Uint8Array(own.length ** 2)
  let count = 0
  for (const [i, a] of enrolled.entries()) {
    for (const [k, b] of probes.entries()) {
      if (own[i]!.person === own[k]!.person) continue
      distances[count] = Math.sqrt(squaredDistance(a.vector, b.vector))
      above[count] = a.above + b.above
      isCrowded[count++] = a.isCrowded && b.isCrowded ? 1 : 0
    }
  }
  return [
    {
      distances: distances.subarray(0, count),
      above: above.subarray(0, count),
      isCrowded: isCrowded.subarray(0, count),
    },
  ]
}

/** How many times as often two in the most crowded tenth match as any two do. */
function crowdedTimes(groups: readonly Pairs[], weight: number, fmr: number): number {
  const stretched = groups.map(({ distances, above }) =>
    distances.map((distance, i) => distance * Math.exp(weight * above[i]!)),
  )
  const total = stretched.reduce((sum, { length }) => sum + length, 0)
  const all = new Float64Array(total)
  let at = 0
  for (const part of stretched) {
    all.set(part, at)
    at += part.length
  }
  const threshold = all.sort()[Math.floor(total * fmr)]!
  let crowded = 0
  let matched = 0
  for (const [g, { isCrowded }] of groups.entries()) {
    for (let i = 0; i < isCrowded.length; i++) {
      if (isCrowded[i] === 0) continue
      crowded++
      if (stretched[g]![i]! <= threshold) matched++
    }
  }
  return crowded === 0 ? 0 : matched / crowded / fmr
}
