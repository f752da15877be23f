/**
 * How well distances tell same from different, at every threshold: the ROC curve and the area under it. Pure. The area
 * is the chance that a pair of one person lies nearer than a pair of two people (Hanley, McNeil 1982); ties count half.
 */

export interface ScoredPair {
  readonly distance: number
  /** Whether both photos show one person. */
  readonly same: boolean
}

export interface RocPoint {
  /** Share of different pairs that would be accepted. */
  readonly falseMatchRate: number
  /** Share of same pairs that would be accepted. */
  readonly trueMatchRate: number
}

export interface Roc {
  /** From (0, 0) to (1, 1), one point for each distance at which pairs are accepted. */
  readonly curve: readonly RocPoint[]
  /** 0..1; 0.5 is chance. */
  readonly area: number
}

/** @throws Error when a distance is not finite, or one of the two kinds of pairs is absent */
export function computeRoc(pairs: readonly ScoredPair[]): Roc {
  const same = pairs.filter((pair) => pair.same).length
  const different = pairs.length - same
  if (same === 0 || different === 0) {
    throw new Error(`${same} pairs of one person and ${different} of two; expected some of both`)
  }
  if (!pairs.every(({ distance }) => Number.isFinite(distance))) {
    throw new Error('a distance is not finite')
  }
  const sorted = pairs.toSorted((left, right) => left.distance - right.distance)
  const curve: RocPoint[] = [{ falseMatchRate: 0, trueMatchRate: 0 }]
  let accepted = 0
  let area = 0
  for (const [i, { distance }] of sorted.entries()) {
    if (sorted[i]!.same) accepted++
    // Equal distances are accepted together.
    if (sorted[i + 1]?.distance === distance) continue
    const before = curve.at(-1)!
    const point = {
      falseMatchRate: (i + 1 - accepted) / different,
      trueMatchRate: accepted / same,
    }
    area +=
      ((point.falseMatchRate - before.falseMatchRate) *
        (point.trueMatchRate + before.trueMatchRate)) /
      2
    curve.push(point)
  }
  return { curve, area }
}
