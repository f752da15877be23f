/**
 * People dealt into groups, each scored by a metric that was fitted to the others: no threshold is measured on people whom its metric has
 * seen. Pure.
 */
import {
  distanceBetween,
  type Metric,
  type MetricKind,
  prepareEncoding,
} from '../../../src/encoding/metrics/metric.ts'
import { templateOf } from '../../../src/encoding/template.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
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

/** Each with a metric that was fitted to the others, in which crowding counts nothing yet. */
export function dealGroups(
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

/** Of a metric that knows no crowding nothing changes. */
export function withWeight(metric: Metric, weight: number): Metric {
  return metric.kind === 'l2-cohort' ? { ...metric, cohort: { ...metric.cohort, weight } } : metric
}

export interface Compared {
  readonly impostors: Impostors
  readonly genuine: readonly GenuinePair[]
}

/** @param count of photos that a template is made of. @param number of a person, the same for all groups */
export function compareGroups(
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
