/**
 * The weights that tell heads from pictures: logistic regression by Newton's method. Real heads of different days, made heads of one take and
 * each of the attacks count by group, so that no group decides because it is large. Pure.
 */

import { solveSymmetric } from '../../../src/liveness/algebra/solve-symmetric.ts'
import { featuresOf, type ScoreWeights, termsOf } from '../../../src/liveness/head-score.ts'
import type { TurnMeasures } from '../../../src/liveness/turn.ts'

/** How much large weights are held back. */
const ridge = 0.002
const steps = 60

interface Row {
  readonly terms: readonly number[]
  /** 1 for a head, -1 for a picture. */
  readonly sign: number
  readonly weight: number
}

/** @param heads groups that count alike. @param pictures as one group */
export function fitScore(
  heads: readonly (readonly TurnMeasures[])[],
  pictures: readonly TurnMeasures[],
): ScoreWeights {
  const groups = heads.filter(({ length }) => length > 0)
  const all = [...groups.flat(), ...pictures]
  const scales = scalesOf(all.map(featuresOf))
  const rowsOf = (group: readonly TurnMeasures[], sign: number, share: number): Row[] =>
    group.map((measures) => ({
      terms: [...termsOf(measures, scales).flat(), 1],
      sign,
      weight: share / group.length,
    }))
  const rows = [
    ...groups.flatMap((group) => rowsOf(group, 1, 1 / groups.length)),
    ...rowsOf(pictures, -1, 1),
  ]
  const weights = newton(rows, 2 * scales.length + 1)
  return {
    constant: weights.at(-1)!,
    features: scales.map((scale, i) => ({
      ...scale,
      linear: weights[2 * i]!,
      square: weights[2 * i + 1]!,
    })),
  }
}

function scalesOf(values: readonly (readonly number[])[]) {
  return values[0]!.map((_, i) => {
    const middle = values.reduce((sum, row) => sum + row[i]!, 0) / values.length
    const squares = values.reduce((sum, row) => sum + (row[i]! - middle) ** 2, 0)
    return { middle, spread: Math.sqrt(squares / values.length) }
  })
}

function newton(rows: readonly Row[], size: number): Float64Array {
  const weights = new Float64Array(size)
  for (let step = 0; step < steps; step++) {
    const normal = new Float64Array(size * size)
    const right = new Float64Array(size)
    for (let k = 0; k < size - 1; k++) {
      normal[k * size + k]! += 2 * ridge
      right[k]! -= 2 * ridge * weights[k]!
    }
    for (const { terms, sign, weight } of rows) {
      const score = terms.reduce((sum, term, k) => sum + term * weights[k]!, 0)
      const doubt = 1 / (1 + Math.exp(sign * score))
      const pull = weight * sign * doubt
      const curve = weight * doubt * (1 - doubt)
      for (let i = 0; i < size; i++) {
        right[i]! += pull * terms[i]!
        for (let j = 0; j <= i; j++) normal[i * size + j]! += curve * terms[i]! * terms[j]!
      }
    }
    const change = solveSymmetric(normal, right)
    change.forEach((value, k) => {
      weights[k]! += value
    })
  }
  return weights
}
