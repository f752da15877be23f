/** What a search in a packed index is held against: every person compared in float32, by a metric as strong as the fitted one. */
import { unitVector } from '../../src/encoding/direction.ts'
import { type Metric, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import { encodingLength, type SyntheticFaces } from './synthetic-faces.ts'

/** As strong as the fitted one. */
export function cohortMetric(faces: SyntheticFaces): Metric {
  const centres = Array.from({ length: 400 }, (_, k) => unitVector(faces.photo(k * 31, 0)))
  const cohort = {
    centres,
    nearest: 3,
    floor: 0.925,
    weight: 1,
    usualLength: 1.5,
    lengthPower: 0.25,
  }
  return { kind: 'l2-cohort', cohort }
}

/** Compares with everybody, in one block of float32. */
export function exactSearch(
  faces: SyntheticFaces,
  metric: Metric,
  count: number,
): (probe: Float32Array) => number {
  const vectors = new Float32Array(count * encodingLength)
  const scales = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const { vector, scale } = prepareEncoding(metric, faces.photo(i, 0))
    vectors.set(vector, i * encodingLength)
    scales[i] = scale
  }
  return (probe) => {
    const { vector } = prepareEncoding(metric, probe)
    let best = -1
    let least = Number.POSITIVE_INFINITY
    for (let i = 0, at = 0; i < count; i++) {
      let apart = 0
      for (let k = 0; k < encodingLength; k++) {
        const difference = vector[k]! - vectors[at++]!
        apart += difference * difference
      }
      apart *= scales[i]! * scales[i]!
      if (apart >= least) continue
      least = apart
      best = i
    }
    return best
  }
}
