/** Error rates of labelled pairs. A pair with a photo that gave no encoding has no distance, and is never a match. Pure. */
import { fmrAt, type Impostors } from './impostors.ts'

export interface GenuinePair {
  /** Number of the person. */
  readonly person: number
  /** Null: one of the photos gave no encoding. */
  readonly distance: number | null
}

export interface LabelledDistance {
  readonly fold: number
  readonly same: boolean
  readonly distance: number | null
}

/** Share of the pairs of one person that a threshold refuses; failures to encode are refusals. */
export function fnmrAt(
  genuine: readonly GenuinePair[],
  threshold: number,
  weight: (person: number) => number = () => 1,
): number {
  let refused = 0
  let total = 0
  for (const { person, distance } of genuine) {
    const times = weight(person)
    total += times
    if (distance === null || distance > threshold) refused += times
  }
  return refused / total
}

/** Where FMR and FNMR are equal; null when that is beyond the near pairs. */
export function equalErrorRate(
  genuine: readonly GenuinePair[],
  impostors: Impostors,
): { readonly rate: number; readonly threshold: number } | null {
  let low = 0
  let high = impostors.near.length - 1
  const gap = (i: number): number => {
    const threshold = impostors.near[i].distance
    return fmrAt(impostors, threshold) - fnmrAt(genuine, threshold)
  }
  if (high < 0 || gap(high) < 0) return null
  while (low < high) {
    const middle = (low + high) >> 1
    if (gap(middle) >= 0) high = middle
    else low = middle + 1
  }
  const threshold = impostors.near[low].distance
  return { rate: (fmrAt(impostors, threshold) + fnmrAt(genuine, threshold)) / 2, threshold }
}

export interface FoldedAccuracy {
  /** Mean over the folds, 0..1. */
  readonly mean: number
  /** Standard error of that mean, as LFW reports it. */
  readonly standardError: number
  readonly folds: readonly { fold: number; accuracy: number; threshold: number }[]
}

/**
 * LFW's protocol. A pair of strangers whose photo gave no encoding is decided rightly, since nobody is let in; a pair of one person is not.
 *
 * @param thresholds by fold, fitted to other people; for a fold without one it is that at which most pairs of the other folds are decided rightly
 */
export function foldedAccuracy(
  pairs: readonly LabelledDistance[],
  thresholds: ReadonlyMap<number, number> = new Map(),
): FoldedAccuracy {
  const folds = [...new Set(pairs.map(({ fold }) => fold))].sort((a, b) => a - b)
  if (folds.length < 2) throw new Error('the pairs need at least two folds')
  const results = folds.map((fold) => {
    const threshold =
      thresholds.get(fold) ?? bestThreshold(pairs.filter((pair) => pair.fold !== fold)).threshold
    const tested = pairs.filter((pair) => pair.fold === fold)
    const right = tested.filter(
      ({ same, distance }) => (distance !== null && distance <= threshold) === same,
    )
    return { fold, accuracy: right.length / tested.length, threshold }
  })
  const mean = results.reduce((sum, { accuracy }) => sum + accuracy, 0) / folds.length
  const squares = results.reduce((sum, { accuracy }) => sum + (accuracy - mean) ** 2, 0)
  const deviation = Math.sqrt(squares / (folds.length - 1))
  return { mean, standardError: deviation / Math.sqrt(folds.length), folds: results }
}

/** The threshold at which most pairs are decided rightly; a pair matches when its distance is at most the threshold. */
export function bestThreshold(
  pairs: readonly { readonly distance: number | null; readonly same: boolean }[],
): { accuracy: number; threshold: number } {
  const known = pairs
    .flatMap(({ distance, same }) => (distance === null ? [] : [{ distance, same }]))
    .sort((left, right) => left.distance - right.distance)
  let right = pairs.filter(({ same }) => !same).length
  let best = { right, threshold: 0 }
  for (const [i, { distance, same }] of known.entries()) {
    right += same ? 1 : -1
    const next = known[i + 1]?.distance ?? distance
    // Equal distances fall on the same side of every threshold.
    if (next === distance && i + 1 < known.length) continue
    if (right > best.right) best = { right, threshold: (distance + next) / 2 }
  }
  return { accuracy: best.right / pairs.length, threshold: best.threshold }
}
