/**
 * How far two faces are apart, as the calibration measured it: by the L2 distance of their encodings, or, in `l2-cohort`, by
 * that of their directions with regard to how crowded it is around them and to how long they are. Some faces lie where many
 * strangers lie close together, and a threshold that is right for most lets too many in there: such faces are moved further
 * apart. It is adaptive score normalisation (Matejka et al., Interspeech 2017) with two differences: the cohort of strangers
 * consists of means of several people each (lab/accuracy/fit-cohort.ts), so that nobody's encoding ships with the Worker;
 * and it works one way only, since a face unlike those of the cohort looks lonely, and must not be let in more easily for
 * that. Pure.
 */
import { encodingLength } from './distance.ts'

export interface Cohort {
  /** Unit vectors, each the mean direction of several people who resemble each other. */
  readonly centres: readonly Float32Array[]
  /** How many of the nearest centres tell how crowded a place is. */
  readonly nearest: number
  /** Median crowding of the faces of the fit: where it is less crowded than here, nothing is added. */
  readonly floor: number
  /** Share of the crowding above the floor that counts, 0..1. */
  readonly weight: number
  /** Median length of the encodings of the fit. */
  readonly usualLength: number
  /** How much of the length counts: 0 nothing, 1 as in the L2 distance of the encodings as they are. */
  readonly lengthPower: number
}

export type Metric =
  /** Of the encodings as they are; also for models that nobody calibrated. */
  { readonly kind: 'l2' } | { readonly kind: 'l2-cohort'; readonly cohort: Cohort }

/** An encoding made ready for comparison in one metric. */
export interface PreparedEncoding {
  /** 128 numbers; NaN when the encoding was none. */
  readonly vector: Float32Array
  /** What the place adds to the squared distance; 0 to about 0.02. */
  readonly shift: number
  /** What the distance is multiplied with, from `leastScale` to `largestScale`. */
  readonly scale: number
}

/** However short or long an encoding is, its length changes a distance by no more than this. */
export const leastScale = 0.94
const largestScale = 1.06

/** @param encoding 128 numbers of any length; zeros or anything not finite give a place at distance NaN from all */
export function prepareEncoding(metric: Metric, encoding: Float32Array): PreparedEncoding {
  const direction = unitVector(encoding)
  if (metric.kind === 'l2') {
    const vector = direction.every(Number.isFinite) ? encoding : direction
    return { vector, shift: 0, scale: 1 }
  }
  const { weight, floor, usualLength, lengthPower } = metric.cohort
  const above = crowdingAt(metric.cohort, direction) - floor
  const scale = (lengthOf(encoding) / usualLength) ** (lengthPower / 2)
  return {
    vector: direction,
    shift: weight * Math.max(0, above),
    scale: Math.min(largestScale, Math.max(leastScale, scale)),
  }
}

/** 0 for the same photo outside crowds, about 0.4 at a threshold; NaN, which no threshold accepts, when it cannot be measured. */
export function distanceBetween(a: PreparedEncoding, b: PreparedEncoding): number {
  if (a.vector.length !== encodingLength || b.vector.length !== encodingLength) {
    return Number.NaN
  }
  let squares = 0
  // Differences rather than 1 - cosine, which is not 0 where the rounded directions are the same.
  for (let i = 0; i < encodingLength; i++) squares += (a.vector[i] - b.vector[i]) ** 2
  const apart = Math.sqrt(squares + a.shift + b.shift) * a.scale * b.scale
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

/**
 * One encoding for a person: the mean of all of theirs, all NaN when there is none. Measured on LFW it is nearer to a new photo of them,
 * against the same false matches, than the nearest of their encodings is (docs/accuracy.md).
 */
export function templateOf(encodings: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(encodingLength)
  for (const encoding of encodings) {
    const isEncoding = encoding.length === encodingLength
    for (let i = 0; i < encodingLength; i++) {
      mean[i] += isEncoding ? encoding[i] / encodings.length : Number.NaN
    }
  }
  return encodings.length > 0 ? mean : mean.fill(Number.NaN)
}

/** Of unit length; all NaN when there is no direction: a wrong length, zeros, anything not finite. */
export function unitVector(encoding: Float32Array): Float32Array {
  const length = lengthOf(encoding)
  const usable = encoding.length === encodingLength && Number.isFinite(length) && length > 0
  return encoding.map((value) => (usable ? value / length : Number.NaN))
}

/**
 * Mean cosine to the nearest centres of the cohort: how near strangers come here.
 *
 * @param direction unit length
 */
export function crowdingAt(
  { centres, nearest }: Pick<Cohort, 'centres' | 'nearest'>,
  direction: Float32Array,
): number {
  const best = new Array<number>(nearest).fill(-1)
  for (const centre of centres) {
    const cosine = product(centre, direction)
    if (cosine > best[0]) {
      best[0] = cosine
      best.sort((a, b) => a - b)
    }
  }
  return best.reduce((sum, cosine) => sum + cosine, 0) / nearest
}

/** In four sums, which need not wait for each other: a search takes it of hundreds of records and all centres. */
function product(a: Float32Array, b: Float32Array): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let i = 0; i < encodingLength; i += 4) {
    s0 += a[i] * b[i]
    s1 += a[i + 1] * b[i + 1]
    s2 += a[i + 2] * b[i + 2]
    s3 += a[i + 3] * b[i + 3]
  }
  return s0 + s1 + s2 + s3
}

function lengthOf(encoding: Float32Array): number {
  let squares = 0
  for (const value of encoding) squares += value * value
  return Math.sqrt(squares)
}
