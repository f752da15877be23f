/**
 * Shifted means between restart markers: from a misread unit on to the next marker all are lighter, darker or of another colour than those
 * above and below them. The borders around this run of units jump there and back by the same, and the units before it go on as they were.
 * Pure.
 */
import { median } from '../../../../lib/median.ts'
import { type Borders, leastStep, type MeanUnits } from './mean-borders.ts'
import { spread } from './robust.ts'

/** Fewer borders show too little of a step. */
const fewestBorders = 12
/** How high a step must be, in what its own height varies by; the fewer borders, the more. */
const lowest = (borders: number): number => 2 + 12 / borders
/** What the picture must vary by along the borders, in the same: of plain areas nothing tells how far they should lie apart. */
const leastVariety = 3
/** What a part of the borders may be off, as a share of the step. */
const mostOff = 0.4

/** A run, and where its restart interval begins. */
interface Run {
  readonly first: number
  readonly start: number
  readonly end: number
}

/** Of units that have restart markers. */
export function hasShiftedRun(borders: Borders, units: MeanUnits): boolean {
  const { columns, rows, interval } = units
  const least = leastStep(units)
  for (let first = 0; first < columns * rows; first += interval) {
    const end = Math.min(columns * rows, first + interval)
    const start = likelyStart(borders.jumps, columns, first, end, least)
    if (start !== null && isShifted(borders, columns, { first, start, end }, least)) return true
  }
  return false
}

/** The unit from which on to `end` the borders around all units jump most alike, by mean and deviation. */
function likelyStart(
  jumps: Float32Array,
  columns: number,
  first: number,
  end: number,
  least: number,
): number | null {
  let [sum, squares, count, most, start] = [0, 0, 0, 0, -1]
  for (let unit = end - 1; unit > first; unit--) {
    const below = unit + columns
    if (unit >= columns) {
      sum += jumps[unit]!
      squares += jumps[unit]! ** 2
      count++
    }
    if (below < jumps.length) {
      // Within the run there is no border any more.
      const sign = below < end ? -1 : 1
      sum -= jumps[below]!
      squares += sign * jumps[below]! ** 2
      count += sign
    }
    if (count < fewestBorders) continue
    const mean = sum / count
    const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean))
    const score = (Math.abs(mean) * Math.sqrt(count)) / (deviation + least)
    if (score > most) [most, start] = [score, unit]
  }
  return start < 0 ? null : start
}

function isShifted(
  { jumps, above, below }: Borders,
  columns: number,
  { first, start, end }: Run,
  least: number,
): boolean {
  const upper = between(jumps, Math.max(start, columns), Math.min(end, start + columns))
  const lower = between(jumps, Math.max(end, start + columns), end + columns).map((jump) => -jump)
  const around = join(upper, lower)
  if (around.length < fewestBorders) return false
  const shift = median(around)
  const noise = spread(around, shift) + least
  if (Math.abs(shift) / noise < lowest(around.length)) return false
  const isOff = (values: Float32Array, wanted: number): boolean =>
    values.length > 2 && Math.abs(median(values) / shift - wanted) > mostOff
  if (isOff(upper, 1) || isOff(lower, 1)) return false
  if (isOff(between(jumps, Math.max(first, start - columns), start), 0)) return false
  const along = join(
    between(above, Math.max(start, columns), Math.min(end, start + columns)),
    between(below, Math.max(end, start + columns), end + columns),
  )
  return spread(along) / noise >= leastVariety
}

/** None where there is nothing between. */
function between(values: Float32Array, from: number, to: number): Float32Array {
  return values.subarray(from, Math.max(from, to))
}

function join(left: Float32Array, right: Float32Array): Float32Array {
  const both = new Float32Array(left.length + right.length)
  both.set(left)
  both.set(right, left.length)
  return both
}
