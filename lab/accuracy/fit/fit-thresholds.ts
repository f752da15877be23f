/**
 * Distances of strangers -> thresholds by rate, with intervals: counted where the pairs are many, from the law of the tail where they are few,
 * carried on to counts that too few people have photos for, and never looser where a mistake is rarer. Pure.
 */
import {
  bootstrap,
  type DrawnImpostors,
  drawnThresholdAt,
  type Interval,
  impostorDrawer,
} from '../rates/bootstrap.ts'
import type { Impostors } from '../rates/impostors.ts'
import { fitTail, tailQuantile } from '../rates/tail.ts'

/** Stored encodings of a person that thresholds are measured for; ten is all that a record holds. */
export const encodingCounts = [1, 2, 3, 5, 10] as const
/** Rates from here on are counted; rarer ones follow the law of the tail. */
const countedFrom = 0.0005
const seed = 1

export interface FittedThreshold {
  readonly fmr: number
  /** Encodings of the person, or people in the gallery. */
  readonly count: number
  readonly threshold: number
  /** 95 % interval of the threshold, by person. */
  readonly interval: Interval
  /**
   * Share of the photos of the right person that it refuses: of a person with `count` encodings, or for each of `missedCounts` in a
   * gallery. As far as enough people have the photos.
   */
  readonly missed: readonly number[]
}

/** @param people by number; each draw takes as many of them, some several times */
export function thresholdsFor(
  impostors: Impostors,
  people: readonly number[],
  { rates, rounds }: { rates: readonly number[]; rounds: number },
): { readonly threshold: number; readonly interval: Interval }[] {
  const drawn = impostorDrawer(impostors)
  const thresholds = thresholdsOf(
    drawn(() => 1),
    rates,
  )
  const intervals = bootstrap(people, (draw) => thresholdsOf(drawn(draw), rates), { rounds, seed })
  return rates.map((_, i) => ({
    threshold: roundDown(thresholds[i]!),
    interval: (intervals[i] ?? [thresholds[i]!, thresholds[i]!]).map(round) as [number, number],
  }))
}

/** Counted where the pairs are many, from the law of the tail where they are few. */
function thresholdsOf(drawn: DrawnImpostors, rates: readonly number[]): number[] {
  const tail = fitTail(drawn.distances, drawn.weights, drawn.total)
  return rates.map((rate) =>
    rate < countedFrom ? tailQuantile(tail, rate) : drawnThresholdAt(drawn, rate),
  )
}

/**
 * For the largest count of encodings, where too few people have as many photos: what the threshold loses from one
 * encoding to the largest measured count, it goes on losing at the same pace per doubling.
 */
export function extrapolated(measured: readonly FittedThreshold[]): FittedThreshold[] {
  const known = measured.at(-1)!.count
  const largest = encodingCounts.at(-1)!
  if (known === largest) return []
  if (known === 1) throw new Error('too few people have several photos')
  return measured
    .filter(({ count }) => count === known)
    .map((row) => {
      const single = measured.find(({ count, fmr }) => count === 1 && fmr === row.fmr)!
      const lost = Math.max(0, single.threshold - row.threshold)
      const further = lost * (Math.log(largest / known) / Math.log(known))
      const [low, high] = row.interval.map((end) => round(end - further)) as [number, number]
      const threshold = roundDown(row.threshold - further)
      return { ...row, count: largest, threshold, interval: [low, high], missed: [] }
    })
}

/** A rarer mistake or more chances for it never has the larger threshold, whatever chance did to the measurement. */
export function neverLooser(rows: readonly FittedThreshold[]): FittedThreshold[] {
  return rows.map((row) => {
    const laxer = rows.filter((other) => other.fmr >= row.fmr && other.count <= row.count)
    return { ...row, threshold: Math.min(...laxer.map(({ threshold }) => threshold)) }
  })
}

/** Down: never more strangers than asked for. */
function roundDown(distance: number): number {
  return Math.floor(distance * 1e4) / 1e4
}

function round(distance: number): number {
  return Math.round(distance * 1e4) / 1e4
}
