/**
 * Labelled faces -> metric and thresholds, all that the Worker needs to decide. The metric is fitted to all faces; the thresholds are
 * measured with metrics that saw neither of two people (deal-people.ts). Chance decides what a metric is fitted to, so that is done several
 * times, and all draws count alike: one person more changes little.
 */
import type { Metric, MetricKind } from '../../../src/encoding/metrics/metric.ts'
import { medianDistance } from '../rates/impostors.ts'
import { fnmrAt, type GenuinePair } from '../rates/rates.ts'
import { type Compared, compareSets, dealPeople, placeDealt } from './deal-people.ts'
import type { LabelledFace } from './fit-cohort.ts'
import { fitMetric, isFitted } from './fit-metric.ts'
import {
  encodingCounts,
  extrapolated,
  type FittedThreshold,
  neverLooser,
  thresholdsFor,
} from './fit-thresholds.ts'
import { fitWeight } from './fit-weight.ts'

export const calibratedRates = [0.01, 0.001, 0.0001, 0.00001] as const
/** Gallery sizes that thresholds are worked out for: fewer people are searched as ten are, who resemble each other more at home than strangers do. Between sizes they follow the logarithm of the size. */
export const galleryCounts = [10, 100, 1_000, 10_000, 100_000, 1_000_000] as const
/** Enrolled photos of a person for which it is measured how often a search misses them. */
const missedCounts = [1, 2, 3] as const

const drawCount = 4
const bootstrapRounds = 200
/** With fewer people that have so many photos, the threshold is extrapolated from smaller counts. */
const minPeopleWithPhotos = 40

export interface FittedCalibration {
  readonly metric: Metric
  readonly verification: readonly FittedThreshold[]
  readonly identification: readonly FittedThreshold[]
  /** Median distance of two strangers with one encoding each; null where they are too far apart to be counted. */
  readonly usualDistance: number | null
  /** Pairs of strangers in one draw of the thresholds of one encoding. */
  readonly impostorPairs: number
  /** What the thresholds of one encoding were measured on, in all draws. */
  readonly single: Compared
  /** Pairs of photos of one person among them: each was compared both ways, in every draw. */
  readonly photoPairs: number
}

export interface FitOptions {
  readonly intervals?: boolean
  readonly several?: boolean
  /** Told after each step that takes seconds for many people. */
  readonly onStep?: (steps: number) => void
}

/**
 * @param kind of the metric; where it has nothing to fit, everybody is one group
 * @param intervals false leaves them out (each is the threshold itself), which is quicker
 * @param several false leaves out the thresholds of people with several encodings, which is quicker; all others are the same
 * @throws Error when there are too few people or pairs
 */
export function fitCalibration(
  faces: readonly LabelledFace[],
  kind: MetricKind,
  { intervals = true, several = true, onStep = () => {} }: FitOptions = {},
): FittedCalibration {
  const rounds = intervals ? bootstrapRounds : 0
  const people = [...new Set(faces.map(({ person }) => person))].sort()
  const numbers = new Map(people.map((person, i) => [person, i]))
  const number = (person: string): number => numbers.get(person)!
  const counts = (several ? encodingCounts : [1]).filter(
    (count) => peopleWith(faces, count) >= minPeopleWithPhotos,
  )
  const drawn = isFitted(kind) ? drawCount : 1
  // Draws, the weight, pairs and thresholds of each count, thresholds of searches, the metric itself.
  const steps = drawn + 1 + 2 * counts.length + 2
  const done = <T>(step: T): T => {
    onStep(steps)
    return step
  }
  const draws = Array.from({ length: drawn }, (_, draw) =>
    done(dealPeople(faces, people, kind, draw + 1)),
  )
  const weight = done(fitWeight(draws.map(({ groups }) => groups)))
  const sets = draws.flatMap((dealt) => placeDealt(dealt, weight, number))
  const everybody = people.map((_, i) => i)
  const byCount = new Map<number, Compared>()
  for (const count of counts) byCount.set(count, done(compareSets(sets, count, number)))
  const single = byCount.get(1)
  if (single === undefined) {
    throw new Error(
      `${people.length} people are too few for thresholds, at least ${minPeopleWithPhotos} are needed`,
    )
  }
  const verification = [...byCount].flatMap(([count, { impostors, genuine }]) =>
    done(thresholdsFor(impostors, everybody, { rates: calibratedRates, rounds })).map((row, i) => ({
      ...row,
      fmr: calibratedRates[i]!,
      count,
      missed: missedAt([genuine], row.threshold),
    })),
  )
  const missing = missedCounts.flatMap((count) => {
    const known = byCount.get(count)
    return known === undefined ? [] : [known.genuine]
  })
  const searches = galleryCounts.flatMap((count) => calibratedRates.map((fmr) => ({ count, fmr })))
  const rates = searches.map(({ count, fmr }) => perComparison(fmr, count))
  const identification = done(thresholdsFor(single.impostors, everybody, { rates, rounds })).map(
    (row, i) => ({ ...row, ...searches[i]!, missed: missedAt(missing, row.threshold) }),
  )
  return {
    metric: done(fitMetric(faces, kind, weight)),
    verification: neverLooser([...verification, ...(several ? extrapolated(verification) : [])]),
    identification: neverLooser(identification),
    usualDistance: medianDistance(single.impostors),
    impostorPairs: single.impostors.pairs / draws.length,
    single,
    photoPairs: single.genuine.length / (2 * draws.length),
  }
}

/** Every person counts once, however many photos there are of them. */
function missedAt(sets: readonly (readonly GenuinePair[])[], threshold: number): number[] {
  return sets.flatMap((genuine) => {
    const counts = Map.groupBy(genuine, ({ person }) => person)
    if (counts.size === 0) return []
    const shares = [...counts.values()].map((pairs) => fnmrAt(pairs, threshold))
    return [roundShare(shares.reduce((sum, share) => sum + share, 0) / shares.length)]
  })
}

/** False matches a comparison may have so that a search among `people` has `fmr`: 1 - (1 - p)^people = fmr. */
export function perComparison(fmr: number, people: number): number {
  return -Math.expm1(Math.log1p(-fmr) / people)
}

function peopleWith(faces: readonly LabelledFace[], count: number): number {
  const people = Map.groupBy(faces, ({ person }) => person)
  return [...people.values()].filter((photos) => photos.length >= count).length
}

function roundShare(share: number): number {
  return Math.round(share * 1e5) / 1e5
}
