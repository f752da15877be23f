/**
 * A head made to heed less what says nothing of its kind, as what is around a face says nothing of a lens too near it: the weighing
 * nearest to the head's own, as scores of known pictures tell, under which those changes move scores least. Pure.
 */
import { solveSymmetric } from '../../../src/liveness/algebra/solve-symmetric.ts'
import { type LinearHead, scoreOf } from './linear-head.ts'

/** How much the changes count against the scores of known pictures, and how much each weight should stay as it is. */
const share = 0.15
const stay = 0.1

export interface Known {
  readonly ordinary: readonly Float32Array[]
  readonly ofKind: readonly Float32Array[]
}

/**
 * Ordinary pictures, and those of the kind, keep their mean scores.
 *
 * @param changes of the features, from one picture to another of the same face that the head should not tell apart
 */
export function heedLess(
  head: LinearHead,
  known: Known,
  changes: readonly Float32Array[],
): LinearHead {
  const size = head.weights.length
  const pictures = [...known.ordinary, ...known.ofKind]
  const middle = meanOf(pictures, size)
  const kept = squares(
    pictures.map((features) => middle.map((mean, i) => features[i]! - mean)),
    size,
  )
  for (let i = 0; i < size; i++) kept[i]![i]! += stay
  const goal = kept.map((row) => row.reduce((sum, value, i) => sum + value * head.weights[i]!, 0))
  const moved = squares(changes, size)
  const matrix = kept.flatMap((row, i) => [...row.map((value, k) => value + share * moved[i]![k]!)])
  const weights = solveSymmetric(Float64Array.from(matrix), Float64Array.from(goal), 0)
  return withMeans(head, { weights, bias: 0 }, known)
}

/** The second head in the first one's measure. */
function withMeans(head: LinearHead, made: LinearHead, { ordinary, ofKind }: Known): LinearHead {
  const size = head.weights.length
  const [low, high] = [meanOf(ordinary, size), meanOf(ofKind, size)].map((mean) => {
    const features = Float32Array.from(mean)
    return [scoreOf(head, features), scoreOf(made, features)] as const
  }) as [readonly [number, number], readonly [number, number]]
  const scale = (high[0] - low[0]) / (high[1] - low[1])
  return { weights: made.weights.map((weight) => weight * scale), bias: low[0] - scale * low[1] }
}

function meanOf(rows: readonly ArrayLike<number>[], size: number): Float64Array {
  const mean = new Float64Array(size)
  for (const row of rows) for (let i = 0; i < size; i++) mean[i]! += row[i]! / rows.length
  return mean
}

/** Mean products of the numbers with each other. */
function squares(rows: readonly ArrayLike<number>[], size: number): Float64Array[] {
  const sums = Array.from({ length: size }, () => new Float64Array(size))
  for (const row of rows) {
    for (let i = 0; i < size; i++) {
      const [value, sum] = [row[i]! / rows.length, sums[i]!]
      for (let k = 0; k <= i; k++) sum[k]! += value * row[k]!
    }
  }
  for (let i = 0; i < size; i++) for (let k = 0; k < i; k++) sums[k]![i] = sums[i]![k]!
  return sums
}
