/**
 * Whether the means of a JPEG's blocks jump as no picture does. Each mean is stored as the difference from the one before, so a misread one
 * shifts all that follow: from one unit on, in their order, the picture is lighter, darker or of another colour. The borders above the units
 * jump from there to the end of the row, and in the next row up to there, each component by a value of its own, whatever the picture shows.
 * What a border may differ by is taken from the rows around it, so that a low step counts where the picture is plain. Pure.
 */
import { median } from '../../../../lib/median.ts'
import { leastStep, type MeanUnits, type SeenUnits } from './mean-borders.ts'
import { correlation, spread } from './robust.ts'
import { hasShiftedRun } from './shifted-runs.ts'

/** So many times what a border may differ by is not told from more, as what jumps; nor as what speaks for a step. */
const mostJump = 3
const mostGain = 2
/** A row is looked at when its borders jump by so much, as they do on average; in what they may differ by. */
const leastJump = 0.6
/** A step, in levels and in what rounded means may differ by. */
const leastLevels = 2.5
/** How far the borders may be from a step in the middle, as a share of it. */
const mostOff = 0.35
/** What speaks for a step at all borders on average, and what must at each piece of them, as a share of that. */
const leastMean = 1.1
const leastShare = 0.4
/** What must speak against one at those beside it: the picture above them is shifted already, and so they may differ by more. */
const leastBeside = 0.2
/** And what must speak for its beginning in the middle of a row, rather than for an edge across all of it: 2.2 at most in sound photos. */
const leastScore = 4
/** What the picture must vary by on both sides of the borders, in what these do: of plain areas nothing tells how far they should lie apart. */
const leastVariety = 2
/** Where so much speaks for its beginning, less variety will do. */
const plainScore = 24
const plainVariety = 0.6
/** How much the jumps may follow how light the picture is: what is half transparent and laid over it changes light parts more than dark ones. */
const mostAlike = 0.6

/** Fewer units across, or fewer samples of each, show too little of a step. */
const fewestColumns = 8
const fewestSamples = 4

/** Whether enough of a step would be seen. */
export function showsSteps({
  columns,
  rows,
  unitHeight,
}: Pick<MeanUnits, 'columns' | 'rows' | 'unitHeight'>): boolean {
  return columns >= fewestColumns && rows >= 3 && unitHeight >= fewestSamples
}

/** @param planes the components of a scan that show steps */
export function hasShiftedMeans(planes: readonly SeenUnits[]): boolean {
  if (planes.length === 0) return false
  const { columns, rows, interval } = planes[0]!
  if (interval > 0 && planes.some((units) => hasShiftedRun(units.borders, units))) return true
  // A restart marker ends a shift.
  if (interval > 0 && interval < 2 * columns) return false
  const noises = planes.map(localNoise)
  for (let row = 1; row + 1 < rows; row++) {
    const column = likelyColumn(planes, noises, row)
    if (column === null) continue
    const last = Math.min(columns - 1, column + 2)
    for (let start = Math.max(1, column - 2); start <= last; start++) {
      if (isStep(planes, noises, row * columns + start)) return true
    }
  }
  return false
}

/** Of each border: what it may differ by, as those do that lie two rows above and below it, and a unit to each side of them. */
function localNoise(units: SeenUnits): Float32Array {
  const { columns, rows, borders } = units
  const { jumps } = borders
  const least = leastStep(units)
  const wide = new Float32Array(jumps.length)
  for (let unit = columns; unit < jumps.length; unit++) {
    const column = unit % columns
    const from = column > 0 ? unit - 1 : unit
    const to = column < columns - 1 ? unit + 1 : unit
    let sum = 0
    for (let i = from; i <= to; i++) sum += Math.abs(jumps[i]!)
    wide[unit] = sum / (to - from + 1)
  }
  const noise = new Float32Array(jumps.length)
  for (let row = 1; row < rows; row++) {
    const around = [row - 2, row - 1, row + 2, row + 3].filter((r) => r >= 1 && r < rows)
    for (let column = 0; column < columns; column++) {
      let sum = 0
      for (const r of around) sum += wide[r * columns + column]!
      noise[row * columns + column] = least + sum / Math.max(1, around.length)
    }
  }
  return noise
}

/** The column from which on, up to the same one in the next row, a component's borders jump most; null where none do so much. */
function likelyColumn(
  planes: readonly SeenUnits[],
  noises: readonly Float32Array[],
  row: number,
): number | null {
  const { columns } = planes[0]!
  let [most, likely]: [number, number | null] = [leastJump * columns, null]
  planes.forEach(({ borders: { jumps } }, i) => {
    const noise = noises[i]!
    const jumpAt = (unit: number): number =>
      Math.max(-mostJump, Math.min(mostJump, jumps[unit]! / noise[unit]!))
    let sum = 0
    for (let unit = row * columns; unit < (row + 1) * columns; unit++) sum += jumpAt(unit)
    for (let column = 0; column < columns; column++) {
      if (Math.abs(sum) > most) [most, likely] = [Math.abs(sum), column]
      const unit = row * columns + column
      sum += jumpAt(unit + columns) - jumpAt(unit)
    }
  })
  return likely
}

/** Whether the borders above the units from `start` on, as many as a row has, are steps, and those beside them in both rows are none. */
function isStep(
  planes: readonly SeenUnits[],
  noises: readonly Float32Array[],
  start: number,
): boolean {
  const { columns } = planes[0]!
  const column = start % columns
  const [row, next] = [start - column, start - column + columns]
  // What speaks for a step: before and behind the start, in its row and in the next one, and at the left of the unit itself.
  let [before, behind, beforeNext, behindNext, left] = [0, 0, 0, 0, 0]
  let most = 0
  planes.forEach((units, i) => {
    const seen = stepAt(units, noises[i]!, start)
    if (!seen) return
    const { step, variety } = seen
    most = Math.max(most, variety)
    const noise = noises[i]!
    const gainOf = (jump: number, unit: number): number => {
      const gain = (Math.abs(jump) - Math.abs(jump - step)) / noise[unit]!
      return Math.max(-mostGain, Math.min(mostGain, gain))
    }
    const gains = (from: number, to: number): number => {
      let sum = 0
      for (let unit = from; unit < to; unit++) sum += gainOf(units.borders.jumps[unit]!, unit)
      return sum
    }
    before += gains(row, start)
    behind += gains(start, next)
    beforeNext += gains(next, start + columns)
    behindNext += gains(start + columns, next + columns)
    left += gainOf(units.leftJump(start), start)
  })
  const mean = (behind + beforeNext) / columns
  if (mean < leastMean) return false
  const [short, long] = [column, columns - column]
  const isWeak = (gain: number, count: number, share: number): boolean =>
    gain < share * mean * count
  if (isWeak(behind, long, leastShare) || isWeak(beforeNext, short, leastShare)) return false
  if (isWeak(-before, short, leastBeside) || isWeak(-behindNext, long, leastBeside)) return false
  const score = Math.min(beforeNext - before, behind - behindNext) + left
  return score >= leastScore && most >= (score < plainScore ? leastVariety : plainVariety)
}

/** By how much one component jumps from `start` on, and how much the picture varies there; undefined when it is no step. */
function stepAt(
  units: SeenUnits,
  noise: Float32Array,
  start: number,
): { readonly step: number; readonly variety: number } | undefined {
  const end = start + units.columns
  const [jumps, above, below] = [units.borders.jumps, units.borders.above, units.borders.below].map(
    (values) => values.subarray(start, end),
  ) as [Float32Array, Float32Array, Float32Array]
  const step = weightedMedian(jumps, noise.subarray(start, end))
  const least = leastStep(units)
  if (Math.abs(step) < Math.max(leastLevels, least)) return undefined
  if (median(jumps.map((jump) => Math.abs(jump - step))) > mostOff * Math.abs(step))
    return undefined
  if (Math.abs(correlation(jumps, above)) > mostAlike) return undefined
  const varies = Math.min(spread(above), spread(below))
  return { step, variety: varies / (spread(jumps, step) + least) }
}

/** Half of all lies on both sides of it; a border weighs the less the more it may differ by. */
function weightedMedian(values: Float32Array, noise: Float32Array): number {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!)
  const half = noise.reduce((sum, by) => sum + 1 / by, 0) / 2
  let sum = 0
  for (const i of order) {
    sum += 1 / noise[i]!
    if (sum >= half) return values[i]!
  }
  return 0
}
