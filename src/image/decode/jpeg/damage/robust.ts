/** Statistics that few outliers do not change. Pure. */
import { selectMiddle } from '../../../../lib/median.ts'
import { makeScratch } from './scratch.ts'

const moved = makeScratch()
const movedWeights = makeScratch()

function middleOf(values: Float32Array): number {
  const copy = moved(values.length)
  copy.set(values)
  return selectMiddle(copy)
}

/** As the standard deviation: of the distances from the median, the median. */
export function spread(values: Float32Array, centre = middleOf(values)): number {
  return deviationOf(medianOff(values, centre))
}

/** How far values are from a centre, in the middle of them. */
export function medianOff(values: Float32Array, centre: number): number {
  const off = moved(values.length)
  for (let i = 0; i < off.length; i++) off[i] = Math.abs(values[i]! - centre)
  return selectMiddle(off)
}

/** The standard deviation of normal values that are so far off; and how far values of such a deviation are. */
export const deviationOf = (off: number): number => 1.4826 * off
export const offOf = (deviation: number): number => deviation / 1.4826

/** How much two rows of values follow each other, -1 to 1, by their distances from the median, none more than twice as far as most. */
export function correlation(some: Float32Array, others: Float32Array): number {
  const [centre, otherCentre] = [middleOf(some), middleOf(others)]
  const [most, otherMost] = [2 * spread(some, centre), 2 * spread(others, otherCentre)]
  let [products, squares, otherSquares] = [0, 0, 0]
  for (let i = 0; i < some.length; i++) {
    const value = within(some[i]! - centre, most)
    const other = within(others[i]! - otherCentre, otherMost)
    products += value * other
    squares += value * value
    otherSquares += other * other
  }
  return products / Math.sqrt(squares * otherSquares || 1)
}

const within = (value: number, most: number): number =>
  Math.fround(Math.max(-most, Math.min(most, value)))

/** Half of all lies on both sides of it; a value weighs the less the more it may differ by. Found as lib/median.ts does, without sorting. */
export function weightedMedian(values: Float32Array, noise: Float32Array): number {
  const left = moved(values.length)
  const weights = movedWeights(values.length)
  left.set(values)
  for (let i = 0; i < weights.length; i++) weights[i] = 1 / noise[i]!
  let from = 0
  let to = left.length - 1
  let below = sumOf(weights, from, to) / 2
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
    const smaller = sumOf(weights, from, high)
    const alike = sumOf(weights, high + 1, low - 1)
    if (below <= smaller) to = high
    else if (below <= smaller + alike) return pivot
    else {
      below -= smaller + alike
      from = low
    }
  }
  return left[from]!
}

function sumOf(values: Float32Array, from: number, to: number): number {
  let sum = 0
  for (let i = from; i <= to; i++) sum += values[i]!
  return sum
}

function swap(values: Float32Array, one: number, other: number): void {
  const value = values[one]!
  values[one] = values[other]!
  values[other] = value
}
