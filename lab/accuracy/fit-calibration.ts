/**
 * Labelled faces -> metric and thresholds, all that the Worker needs to decide. The metric is fitted to all faces; the
 * thresholds must not be measured on people whom the metric has seen, so people are dealt into groups, the strangers
 * of each group are scored by a metric fitted to the other groups, and all groups' distances make the thresholds. Chance deals the groups
 * and picks what the metric is fitted to, so that is done several times, and all draws count alike: one person more changes little.
 */
import {
  distanceBetween,
  type Metric,
  type MetricKind,
  prepareEncoding,
} from '../../src/encoding/metrics/metric.ts'
import { templateOf } from '../../src/encoding/template.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import {
  bootstrap,
  type Draw,
  drawImpostors,
  drawnThresholdAt,
  type Interval,
} from './bootstrap.ts'
import type { LabelledFace } from './fit-cohort.ts'
import { fitMetric, isFitted } from './fit-metric.ts'
import { fitWeight, type ScoredGroup } from './fit-weight.ts'
import { type Impostors, type PlacedFace, poolImpostors, scoreImpostors } from './impostors.ts'
import { fnmrAt, type GenuinePair } from './rates.ts'
import { fitTail, tailQuantile } from './tail.ts'

export const calibratedRates = [0.01, 0.001, 0.0001, 0.00001] as const
/** Stored encodings of a person that thresholds are measured for; ten is all that a record holds. */
export const encodingCounts = [1, 2, 3, 5, 10] as const
/** Gallery sizes that thresholds are worked out for: fewer people are searched as ten are, who resemble each other more at home than strangers do. Between sizes they follow the logarithm of the size. */
export const galleryCounts = [10, 100, 1_000, 10_000, 100_000, 1_000_000] as const
/** Enrolled photos of a person for which it is measured how often a search misses them. */
export const missedCounts = [1, 2, 3] as const

/** Rates from here on are counted; rarer ones follow the law of the tail. */
const countedFrom = 0.0005
const groupCount = 5
const drawCount = 4
const seed = 1
const bootstrapRounds = 200
/** With fewer people that have so many photos, the threshold is extrapolated from smaller counts. */
const minPeopleWithPhotos = 40

export interface FittedThreshold {
  readonly fmr: number
  /** Encodings of the person, or people in the gallery. */
  readonly count: number
  readonly threshold: number
  /** 95 % interval of the threshold, by person. */
  readonly interval: Interval
  /**
   * Share of the photos of the right person that it refuses: of a person with `count` encodings, or for each of `missedCounts` in a
   * gallery. As far as enough people have the photos.
   */
  readonly missed: readonly number[]
}

export interface FittedCalibration {
  readonly metric: Metric
  readonly verification: readonly FittedThreshold[]
  readonly identification: readonly FittedThreshold[]
  /** What one draw of the thresholds of one encoding was measured on. */
  readonly impostors: Impostors
  /** What the thresholds of one encoding were measured on, in all draws. */
  readonly single: Compared
  /** Pairs of photos of one person among them: each was compared both ways, in every draw. */
  readonly photoPairs: number
}

/**
 * @param kind of the metric; where it has nothing to fit, everybody is one group
 * @param intervals false leaves them out (each is the threshold itself), which is quicker
 * @throws Error when there are too few people or pairs
 */
export function fitCalibration(
  faces: readonly LabelledFace[],
  kind: MetricKind,
  { intervals = true }: { readonly intervals?: boolean } = {},
): FittedCalibration {
  const rounds = intervals ? bootstrapRounds : 0
  const people = [...new Set(faces.map(({ person }) => person))].sort()
  const numbers = new Map(people.map((person, i) => [person, i]))
  const number = (person: string): number => numbers.get(person)!
  const unweighted = Array.from({ length: isFitted(kind) ? drawCount : 1 }, (_, draw) =>
    dealGroups(faces, people, kind, draw + 1),
  )
  const weight = fitWeight(unweighted)
  const draws = unweighted.map((groups) =>
    groups.map(({ own, metric }) => ({ own, metric: withWeight(metric, weight) })),
  )
  const compared = (count: number): Compared => compareGroups(draws.flat(), count, number)
  const everybody = people.map((_, i) => i)
  const byCount = new Map<number, Compared>()
  for (const count of encodingCounts) {
    if (peopleWith(faces, count) < minPeopleWithPhotos) break
    byCount.set(count, compared(count))
  }
  const single = byCount.get(1)
  if (single === undefined) {
    throw new Error(
      `${people.length} people are too few for thresholds, at least ${minPeopleWithPhotos} are needed`,
    )
  }
  const verification = [...byCount].flatMap(([count, { impostors, genuine }]) =>
    thresholdsFor(impostors, everybody, { rates: calibratedRates, rounds }).map((row, i) => ({
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
  const identification = thresholdsFor(single.impostors, everybody, { rates, rounds }).map(
    (row, i) => ({ ...row, ...searches[i]!, missed: missedAt(missing, row.threshold) }),
  )
  return {
    metric: fitMetric(faces, kind, weight),
    verification: neverLooser([...verification, ...extrapolated(verification)]),
    identification: neverLooser(identification),
    impostors: compareGroups(draws[0]!, 1, number).impostors,
    single,
    photoPairs: single.genuine.length / (2 * draws.length),
  }
}

/** Each with a metric that was fitted to the others, in which crowding counts nothing yet. */
function dealGroups(
  faces: readonly LabelledFace[],
  people: readonly string[],
  kind: MetricKind,
  draw: number,
): ScoredGroup[] {
  const dealt = new SeededRandom(draw, 'groups').shuffled([...people])
  const count = isFitted(kind) ? groupCount : 1
  const groupOf = new Map(dealt.map((person, i) => [person, i % count]))
  return Array.from({ length: count }, (_, group) => {
    const own = faces.filter(({ person }) => groupOf.get(person) === group)
    const others = faces.filter(({ person }) => groupOf.get(person) !== group)
    return { own, metric: fitMetric(others, kind, 0, draw) }
  })
}

function withWeight(metric: Metric, weight: number): Metric {
  return metric.kind === 'l2-cohort' ? { ...metric, cohort: { ...metric.cohort, weight } } : metric
}

export interface Compared {
  readonly impostors: Impostors
  readonly genuine: readonly GenuinePair[]
}

function compareGroups(
  groups: readonly ScoredGroup[],
  count: number,
  number: (person: string) => number,
): Compared {
  const sets = groups.map(({ own, metric }) => {
    const enrolled = enrollAll(own, count, metric, number)
    const probes = own.map((face) => ({
      face,
      person: number(face.person),
      place: prepareEncoding(metric, face.probe),
    }))
    const byPerson = Map.groupBy(probes, ({ person }) => person)
    return {
      impostors: scoreImpostors(enrolled, probes),
      genuine: enrolled.flatMap(({ person, place, photos }) =>
        (byPerson.get(person) ?? [])
          .filter(({ face }) => !photos.includes(face))
          .map((probe) => ({ person, distance: distanceBetween(place, probe.place) })),
      ),
    }
  })
  return {
    impostors: poolImpostors(sets.map(({ impostors }) => impostors)),
    genuine: sets.flatMap(({ genuine }) => genuine),
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

/** A template, and the photos that it was made of. */
interface Enrolled extends PlacedFace {
  readonly photos: readonly LabelledFace[]
}

/** Templates of `count` photos each: of everybody who has as many, as many as the photos make. */
function enrollAll(
  faces: readonly LabelledFace[],
  count: number,
  metric: Metric,
  number: (person: string) => number,
): Enrolled[] {
  return [...Map.groupBy(faces, ({ person }) => person)].flatMap(([person, photos]) =>
    Array.from({ length: Math.floor(photos.length / count) }, (_, i) => {
      const chosen = photos.slice(i * count, (i + 1) * count)
      const template = templateOf(chosen.map(({ enrolled }) => enrolled))
      return { person: number(person), place: prepareEncoding(metric, template), photos: chosen }
    }),
  )
}

function peopleWith(faces: readonly LabelledFace[], count: number): number {
  const people = Map.groupBy(faces, ({ person }) => person)
  return [...people.values()].filter((photos) => photos.length >= count).length
}

function thresholdsFor(
  impostors: Impostors,
  people: readonly number[],
  { rates, rounds }: { rates: readonly number[]; rounds: number },
): { readonly threshold: number; readonly interval: Interval }[] {
  const thresholds = thresholdsOf(impostors, () => 1, rates)
  const intervals = bootstrap(people, (draw) => thresholdsOf(impostors, draw, rates), {
    rounds,
    seed,
  })
  return rates.map((_, i) => ({
    threshold: roundDown(thresholds[i]!),
    interval: (intervals[i] ?? [thresholds[i]!, thresholds[i]!]).map(round) as [number, number],
  }))
}

/** Counted where the pairs are many, from the law of the tail where they are few. */
function thresholdsOf(impostors: Impostors, draw: Draw, rates: readonly number[]): number[] {
  const drawn = drawImpostors(impostors, draw)
  const tail = fitTail(drawn.distances, drawn.weights, drawn.total)
  return rates.map((rate) =>
    rate < countedFrom ? tailQuantile(tail, rate) : drawnThresholdAt(drawn, rate),
  )
}

/**
 * For the largest count of encodings, where too few people have as many photos: what the threshold loses from one
 * encoding to the largest measured count, it goes on losing at the same pace per doubling.
 */
function extrapolated(measured: readonly FittedThreshold[]): FittedThreshold[] {
  const known = measured.at(-1)!.count
  const largest = encodingCounts.at(-1)!
  if (known === largest) return []
  if (known === 1) throw new Error('too few people have several photos')
  return measured
    .filter(({ count }) => count === known)
    .map((row) => {
      const single = measured.find(({ count, fmr }) => count === 1 && fmr === row.fmr)!
      const lost = Math.max(0, single.threshold - row.threshold)
      const further = lost * (Math.log(largest / known) / Math.log(known))
      const [low, high] = row.interval.map((end) => round(end - further)) as [number, number]
      const threshold = roundDown(row.threshold - further)
      return { ...row, count: largest, threshold, interval: [low, high], missed: [] }
    })
}

/** A rarer mistake or more chances for it never has the larger threshold, whatever chance did to the measurement. */
function neverLooser(rows: readonly FittedThreshold[]): FittedThreshold[] {
  return rows.map((row) => {
    const laxer = rows.filter((other) => other.fmr >= row.fmr && other.count <= row.count)
    return { ...row, threshold: Math.min(...laxer.map(({ threshold }) => threshold)) }
  })
}

/** Down: never more strangers than asked for. */
function roundDown(distance: number): number {
  return Math.floor(distance * 1e4) / 1e4
}

function roundShare(share: number): number {
  return Math.round(share * 1e5) / 1e5
}

function round(distance: number): number {
  return Math.round(distance * 1e4) / 1e4
}
