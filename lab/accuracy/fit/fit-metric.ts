/** Labelled faces -> a metric: what is fitted to faces in each, and how many people that takes. */
import {
  type Metric,
  type MetricKind,
  metricKinds,
  metricSchema,
} from '../../../src/encoding/metrics/metric.ts'
import { fitCohort, type LabelledFace } from './fit-cohort.ts'

interface Fit<M extends Metric> {
  /** Fewer people say little of everybody: the metric is taken then only when it is asked for. */
  readonly leastPeople: number
  /** @throws Error when there are too few people */
  fit(faces: readonly LabelledFace[], weight: number, draw: number): M
}

/** One for each metric that is more than its kind; any other is the same for all faces. */
type Fits = {
  readonly [M in Metric as Exclude<keyof M, 'kind'> extends never ? never : M['kind']]: Fit<M>
}

const fits: Fits = {
  // Each centre of a cohort is a mean of eight people.
  'l2-cohort': {
    leastPeople: 300,
    fit: (faces, weight, draw) => ({
      kind: 'l2-cohort',
      cohort: fitCohort(faces, weight, draw),
    }),
  },
}
const fitByKind: ReadonlyMap<string, Fit<Metric>> = new Map(Object.entries(fits))

/** False for a metric that no faces were looked at for. */
export function isFitted(kind: MetricKind): boolean {
  return fitByKind.has(kind)
}

/**
 * @param weight of what is fitted; fit-weight.ts has the way to find it
 * @param draw of what chance decides in the fit
 * @throws Error when there are too few people
 */
export function fitMetric(
  faces: readonly LabelledFace[],
  kind: MetricKind,
  weight = 1,
  draw = 1,
): Metric {
  return fitByKind.get(kind)?.fit(faces, weight, draw) ?? metricSchema.parse({ kind })
}

/** The first metric of the list that so many people are enough for. */
export function metricFor(people: number): MetricKind {
  return metricKinds.find((kind) => people >= (fitByKind.get(kind)?.leastPeople ?? 0))!
}

/** The same in words: "l2-cohort from 300 people on, or else l2". */
export const metricsByPeople = metricKinds
  .slice(0, metricKinds.indexOf(metricFor(0)) + 1)
  .map((kind) => {
    const least = fitByKind.get(kind)?.leastPeople
    return least === undefined ? kind : `${kind} from ${least} people on`
  })
  .join(', or else ')
