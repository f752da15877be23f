/**
 * 95 % intervals by drawing people anew (bootstrap by person): photos of one person are not independent, and neither are
 * pairs that share a face, so whole people are drawn, with replacement, and a pair counts as often as the product of its
 * two people. Percentile intervals; seeded.
 */
import { SeededRandom } from '../../learning/seeded-random.ts'
import type { Impostors } from './impostors.ts'

export type Interval = readonly [low: number, high: number]

/** How often each person was drawn, by the number of the person. */
export type Draw = (person: number) => number

/** People drawn with replacement, `rounds` times; `measure` is called once a round. Empty without rounds. */
export function bootstrap(
  people: readonly number[],
  measure: (draw: Draw) => readonly number[],
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
): Interval[] {
  const measured: (readonly number[])[] = []
  for (let round = 0; round < rounds; round++) {
    const random = new SeededRandom(seed, 'bootstrap', round)
    const times = new Uint32Array(Math.max(...people) + 1)
    for (let i = 0; i < people.length; i++) times[people[random.below(people.length)]!]!++
    measured.push(measure((person) => times[person] ?? 0))
  }
  return (measured[0] ?? []).map((_, i) => interval(measured.map((values) => values[i])))
}

/** From the 2.5th to the 97.5th percentile; what is not a number does not count. */
function interval(values: readonly number[]): Interval {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]
  return [at(0.025), at(0.975)]
}

export interface DrawnImpostors {
  /** Nearest first, with the weight of each. */
  readonly distances: Float64Array
  readonly weights: Float64Array
  /** Weight of all pairs, near or not. */
  readonly total: number
}

/**
 * Gives the impostors of each draw, until the next. Their numbers lie side by side in memory, since every round reads them all; weights of
 * its own for each round would have millions of pairs swept for garbage every time.
 */
export function impostorDrawer({ near, people }: Impostors): (draw: Draw) => DrawnImpostors {
  const distances = new Float64Array(near.length)
  const enrolled = new Uint32Array(near.length)
  const probes = new Uint32Array(near.length)
  // Not Float64Array.from: it takes eight times as long.
  for (let i = 0; i < near.length; i++) {
    const pair = near[i]!
    distances[i] = pair.distance
    enrolled[i] = pair.enrolled
    probes[i] = pair.probe
  }
  const weights = new Float64Array(near.length)
  return (draw) => {
    for (let i = 0; i < weights.length; i++) weights[i] = draw(enrolled[i]!) * draw(probes[i]!)
    return { distances, weights, total: drawnTotal(people, draw) }
  }
}

function drawnTotal(people: Impostors['people'], draw: Draw): number {
  let total = 0
  for (const set of people) {
    let enrolled = 0
    let probes = 0
    let own = 0
    for (const [person, count] of set) {
      const times = draw(person)
      enrolled += times * count.enrolled
      probes += times * count.probes
      own += times * count.enrolled * times * count.probes
    }
    total += enrolled * probes - own
  }
  return total
}

/** As `thresholdAt` of impostors.ts; NaN when the near pairs do not reach that far. */
export function drawnThresholdAt(
  { distances, weights, total }: DrawnImpostors,
  fmr: number,
): number {
  let weight = 0
  for (let i = 0; i < distances.length; i++) {
    weight += weights[i]
    if (weight <= total * fmr) continue
    const [last, over] = [distances[i - 1] ?? distances[i], distances[i]]
    return last < over ? (last + over) / 2 : over - 1e-9
  }
  return Number.NaN
}
