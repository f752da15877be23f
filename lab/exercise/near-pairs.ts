/**
 * Whether weights tell the people of the house apart at all: how many pairs of two people a threshold would take for one. Drawn or
 * damaged weights put everybody in one place, and a threshold that nobody measured then opens to anybody.
 */
import { distanceToPerson, type Metric } from '../../src/encoding/metrics/metric.ts'
import { templateOf } from '../../src/encoding/template.ts'
import type { Door } from './door.ts'

export interface NearPairs {
  readonly near: number
  readonly pairs: number
}

/** A threshold that takes more than this share of the house's pairs for one person is of no use. */
const mostNear = 0.1

export function countNearPairs(
  people: Door['people'],
  { metric, threshold }: { readonly metric: Metric; readonly threshold: number },
): NearPairs {
  const everybody = [...people.values()]
  let near = 0
  for (const [i, one] of everybody.entries()) {
    for (const other of everybody.slice(i + 1)) {
      if (distanceToPerson(metric, templateOf(one), other) <= threshold) near++
    }
  }
  return { near, pairs: (everybody.length * (everybody.length - 1)) / 2 }
}

export function tellsPeopleApart({ near, pairs }: NearPairs): boolean {
  return near <= pairs * mostNear
}
