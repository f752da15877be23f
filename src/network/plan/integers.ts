/**
 * A convolution's filter in whole numbers: weight = whole number x step of its output channel. A filter whose source was whole
 * numbers times one step comes back exactly; any other is rounded to ten bits a channel or more. How large the inputs may be is
 * bounded so that no sum of products leaves 32 bits, whatever the picture. Pure.
 */

export interface IntegerFilter {
  /** [height, width, in, out], each at most `largestWeight` in size. */
  readonly weights: Int16Array
  /** [out]: what a whole number stands for. */
  readonly steps: Float32Array
}

/** Nine times as much fits into 16 bits, as Winograd's transform needs it. */
export const largestWeight = 3640
/** Ten bits and the sign: what a filter is packed with, and the fewest that rounding keeps. */
export const packedLevels = 511
/** Four times as much fits into 16 bits, as Winograd's transform of the picture needs it. */
export const largestInput = 8191
/** Fewer levels than this would show in an encoding. */
const leastInput = 1023

/** Levels that are whole multiples of one step, all of at most `largestWeight`; null when they are not. */
export function latticeOf(levels: Float32Array): { step: number; weights: Int16Array } | null {
  const sorted = Float32Array.from(new Set(levels)).sort()
  let step = Infinity
  for (let i = 1; i < sorted.length; i++) step = Math.min(step, sorted[i]! - sorted[i - 1]!)
  if (sorted.length < 2 || !(step > 0)) return null
  // The smallest gap is known to a few digits only; the whole span tells it to many.
  const [low, high] = [sorted[0]!, sorted.at(-1)!]
  const exact = (high - low) / Math.round((high - low) / step)
  const weights = Int16Array.from(levels, (level) => Math.round(level / exact))
  const isLattice = levels.every((level, i) => {
    const weight = weights[i]!
    return Math.abs(weight) <= largestWeight && Math.abs(level / exact - weight) < 1e-3
  })
  return isLattice ? { step: exact, weights } : null
}

/**
 * @param filter output channel fastest, folded
 * @param levels of the largest weight; as many as sums leave room for unless given
 */
export function roundFilter(filter: Float32Array, out: number, levels?: number): IntegerFilter {
  const most = new Float32Array(out)
  for (let i = 0; i < filter.length; ) {
    for (let c = 0; c < out; c++, i++) most[c] = Math.max(most[c]!, Math.abs(filter[i]!))
  }
  const kept = levels ?? roomFor(filter, most)
  const steps = most.map((value) => value / kept)
  const weights = new Int16Array(filter.length)
  for (let i = 0; i < filter.length; ) {
    for (let c = 0; c < out; c++, i++) {
      weights[i] = steps[c]! > 0 ? Math.round(filter[i]! / steps[c]!) : 0
    }
  }
  return { weights, steps }
}

/** Whole numbers a channel's largest weight may become so that inputs keep all their levels, whichever way the layer is run. */
function roomFor(filter: Float32Array, most: Float32Array): number {
  const sums = new Float64Array(most.length)
  for (let i = 0; i < filter.length; ) {
    for (let c = 0; c < sums.length; c++, i++) sums[c]! += Math.abs(filter[i]!)
  }
  // How many weights as large as the largest a channel's weights come to.
  const widest = sums.reduce((wide, sum, c) => Math.max(wide, sum / (most[c]! || 1)), 1)
  const levels = Math.floor((2 ** 31 - 1) / (4 * largestInput * widest))
  return Math.max(packedLevels, Math.min(largestWeight, levels))
}

/**
 * The largest whole number that inputs may be scaled to. `factor` is by how much sums are larger than those of the plain
 * convolution: 4 for Winograd, 1 otherwise. Throws an Error when too few levels would be left.
 */
export function inputRange({ weights, steps }: IntegerFilter, factor: number): number {
  const out = steps.length
  const positive = new Int32Array(out)
  const total = new Int32Array(out)
  // Loops, since networks have millions of weights and an isolate starts often.
  for (let i = 0; i < weights.length; ) {
    for (let c = 0; c < out; c++, i++) {
      const weight = weights[i]!
      positive[c]! += Math.max(weight, 0)
      total[c]! += weight
    }
  }
  const negative = positive.map((sum, c) => sum - total[c]!)
  const most = Math.max(...positive, ...negative, 1)
  const range = Math.min(largestInput, Math.floor((2 ** 31 - 1) / (factor * most)))
  if (range < leastInput) {
    throw new Error(`its weights add up to ${most}: inputs could have ${range} levels only`)
  }
  return range
}
