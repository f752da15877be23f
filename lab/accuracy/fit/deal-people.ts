/**
 * People dealt into groups, so that nobody is compared under a metric that saw them: two people of one group under a metric fitted to all
 * other groups, two people of two groups under one fitted to the groups that neither is in. So everybody is compared with everybody, and the
 * few nearest strangers, which rare rates rest on, are those of all pairs and not only of the pairs that chance put into one group.
 */
import {
  type Metric,
  type MetricKind,
  prepareEncoding,
} from '../../../src/encoding/metrics/metric.ts'
import { templateOf } from '../../../src/encoding/template.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import { heldDistance } from '../rates/held-distance.ts'
import {
  type Impostors,
  type PlacedFace,
  poolImpostors,
  scoreImpostors,
} from '../rates/impostors.ts'
import type { GenuinePair } from '../rates/rates.ts'
import type { LabelledFace } from './fit-cohort.ts'
import { fitMetric, isFitted } from './fit-metric.ts'
import type { ScoredGroup } from './fit-weight.ts'

const groupCount = 5

export interface DealtPeople {
  /** Each with a metric that was fitted to the others. */
  readonly groups: readonly ScoredGroup[]
  /** Every two groups, each of them enrolled in turn, with a metric that was fitted to the others. */
  readonly across: readonly GroupsBeside[]
}

export interface GroupsBeside {
  readonly enrolled: readonly LabelledFace[]
  readonly probes: readonly LabelledFace[]
  readonly metric: Metric
}

/** In their metrics crowding counts nothing yet. One group where the metric has nothing to fit. */
export function dealPeople(
  faces: readonly LabelledFace[],
  people: readonly string[],
  kind: MetricKind,
  draw: number,
): DealtPeople {
  const dealt = new SeededRandom(draw, 'groups').shuffled([...people])
  const count = isFitted(kind) ? groupCount : 1
  const groupOf = new Map(dealt.map((person, i) => [person, i % count]))
  const ofGroup = (group: number) => faces.filter(({ person }) => groupOf.get(person) === group)
  const fittedWithout = (...left: readonly number[]): Metric => {
    const others = faces.filter(({ person }) => !left.includes(groupOf.get(person)!))
    return fitMetric(others, kind, 0, draw)
  }
  const numbers = Array.from({ length: count }, (_, group) => group)
  const groups = numbers.map((group) => ({ own: ofGroup(group), metric: fittedWithout(group) }))
  const across = numbers.flatMap((one) =>
    numbers.slice(one + 1).flatMap((other) => {
      const metric = fittedWithout(one, other)
      const [a, b] = [groups[one]!.own, groups[other]!.own]
      return [
        { enrolled: a, probes: b, metric },
        { enrolled: b, probes: a, metric },
      ]
    }),
  )
  return { groups, across }
}

/** Everybody of a draw beside everybody, in places of a metric that saw neither. */
export interface PlacedSet {
  readonly enrolled: readonly LabelledFace[]
  readonly probes: readonly PlacedProbe[]
  readonly metric: Metric
}

interface PlacedProbe extends PlacedFace {
  readonly face: LabelledFace
}

/** @param weight of the crowding */
export function placeDealt(
  { groups, across }: DealtPeople,
  weight: number,
  number: (person: string) => number,
): PlacedSet[] {
  const within = groups.map(({ own, metric }) => ({ enrolled: own, probes: own, metric }))
  return [...within, ...across].map(({ enrolled, probes, metric: unweighted }) => {
    const metric = weigh(unweighted, weight)
    const placed = probes.map((face) => ({
      face,
      person: number(face.person),
      place: prepareEncoding(metric, face.probe),
    }))
    return { enrolled, probes: placed, metric }
  })
}

function weigh(metric: Metric, weight: number): Metric {
  return metric.kind === 'l2-cohort' ? { ...metric, cohort: { ...metric.cohort, weight } } : metric
}

export interface Compared {
  /** As if no probe were held strictly: thresholds lie on the safe side. */
  readonly impostors: Impostors
  /** A suspect probe is farther, as by the stricter threshold that it meets. */
  readonly genuine: readonly GenuinePair[]
}

/** @param count photos of a template */
export function compareSets(
  sets: readonly PlacedSet[],
  count: number,
  number: (person: string) => number,
): Compared {
  const compared = sets.map(({ enrolled: faces, probes, metric }) => {
    const enrolled = enrollAll(faces, count, metric, number)
    const byPerson = Map.groupBy(probes, ({ person }) => person)
    return {
      impostors: scoreImpostors(enrolled, probes),
      genuine: enrolled.flatMap(({ person, place, photos }) =>
        (byPerson.get(person) ?? [])
          .filter(({ face }) => !photos.includes(face))
          .map(({ place: probe, face }) => ({
            person,
            distance: heldDistance(
              { place, suspicion: { enrollment: mostSuspect(photos) } },
              { place: probe, suspicion: face.suspicion },
            ),
          })),
      ),
    }
  })
  return {
    impostors: poolImpostors(compared.map(({ impostors }) => impostors)),
    genuine: compared.flatMap(({ genuine }) => genuine),
  }
}

/** How suspect a template of these photos is. */
function mostSuspect(photos: readonly LabelledFace[]): number {
  return Math.max(...photos.map(({ suspicion }) => suspicion?.enrollment ?? 0))
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
