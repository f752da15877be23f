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
/** What 16 bits hold. */
const largestDirectWeight = 32767
/** Four times as much fits into 16 bits, as Winograd's transform of the picture needs it. */
export const largestInput = 8191
/** Sums of four weights as large fit into 16 bits, as Strassen's way needs them; so do those of four inputs. */
export const largestOfFour = largestInput
/** What sums may come to in 32 bits. */
const largestSum = 2 ** 31 - 1
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
  const { most, sums } = sizesOf(filter, out)
  const steps = stepsFor(most, levels ?? levelsFor(most, sums))
  const weights = new Int16Array(filter.length)
  for (let i = 0; i < filter.length; ) {
    for (let c = 0; c < out; c++, i++) {
      weights[i] = steps[c]! > 0 ? Math.round(filter[i]! / steps[c]!) : 0
    }
  }
  return { weights, steps }
}

/**
 * Whole numbers a channel's largest weight may become so that inputs keep all their levels, whichever way the layer is run.
 *
 * @param most [out]: the largest size of a weight
 * @param sums [out]: of the sizes of all
 */
export function levelsFor(most: Float32Array, sums: Float64Array): number {
  const levels = Math.floor(largestSum / (4 * largestInput * widestOf(most, sums)))
  return Math.max(packedLevels, Math.min(largestWeight, levels))
}

/** As many levels as sums leave room for where a filter is never run by Winograd's way, and 16 bits hold. */
export function directLevels(filter: Float32Array, out: number): number {
  const { most, sums } = sizesOf(filter, out)
  const levels = Math.floor(largestSum / (largestInput * widestOf(most, sums)))
  return Math.min(largestDirectWeight, levels)
}

/** [out] each: the largest size of a channel's weights, and the sum of their sizes. */
function sizesOf(filter: Float32Array, out: number): { most: Float32Array; sums: Float64Array } {
  const most = new Float32Array(out)
  const sums = new Float64Array(out)
  for (let i = 0; i < filter.length; ) {
    for (let c = 0; c < out; c++, i++) {
      const size = Math.abs(filter[i]!)
      most[c] = Math.max(most[c]!, size)
      sums[c]! += size
    }
  }
  return { most, sums }
}

/** How many weights as large as the largest a channel's weights come to. */
function widestOf(most: Float32Array, sums: Float64Array): number {
  return sums.reduce((wide, sum, c) => Math.max(wide, sum / (most[c]! || 1)), 1)
}

/** [out] */
export function stepsFor(most: Float32Array, levels: number): Float32Array {
  return most.map((value) => value / levels)
}

/**
 * The largest whole number that inputs may be scaled to. `factor` is by how much sums are larger than those of the plain
 * convolution: 4 for Winograd, 1 otherwise. Throws an Error when too few levels would be left.
 *
 * @param positive [out]: the sum of a channel's weights above zero
 * @param total [out]: of all of them
 */
export function inputRange(positive: Int32Array, total: Int32Array, factor: number): number {
  const negative = positive.map((sum, c) => sum - total[c]!)
  const most = Math.max(...positive, ...negative, 1)
  const range = Math.min(largestInput, Math.floor(largestSum / (factor * most)))
  if (range < leastInput) {
    throw new Error(`its weights add up to ${most}: inputs could have ${range} levels only`)
  }
  return range
}
