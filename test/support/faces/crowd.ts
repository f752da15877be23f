/** A small `l2-cohort` metric, with faces in and out of its crowds. */
import { unitVector } from '../../../src/encoding/direction.ts'
import { distance } from '../../../src/encoding/distance.ts'
import {
  distanceBetween,
  type Metric,
  prepareEncoding,
} from '../../../src/encoding/metrics/metric.ts'
import { randomNumbers } from '../random.ts'

export const centres = [unitVector(randomNumbers(128, 901)), unitVector(randomNumbers(128, 902))]
export const cohort = {
  centres,
  nearest: 1,
  floor: 0.91,
  weight: 0.5,
  usualLength: 1,
  lengthPower: 0,
}
export const crowded: Metric = { kind: 'l2-cohort', cohort }

export const between = (metric: Metric, a: Float32Array, b: Float32Array) =>
  distanceBetween(prepareEncoding(metric, a), prepareEncoding(metric, b))
/** What the distance would be without crowding. */
export const plainly = (a: Float32Array, b: Float32Array) => distance(unitVector(a), unitVector(b))
export const scaled = (encoding: Float32Array, by: number) => encoding.map((value) => value * by)
/** At about this distance from the centre. */
export const near = (centre: Float32Array, offset: number, seed: number) => {
  const step = unitVector(randomNumbers(128, seed))
  return unitVector(centre.map((value, i) => value + offset * step[i]!))
}
