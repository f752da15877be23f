/**
 * Which of a person's new photos are not of that person. A photo belongs when /verify would match it with those that already
 * belong, starting from the stored encodings or, without any, from the photo nearest to all others. Photos are added one by
 * one, nearest first, so that a photo with glasses is reached through ones without, while a stranger stays outside. Pure.
 */

import { distanceToPerson, type Metric } from '../encoding/metrics/metric.ts'
import { addEncodings } from './merge.ts'

/** The largest distance that matches a person with so many encodings, and how it is measured. */
export type ThresholdFor = (encodings: number) => {
  readonly threshold: number
  readonly metric: Metric
}

/** @returns indexes into `added`; all of them if none can be called right */
export function findStrangers(
  known: readonly Float32Array[],
  added: readonly Float32Array[],
  thresholdFor: ThresholdFor,
): ReadonlySet<number> {
  const remaining = new Set(added.keys())
  if (known.length + added.length < 2) return new Set()
  let person = known
  if (known.length === 0) {
    const start = mostCentral(added, thresholdFor(1).metric)
    person = [added[start]]
    remaining.delete(start)
  }
  while (remaining.size > 0) {
    const { threshold, metric } = thresholdFor(person.length)
    const [next, apart] = nearestOf(remaining, added, person, metric)
    // Written so that NaN, which no threshold accepts, ends it too.
    if (!(apart <= threshold)) break
    person = addEncodings(person, [added[next]])
    remaining.delete(next)
  }
  const isNobodyKnown = known.length === 0 && remaining.size === added.length - 1
  return isNobodyKnown && remaining.size > 0 ? new Set(added.keys()) : remaining
}

/** Index of the encoding with the least sum of distances to the others. */
function mostCentral(encodings: readonly Float32Array[], metric: Metric): number {
  const sums = encodings.map((one) => {
    const sum = encodings.reduce(
      (total, other) => total + distanceToPerson(metric, one, [other]),
      0,
    )
    return Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum
  })
  return sums.indexOf(Math.min(...sums))
}

function nearestOf(
  remaining: ReadonlySet<number>,
  added: readonly Float32Array[],
  person: readonly Float32Array[],
  metric: Metric,
): readonly [index: number, apart: number] {
  const measured = [...remaining].map(
    (i) => [i, distanceToPerson(metric, added[i], person)] as const,
  )
  return measured.reduce((best, one) => (one[1] < best[1] || Number.isNaN(best[1]) ? one : best))
}
