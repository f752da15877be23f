/** Logistic regression: which linear weighing of features tells one kind of picture from others. Pure. */

export interface Example {
  readonly features: Float32Array
  readonly isKind: boolean
  /** How much the example counts. */
  readonly weight: number
}

export interface LinearHead {
  readonly weights: Float64Array
  readonly bias: number
}

const steps = 200
const penalty = 1e-2

/** @param features the first of them are weighed, where there are more than weights */
export function scoreOf({ weights, bias }: LinearHead, features: Float32Array): number {
  let sum = bias
  for (let i = 0; i < weights.length; i++) sum += features[i]! * weights[i]!
  return sum
}

/** By Adam over all examples at once, on features brought to mean 0 and deviation 1. */
export function fitHead(examples: readonly Example[]): LinearHead {
  const size = examples[0]!.features.length
  const { means, deviations } = spreadOf(examples.map(({ features }) => features))
  const rows = examples.map(({ features }) =>
    features.map((value, i) => (value - means[i]!) / deviations[i]!),
  )
  const total = examples.reduce((sum, { weight }) => sum + weight, 0)
  const [weights, first, second] = [0, 0, 0].map(() => new Float64Array(size + 1)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let step = 1; step <= steps; step++) {
    const slope = weights.map((weight, i) => (i < size ? penalty * weight : 0))
    for (const [k, row] of rows.entries()) {
      let sum = weights[size]!
      for (let i = 0; i < size; i++) sum += weights[i]! * row[i]!
      const { isKind, weight } = examples[k]!
      const off = ((1 / (1 + Math.exp(-sum)) - (isKind ? 1 : 0)) * weight) / total
      for (let i = 0; i < size; i++) slope[i]! += off * row[i]!
      slope[size]! += off
    }
    const rate = 0.05 * (1 - step / (steps + 1)) + 0.002
    for (let i = 0; i <= size; i++) {
      first[i] = 0.9 * first[i]! + 0.1 * slope[i]!
      second[i] = 0.999 * second[i]! + 0.001 * slope[i]! ** 2
      const mean = first[i]! / (1 - 0.9 ** step)
      weights[i]! -= (rate * mean) / (Math.sqrt(second[i]! / (1 - 0.999 ** step)) + 1e-9)
    }
  }
  const raw = weights.slice(0, size).map((weight, i) => weight / deviations[i]!)
  return {
    weights: raw,
    bias: weights[size]! - raw.reduce((sum, weight, i) => sum + weight * means[i]!, 0),
  }
}

function spreadOf(rows: readonly Float32Array[]): {
  means: Float64Array
  deviations: Float64Array
} {
  const size = rows[0]!.length
  const [means, squares] = [new Float64Array(size), new Float64Array(size)]
  for (const row of rows) {
    for (let i = 0; i < size; i++) {
      means[i]! += row[i]! / rows.length
      squares[i]! += row[i]! ** 2 / rows.length
    }
  }
  return {
    means,
    deviations: squares.map((square, i) => Math.sqrt(Math.max(0, square - means[i]! ** 2)) + 1e-3),
  }
}
