/**
 * How far two faces are apart, as the calibration measured it: by the L2 distance of their encodings, or of the encodings at
 * unit length with regard to how crowded it is around them. Some faces lie where many strangers lie close together, and a threshold that is right for most lets too many in there: a
 * metric may know how crowded each place is, and moves faces in a crowd further apart. It is adaptive score normalisation (Matejka
 * et al., Interspeech 2017) with two differences: the cohort of strangers is replaced by a smooth function fitted to it
 * (scripts/accuracy/fit-crowding.ts), so that nobody's encoding ships with the Worker; and it works one way only, since a
 * face unlike those of the fit looks lonely, and must not be let in more easily for that. Pure.
 */
import { encodingLength } from './compare.ts'

/** Cosine to the nearest strangers, as a function of the place: base + sum of height * exp(sharpness * (cosine to centre - offset)). */
export interface Crowding {
  /** Unit vectors, each the mean direction of many people. */
  readonly centres: readonly Float32Array[]
  /** One a centre. */
  readonly heights: readonly number[]
  readonly base: number
  readonly offset: number
  readonly sharpness: number
  /** Median over the faces of the fit: where it is less crowded than here, the distance is plain L2. */
  readonly floor: number
  /** Share of the crowding above the floor that counts, 0..1. */
  readonly weight: number
}

export type Metric =
  /** Of the encodings as they are; also for models that nobody calibrated. */
  { readonly kind: 'l2' } | { readonly kind: 'l2-crowding'; readonly crowding: Crowding }

/** An encoding made ready for comparison in one metric. */
export interface Place {
  /** 128 numbers; NaN when the encoding was none. */
  readonly vector: Float32Array
  /** What the place adds to half of the squared distance; 0 to about 0.02. */
  readonly shift: number
}

/** @param encoding 128 numbers of any length; zeros or anything not finite give a place at distance NaN from all */
export function placeOf(metric: Metric, encoding: Float32Array): Place {
  const direction = unitVector(encoding)
  if (metric.kind === 'l2') {
    return { vector: direction.every(Number.isFinite) ? encoding : direction, shift: 0 }
  }
  const { weight, floor } = metric.crowding
  const above = crowdingAt(metric.crowding, direction) - floor
  return { vector: direction, shift: (weight / 2) * Math.max(0, above) }
}

/** 0 for the same photo outside crowds, about 0.4 at a threshold; NaN, which no threshold accepts, when it cannot be measured. */
export function distanceBetween(a: Place, b: Place): number {
  if (a.vector.length !== encodingLength || b.vector.length !== encodingLength) {
    return Number.NaN
  }
  let squares = 0
  // Differences rather than 1 - cosine, which is not 0 where the rounded directions are the same.
  for (let i = 0; i < encodingLength; i++) squares += (a.vector[i] - b.vector[i]) ** 2
  const apart = Math.sqrt(squares + 2 * (a.shift + b.shift))
  return Number.isFinite(apart) ? apart : Number.NaN
}

/** From a probe to a person, whose encodings count as one template; NaN for a person without any. */
export function distanceToPerson(
  metric: Metric,
  probe: Float32Array,
  encodings: readonly Float32Array[],
): number {
  return distanceBetween(placeOf(metric, probe), placeOf(metric, templateOf(encodings)))
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
  let squares = 0
  for (const value of encoding) squares += value * value
  const usable = encoding.length === encodingLength && Number.isFinite(squares) && squares > 0
  return encoding.map((value) => (usable ? value / Math.sqrt(squares) : Number.NaN))
}

/** @param direction unit length */
export function crowdingAt(
  crowding: Omit<Crowding, 'floor' | 'weight'>,
  direction: Float32Array,
): number {
  let value = crowding.base
  for (const [k, centre] of crowding.centres.entries()) {
    let cosine = 0
    for (let i = 0; i < encodingLength; i++) cosine += centre[i] * direction[i]
    value += crowding.heights[k] * Math.exp(crowding.sharpness * (cosine - crowding.offset))
  }
  return value
}
