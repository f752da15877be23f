/**
 * Whether the means of a JPEG's blocks jump as no picture does. Each mean is stored as the difference from the one before, so a misread
 * one shifts all that follow: from one unit on, in the order of the blocks, the picture is lighter, darker or of another colour. This makes
 * a step across the whole picture, which begins in the middle of a row of units and ends below its own beginning, one row further down.
 * Edges in a picture do not follow the borders of blocks like that. Pure.
 */
import { median } from '../../../../lib/median.ts'
import { type Borders, leastStep, type MeanUnits } from './mean-borders.ts'
import { correlation, spread } from './robust.ts'
import { hasShiftedRun } from './shifted-runs.ts'

/** Fewer units across, or fewer samples of each, show too little of a step. */
const fewestColumns = 8
const fewestSamples = 4

/** Whether enough of a step would be seen. */
export function showsSteps({ columns, rows, unitHeight }: MeanUnits): boolean {
  return columns >= fewestColumns && rows >= 3 && unitHeight >= fewestSamples
}

/** Of units that show steps. */
export function hasShiftedMeans(units: MeanUnits, borders: Borders): boolean {
  const { columns, interval } = units
  const least = leastStep(units)
  if (interval > 0 && hasShiftedRun(borders, units, least)) return true
  // A restart marker ends a shift.
  if (interval > 0 && interval < 2 * columns) return false
  return [1, -1].some((sign) =>
    likelyStarts(borders.jumps, units, sign * least * lowest(columns)).some((start) =>
      isShift(borders, columns, start, least),
    ),
  )
}

/**
 * How high a step must be, in what its own height varies by: the fewer borders, the more. In 8,000 sound photos of 16 units across the highest
 * is 1.9, of 32 units 1.6, where the picture varies as much as is asked for.
 */
const lowest = (columns: number): number => 1.2 + 20 / columns

/** A step so high needs little variety. */
const high = 5
/** What a step near the sides must be: in sound photos of people before blurred walls lower ones occur, 1 in 55. */
const sure = { height: 6, variety: 5 } as const

/** In each row the unit from which on, for as many as a row has, most borders jump by `least` or more; if half of them do. */
function likelyStarts(jumps: Float32Array, { columns, rows }: MeanUnits, least: number): number[] {
  const sign = Math.sign(least)
  const jumpsAt = (unit: number): number => (sign * jumps[unit]! >= sign * least ? 1 : 0)
  const starts: number[] = []
  let count = 0
  for (let unit = columns; unit < 2 * columns; unit++) count += jumpsAt(unit)
  for (let row = 1; row + 1 < rows; row++) {
    let [most, start] = [0, 0]
    for (let unit = row * columns; unit < (row + 1) * columns; unit++) {
      if (count > most) [most, start] = [count, unit]
      count += jumpsAt(unit + columns) - jumpsAt(unit)
    }
    if (most >= columns / 2) starts.push(start)
  }
  return starts
}

/** Whether all borders from `start` on jump by nearly the same, although the picture varies along them, and those before and behind do not. */
function isShift(borders: Borders, columns: number, start: number, least: number): boolean {
  const { jumps, above, below } = borders
  const end = start + columns
  const shift = median(jumps.subarray(start, end))
  const noise = spread(jumps.subarray(start, end), shift) + least
  const height = Math.abs(shift) / noise
  if (height < lowest(columns)) return false
  // A shelf within a steep edge is a step only beside what the edge would have gone on to.
  const seen = below.slice(start, end).map((value, i) => value - above[start + i]!)
  if (median(seen) / shift < 0.5) return false
  // Of two plain areas nothing tells how far they should lie apart.
  const variety =
    Math.min(spread(above.subarray(start, end)), spread(below.subarray(start, end))) / noise
  const column = start % columns
  const margin = Math.max(3, Math.ceil(columns / 8))
  // Near the sides too little of the picture is left before and behind: a border of a picture within the picture looks like a step there,
  // and so does a change of light, or something half transparent laid over it, which changes light parts more than dark ones.
  if (column < margin || column > columns - margin) {
    if (height < sure.height || variety < sure.variety) return false
    return Math.abs(correlation(jumps.subarray(start, end), above.subarray(start, end))) < 0.6
  }
  if (variety < (height < high ? 1.5 : 0.5)) return false
  const [row, next] = [start - column, end - column]
  const isOff = (from: number, to: number, wanted: number): boolean =>
    Math.abs(median(jumps.subarray(from, to)) / shift - wanted) > 0.35
  return !(
    isOff(start, next, 1) ||
    isOff(next, end, 1) ||
    isOff(row, start, 0) ||
    isOff(end, next + columns, 0)
  )
}
