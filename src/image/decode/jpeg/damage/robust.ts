/** Statistics that few outliers do not change. Pure. */
import { median } from '../../../../lib/median.ts'

/** As the standard deviation: of the distances from the median, the median. */
export function spread(values: Float32Array, centre = median(values)): number {
  return deviationOf(medianOff(values, centre))
}

/** How far values are from a centre, in the middle of them. */
export function medianOff(values: Float32Array, centre: number): number {
  return median(values.map((value) => Math.abs(value - centre)))
}

/** The standard deviation of normal values that are so far off. */
export const deviationOf = (off: number): number => 1.4826 * off

/** How much two rows of values follow each other, -1 to 1. */
export function correlation(some: Float32Array, others: Float32Array): number {
  const [a, b] = [withoutOutliers(some), withoutOutliers(others)]
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b) || 1)
}

/** Distances from the median, none more than twice as far as most. */
function withoutOutliers(values: Float32Array): Float32Array {
  const centre = median(values)
  const most = 2 * spread(values, centre)
  return values.map((value) => Math.max(-most, Math.min(most, value - centre)))
}

function product(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

/** Half of all lies on both sides of it; a value weighs the less the more it may differ by. Found as lib/median.ts does, without sorting. */
export function weightedMedian(values: Float32Array, noise: Float32Array): number {
  const left = values.slice()
  const weights = noise.map((by) => 1 / by)
  const sumOf = (from: number, to: number): number => {
    let sum = 0
    for (let i = from; i <= to; i++) sum += weights[i]!
    return sum
  }
  let from = 0
  let to = left.length - 1
  let below = sumOf(from, to) / 2
  while (from < to) {
    const pivot = left[(from + to) >> 1]!
    let low = from
    let high = to
    while (low <= high) {
      while (left[low]! < pivot) low++
      while (left[high]! > pivot) high--
      if (low > high) break
      swap(left, low, high)
      swap(weights, low++, high--)
    }
    const [smaller, alike] = [sumOf(from, high), sumOf(high + 1, low - 1)]
    if (below <= smaller) to = high
    else if (below <= smaller + alike) return pivot
    else {
      below -= smaller + alike
      from = low
    }
  }
  return left[from]!
}

function swap(values: Float32Array, one: number, other: number): void {
  const value = values[one]!
  values[one] = values[other]!
  values[other] = value
}
