/**
 * The threshold for accuracy, where a stranger let in and the right person refused weigh the same: where the mean of FMR and FNMR is least.
 * That minimum is flat, and a few photos move it. So FMR is counted over all strangers, who are millions of pairs, and FNMR follows the law
 * of its tail (tail.ts), since a handful of photos lies there. Every person counts once, as where pairs are drawn by person. Pure.
 */
import { type Impostors, thresholdAt } from './impostors.ts'
import type { GenuinePair } from './rates.ts'
import { fitTail, type Tail, tailRate } from './tail.ts'

/** Share of one person's pairs that is taken for the tail: more than are refused at any threshold in question. */
const tailShare = 0.05
/** False-match rates that are tried, a factor of 1.03 apart, up to that of the farthest stranger that is known. */
const [rarest, factor] = [1e-5, 1.03] as const

/** With fewer the tail is not known. */
const leastPairs = 400

/** Null when there are too few pairs of one person. */
export function leastErrorThreshold(
  genuine: readonly GenuinePair[],
  impostors: Impostors,
): number | null {
  if (genuine.length < leastPairs) return null
  const tail = tailOf(genuine)
  let least = { error: Number.POSITIVE_INFINITY, threshold: 0 }
  const commonest = impostors.near.length / impostors.pairs
  for (let fmr = rarest; fmr < commonest; fmr *= factor) {
    const threshold = thresholdAt(impostors, fmr)
    const error = fmr + tailRate(tail, -threshold)
    if (error < least.error) least = { error, threshold }
  }
  return least.threshold
}

/** Of the farthest pairs, as `fitTail` has that of the nearest: distances are negative. */
function tailOf(genuine: readonly GenuinePair[]): Tail {
  const pairsOf = new Map<number, number>()
  for (const { person } of genuine) pairsOf.set(person, (pairsOf.get(person) ?? 0) + 1)
  const known = genuine.flatMap(({ person, distance }) =>
    distance === null ? [] : [{ person, distance }],
  )
  const farthest = known.sort((a, b) => b.distance - a.distance)
  const mean = genuine.length / pairsOf.size
  return fitTail(
    farthest.map(({ distance }) => -distance),
    farthest.map(({ person }) => mean / pairsOf.get(person)!),
    genuine.length,
    tailShare,
  )
}
