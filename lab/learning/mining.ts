/**
 * Which triplets of a batch to learn from. Pure: encodings and labels in, indices out. Distances are squared L2, as in
 * the loss. Names after FaceNet (Schroff, Kalenichenko, Philbin 2015, section 3.2) and "In Defense of the Triplet Loss"
 * (Hermans, Beyer, Leibe 2017, section 2).
 */
import type { SeededRandom } from './seeded-random.ts'

/**
 * For two photos of one person (anchor, positive) and one of another (negative):
 * - all: every triplet, whether it still teaches something or not
 * - hard: for each anchor and positive the nearest negative, where it is no further than the positive
 * - semi-hard: for each anchor and positive one negative, drawn among those further than the positive, but by less than
 *   the margin
 * - batch-all: every triplet with a loss above 0
 * - batch-hard: for each anchor the furthest positive and the nearest negative
 */
export type Mining = (typeof minings)[number]

export const minings = ['all', 'hard', 'semi-hard', 'batch-all', 'batch-hard'] as const

/** Rows of the batch; all three have one length, the number of triplets. */
export interface Triplets {
  readonly anchors: Int32Array
  readonly positives: Int32Array
  readonly negatives: Int32Array
}

export interface MiningInput {
  /** [labels.length, length] */
  readonly encodings: Float32Array
  /** Who each row shows. */
  readonly labels: readonly number[]
  readonly margin: number
  /** Draws for 'semi-hard'. */
  readonly random: SeededRandom
}

/** Chooses the negatives for one anchor and positive. */
type Choose = (
  toPositive: number,
  negatives: readonly number[],
  anchor: number,
) => readonly number[]

/** None is not an error: there is nothing left to learn from this batch then. */
export function mineTriplets(mining: Mining, input: MiningInput): Triplets {
  const { labels, margin, random } = input
  const distances = squaredDistances(input.encodings, labels.length)
  const distance = (i: number, j: number): number => distances[i * labels.length + j]!
  switch (mining) {
    case 'all':
      return everyPair(labels, distance, (_, negatives) => negatives)
    case 'hard':
      return everyPair(labels, distance, (toPositive, negatives, anchor) => {
        const nearest = extreme(negatives, (n) => -distance(anchor, n))
        return nearest !== undefined && distance(anchor, nearest) <= toPositive ? [nearest] : []
      })
    case 'semi-hard':
      return everyPair(labels, distance, (toPositive, negatives, anchor) => {
        const within = negatives.filter((n) => {
          const further = distance(anchor, n) - toPositive
          return further > 0 && further < margin
        })
        return within.length > 0 ? [within[random.below(within.length)]!] : []
      })
    case 'batch-all':
      return everyPair(labels, distance, (toPositive, negatives, anchor) =>
        negatives.filter((n) => toPositive - distance(anchor, n) + margin > 0),
      )
    case 'batch-hard':
      return batchHard(labels, distance)
  }
}

/** How many triplets there are in a batch, active or not. */
export function countTriplets(labels: readonly number[]): number {
  const counts = [...Map.groupBy(labels, (label) => label).values()].map((rows) => rows.length)
  return counts.reduce((sum, own) => sum + own * (own - 1) * (labels.length - own), 0)
}

/** [count, count] */
export function squaredDistances(encodings: Float32Array, count: number): Float64Array {
  const length = encodings.length / count
  const distances = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      let sum = 0
      for (let k = 0; k < length; k++) {
        sum += (encodings[i * length + k]! - encodings[j * length + k]!) ** 2
      }
      distances[i * count + j] = sum
      distances[j * count + i] = sum
    }
  }
  return distances
}

type Distance = (i: number, j: number) => number

function everyPair(labels: readonly number[], distance: Distance, choose: Choose): Triplets {
  const triplets: [number, number, number][] = []
  for (const [anchor, label] of labels.entries()) {
    const negatives = rowsWhere(labels, (other) => other !== label)
    for (const positive of rowsWhere(labels, (other) => other === label)) {
      if (positive === anchor) continue
      for (const negative of choose(distance(anchor, positive), negatives, anchor)) {
        triplets.push([anchor, positive, negative])
      }
    }
  }
  return toColumns(triplets)
}

function batchHard(labels: readonly number[], distance: Distance): Triplets {
  const triplets: [number, number, number][] = []
  for (const [anchor, label] of labels.entries()) {
    const positives = rowsWhere(labels, (other) => other === label).filter((row) => row !== anchor)
    const negatives = rowsWhere(labels, (other) => other !== label)
    const positive = extreme(positives, (row) => distance(anchor, row))
    const negative = extreme(negatives, (row) => -distance(anchor, row))
    if (positive === undefined || negative === undefined) continue
    triplets.push([anchor, positive, negative])
  }
  return toColumns(triplets)
}

function rowsWhere(labels: readonly number[], wanted: (label: number) => boolean): number[] {
  return labels.flatMap((label, row) => (wanted(label) ? [row] : []))
}

/** The row with the greatest value; the first of equal ones. */
function extreme(rows: readonly number[], value: (row: number) => number): number | undefined {
  let best: number | undefined
  for (const row of rows) if (best === undefined || value(row) > value(best)) best = row
  return best
}

function toColumns(triplets: readonly (readonly [number, number, number])[]): Triplets {
  return {
    anchors: Int32Array.from(triplets, ([anchor]) => anchor),
    positives: Int32Array.from(triplets, ([, positive]) => positive),
    negatives: Int32Array.from(triplets, ([, , negative]) => negative),
  }
}
