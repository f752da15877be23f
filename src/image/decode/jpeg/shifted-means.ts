/**
 * Whether the means of a JPEG's blocks jump as no picture does. Each mean is stored as the difference from the one before, so a misread
 * one shifts all that follow: from one unit on, in the order of the blocks, the picture is lighter, darker or of another colour. This makes
 * a step across the whole picture, which begins in the middle of a row of units and ends below its own beginning, one row further down.
 * Edges in a picture do not follow the borders of blocks like that. Pure.
 */
import { median } from '../../../lib/median.ts'

/** The samples of a component, and the units of the scan that has its means. */
export interface MeanPlane {
  readonly samples: Uint8Array
  readonly stride: number
  /** Units across and down; samples of each. */
  readonly columns: number
  readonly rows: number
  readonly unitWidth: number
  readonly unitHeight: number
  /** What the mean of a block changes by, at least, in levels of its samples. */
  readonly step: number
}

/** Fewer units across, or fewer samples of each, show too little of a step. */
const fewestColumns = 8
const fewestSamples = 4

export function hasShiftedMeans(plane: MeanPlane): boolean {
  const { columns, rows, unitHeight } = plane
  if (columns < fewestColumns || rows < 3 || unitHeight < fewestSamples) return false
  const borders = measureBorders(plane)
  // Rounded means may differ by a step where a picture is smooth.
  const least = 0.5 + plane.step
  return [1, -1].some((sign) =>
    likelyStarts(borders.jumps, plane, sign * least * lowest(columns)).some((start) =>
      isShift(borders, columns, start, least),
    ),
  )
}

/** How high a step must be, in what its own height varies by: the fewer borders, the more. */
const lowest = (columns: number): number => 1.5 + 24 / columns

/** Of each unit, in their order: what its upper border does. Zeros in the first row. */
interface Borders {
  /** How much lighter it begins than the unit above would go on. */
  readonly jumps: Float32Array
  /** Means along both sides of the border. */
  readonly above: Float32Array
  readonly below: Float32Array
}

function measureBorders(plane: MeanPlane): Borders {
  const { samples, stride, columns, rows, unitWidth, unitHeight } = plane
  const units = columns * rows
  const jumps = new Float32Array(units)
  const above = new Float32Array(units)
  const below = new Float32Array(units)
  for (let unit = columns; unit < units; unit++) {
    const column = unit % columns
    const first = ((unit - column) / columns) * unitHeight * stride + column * unitWidth
    let [far, upper, lower, beyond] = [0, 0, 0, 0]
    for (let at = first; at < first + unitWidth; at++) {
      far += samples[at - 2 * stride]!
      upper += samples[at - stride]!
      lower += samples[at]!
      beyond += samples[at + stride]!
    }
    // Half of what the picture changes by on both sides is expected of the border too.
    jumps[unit] = (lower - upper - (beyond - lower + upper - far) / 2) / unitWidth
    above[unit] = upper / unitWidth
    below[unit] = lower / unitWidth
  }
  return { jumps, above, below }
}

/** In each row the unit from which on, for as many as a row has, most borders jump by `least` or more; if half of them do. */
function likelyStarts(jumps: Float32Array, { columns, rows }: MeanPlane, least: number): number[] {
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
  const column = start % columns
  const margin = Math.max(3, Math.ceil(columns / 8))
  // Near the sides a picture with a border looks like it, so that more is asked of the step.
  const isNearSide = column < margin || column > columns - margin
  const height = Math.abs(shift) / noise
  if (height < (isNearSide ? 6 : lowest(columns))) return false
  // Of two plain areas nothing tells how far they should lie apart.
  const variety =
    Math.min(spread(above.subarray(start, end)), spread(below.subarray(start, end))) / noise
  if (isNearSide) return variety >= 5
  if (variety < 1.5) return false
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

/** As the standard deviation, but few outliers do not matter: of the distances from the median, the median. */
function spread(values: Float32Array, centre = median(values)): number {
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)))
}
