/**
 * The threshold for accuracy, where a stranger let in and the right person refused weigh the same: where the mean of FMR and FNMR is least.
 * That minimum is flat, and a few photos move it. So FMR is counted over all strangers, who are millions of pairs, and FNMR follows the law
 * of its tail (tail.ts) where a handful of photos lies there; before the tail it is counted. Every person counts once, as where pairs are
 * drawn by person. Pure.
 */
import { type Impostors, thresholdAt } from './impostors.ts'
import { fnmrAt, type GenuinePair } from './rates.ts'
import { fitTail, type Tail, tailRate } from './tail.ts'

/** Share of one person's pairs that is taken for the tail. */
const tailShare = 0.05
/** False-match rates that are tried, a factor of 1.03 apart, up to that of the farthest stranger that is known. */
const [rarest, factor] = [1e-5, 1.03] as const

/** Two photos of one person; with fewer the tail is not known. */
const leastPairs = 400

/**
 * Null where it is not known: with few pairs of one person, without strangers, with a tail that is a single distance, or where the error
 * still falls at the last rate that is tried, as with a weak encoder.
 *
 * @param photoPairs pairs of photos of one person; each may be several of `genuine`
 */
export function leastErrorThreshold(
  genuine: readonly GenuinePair[],
  impostors: Impostors,
  photoPairs: number,
): number | null {
  if (photoPairs < leastPairs) return null
  const weightOf = onePersonOnce(genuine)
  const tail = tailOf(genuine, weightOf)
  if (Number.isNaN(tail.scale)) return null
  const { near, pairs } = impostors
  let least = { error: Number.POSITIVE_INFINITY, threshold: 0 }
  let last = least
  for (let fmr = rarest; fmr * pairs < near.length; fmr *= factor) {
    const threshold = thresholdAt(impostors, fmr)
    const isInTail = -threshold < tail.limit
    const fnmr = isInTail ? tailRate(tail, -threshold) : fnmrAt(genuine, threshold, weightOf)
    last = { error: fmr + fnmr, threshold }
    if (last.error < least.error) least = last
  }
  return least === last ? null : least.threshold
}

/** How often a pair counts. */
function onePersonOnce(genuine: readonly GenuinePair[]): (person: number) => number {
  const pairsOf = new Map<number, number>()
  for (const { person } of genuine) pairsOf.set(person, (pairsOf.get(person) ?? 0) + 1)
  const mean = genuine.length / pairsOf.size
  return (person) => mean / pairsOf.get(person)!
}

/** Of the farthest pairs, as `fitTail` has that of the nearest: distances are negative. */
function tailOf(genuine: readonly GenuinePair[], weightOf: (person: number) => number): Tail {
  const farthest = genuine
    .flatMap(({ person, distance }) => (distance === null ? [] : [{ person, distance }]))
    .sort((a, b) => b.distance - a.distance)
  return fitTail(
    farthest.map(({ distance }) => -distance),
    farthest.map(({ person }) => weightOf(person)),
    genuine.length,
    tailShare,
  )
}
