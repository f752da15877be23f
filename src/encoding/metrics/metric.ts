/**
 * How far two faces are apart, as the calibration measured it. A metric is a file with its behaviour beside this one and a row in
 * the list below, from which its type, its schema, the choices of commands and every dispatch derive. Pure.
 */
import { z } from 'zod'
import { unitVector } from '../direction.ts'
import { squaredDistance } from '../distance.ts'
import { templateOf } from '../template.ts'
import type { MetricBehaviour, PreparedEncoding, RowScale } from './behaviour.ts'
import { l2 } from './l2.ts'
import { l2Cohort } from './l2-cohort.ts'

const behaviours = [l2Cohort, l2] as const

/** A metric as data: its kind, and what was fitted to faces, if anything. */
export type Metric = z.output<(typeof behaviours)[number]['schema']>
export type MetricKind = Metric['kind']

const [first, ...others] = behaviours
/** As the calibration file has it. */
export const metricSchema = z.discriminatedUnion('kind', [
  first.schema,
  ...others.map(({ schema }) => schema),
])

export const metricKinds: readonly MetricKind[] = behaviours.map(({ kind }) => kind)

/** Of models that nobody calibrated. */
export const uncalibratedMetric: Metric = { kind: l2.kind }

const behaviourByKind: ReadonlyMap<MetricKind, MetricBehaviour<Metric>> = new Map(
  behaviours.map((behaviour) => [behaviour.kind, behaviour]),
)

function behaviourOf(kind: MetricKind): MetricBehaviour<Metric> {
  return behaviourByKind.get(kind)!
}

/** What `metricSchema` reads. */
export function metricToJson(metric: Metric): unknown {
  return behaviourOf(metric.kind).toJson(metric)
}

/** Anything that is not an encoding gives a place at distance NaN from all. */
export function prepareEncoding(metric: Metric, encoding: Float32Array): PreparedEncoding {
  return behaviourOf(metric.kind).prepare(metric, encoding)
}

/** 0 for the same photo; NaN, which no threshold accepts, when it cannot be measured. */
export function distanceBetween(a: PreparedEncoding, b: PreparedEncoding): number {
  const apart = Math.sqrt(squaredDistance(a.vector, b.vector)) * a.scale * b.scale
  return Number.isFinite(apart) ? apart : Number.NaN
}

/** From a probe to a person, whose encodings count as one template; NaN for a person without any. */
export function distanceToPerson(
  metric: Metric,
  probe: Float32Array,
  encodings: readonly Float32Array[],
): number {
  return distanceBetween(
    prepareEncoding(metric, probe),
    prepareEncoding(metric, templateOf(encodings)),
  )
}

/** What a scan of a gallery's rows by L2 has to look for, so that nobody within a distance in the metric is missed. */
export interface ScanBounds {
  readonly vector: Float32Array
  readonly rows: RowScale
  /** The largest L2 distance from the vector to a row that is of interest. */
  readonly reach: number
  /** The least distance in the metric to somebody whose row is so far from the vector. */
  atLeast(l2Distance: number): number
}

/** @param place of the probe, in the same metric */
export function scanBounds(
  metric: Metric,
  { vector, scale }: PreparedEncoding,
  maxDistance: number,
): ScanBounds {
  const { leastScale, rows } = behaviourOf(metric.kind)
  // No place shortens a distance by more than the least scale.
  const shortest = scale * leastScale
  return {
    vector,
    rows,
    reach: maxDistance / shortest,
    atLeast: (l2Distance) => l2Distance * shortest,
  }
}

/** A template as a scan compares it with a place's vector. */
export function scannedRow(kind: MetricKind, template: Float32Array): Float32Array {
  return behaviourOf(kind).rows === 'unit length' ? unitVector(template) : template
}
