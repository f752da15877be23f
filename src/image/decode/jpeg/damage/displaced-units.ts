/**
 * Whether units of a JPEG stand in another place than their own: where parts of the data are lost, come twice or in another order, all units
 * up to the next change are moved along the rows. At the border where this begins or ends, what goes on below a unit is not what is above
 * it but what is above a unit further left or in an earlier row, for a whole row of them and the same number of units off. No picture does
 * that: its rows go on best straight down. Pure.
 */
import { median } from '../../../../lib/median.ts'
import { isBeside } from './beside.ts'
import { type Borders, leastStep, type MeanUnits } from './mean-borders.ts'
import { correlation, offOf, spread } from './robust.ts'
import { makeScratch } from './scratch.ts'

/** How many times as rough as those of other rows a border must be to be looked at; and so many, the roughest, are. */
const leastRoughness = 3
const mostCandidates = 16
/** And units up to so many rows away, and fewer in pictures of more than 256 units across: so many pairs of units are compared. */
const mostRows = 4
const mostPairs = 2 ** 18
/** How many times better another unit must fit than the one above: 3.6 at most in 8,000 sound photos. */
const leastGain = 4.5
/** How many times worse than elsewhere they may fit then: a line across the picture makes all fit badly, and some less. */
const mostLoss = 3.7
/**
 * And of those that fit better or worse there so many better: where most of a row is plain, as around a line of text, plain units fit anywhere.
 * Screenshots and collages reach 0.55, mostly, and damaged photos have 0.76 at least.
 */
const leastBetter = 0.72
/** How much the units on both sides may follow each other. */
const mostAlike = 0.8
/** What the picture must vary by along the border, in what is left between units that fit. */
const leastVariety = 2

/** Of units that show steps. */
export function hasDisplacedUnits(units: MeanUnits, borders: Borders): boolean {
  const starts = roughStarts(borders.jumps, units)
  if (starts.length === 0) return false
  const least = leastStep(units)
  let usual: number | undefined
  // Few photos need it.
  const most = (): number => {
    usual ??= usualSpread(borders, units)
    return mostLoss * (usual + least) - least
  }
  return starts.some((start) => fitsElsewhere(borders, units.columns, start, least, most))
}

/** How well rows go on straight down, as most of them do. */
function usualSpread({ above, below }: Borders, { columns, rows }: MeanUnits): number {
  const spreads = Array.from({ length: rows - 1 }, (_, i) => {
    const start = (i + 1) * columns
    return spread(differences(below.subarray(start, start + columns), above, start))
  })
  return median(spreads)
}

/** Of each row the unit from which on, for as many as a row has, the borders jump most; of these those that stand out. */
function roughStarts(jumps: Float32Array, { columns, rows }: MeanUnits): number[] {
  const starts = new Int32Array(rows - 2)
  const sums = new Float32Array(rows - 2)
  let sum = 0
  for (let unit = columns; unit < 2 * columns; unit++) sum += Math.abs(jumps[unit]!)
  for (let row = 1; row + 1 < rows; row++) {
    let most = -1
    let start = 0
    for (let unit = row * columns; unit < (row + 1) * columns; unit++) {
      if (sum > most) {
        most = sum
        start = unit
      }
      sum += Math.abs(jumps[unit + columns]!) - Math.abs(jumps[unit]!)
    }
    starts[row - 1] = start
    sums[row - 1] = most
  }
  const least = leastRoughness * median(sums)
  return Array.from(starts.keys())
    .filter((i) => sums[i]! > least)
    .sort((a, b) => sums[b]! - sums[a]!)
    .slice(0, mostCandidates)
    .map((i) => starts[i]!)
}

function fitsElsewhere(
  { above, below }: Borders,
  columns: number,
  start: number,
  least: number,
  mostUsual: () => number,
): boolean {
  const under = below.subarray(start, start + columns)
  const straight = spread(differences(under, above, start))
  const mostByGain = (straight + least) / leastGain - least
  const varies = spread(under)
  if (mostByGain < 0 || varies < leastVariety * least) return false
  // What is half transparent and laid over the picture changes how light it is, and nothing of its shape.
  if (correlation(under, above.subarray(start, start + columns)) > mostAlike) return false
  const most = Math.min(mostByGain, mostUsual())
  const furthest = Math.min(mostRows * columns, start - columns, Math.floor(mostPairs / columns))
  let first: number | undefined
  for (let away = 1; away <= furthest; away++) {
    if (!mayFit(under, above, start - away, most)) continue
    if (isScattered(under, above, start - away, most)) continue
    const left = spread(differences(under, above, start - away))
    if (left > most || varies <= leastVariety * (left + least)) continue
    first ??= away
    // What fits straight above, a few rows up, is what a line across a picture of repetitions or mirror images leaves.
    if (away % columns === 0) return false
    // A pattern fits at each of its repetitions; what was moved fits in one place, and may do so in the row above that.
    if (!isBeside(away - first, columns)) return false
  }
  return (
    first !== undefined &&
    shareOfBetter(offMedian(under, above, start), offMedian(under, above, start - first), least) >=
      leastBetter
  )
}

/** Of the units that are clearly nearer in one of two places, which share is nearer in the other. */
function shareOfBetter(here: Float32Array, there: Float32Array, least: number): number {
  let [better, worse] = [0, 0]
  here.forEach((off, i) => {
    if (there[i]! < off - 2 * least) better++
    else if (off < there[i]! - 2 * least) worse++
  })
  return better / (better + worse || 1)
}

/** How far the difference of each unit is from that of most. */
function offMedian(under: Float32Array, above: Float32Array, from: number): Float32Array {
  const apart = differences(under, above, from)
  const most = median(apart)
  return apart.map((value) => Math.abs(value - most))
}

/** Whether two rows rise and fall alike in half of all places: a quick look before the spread of their differences is measured. */
function mayFit(under: Float32Array, above: Float32Array, from: number, most: number): boolean {
  let left = under.length / 2
  for (let i = 1; i < under.length; i++) {
    const rise = under[i]! - under[i - 1]!
    const other = above[from + i]! - above[from + i - 1]!
    if (Math.abs(rise - other) > 2 * most && --left < 0) return false
  }
  return true
}

/** Differences of two means are counted by their size: at least so many levels count together. */
const leastWide = 4
const levels = 256
const counted = new Uint16Array((2 * levels) / leastWide + 2)

/**
 * Whether fewer than half of the differences are so near each other that their spread could be so small: where half are within a distance of their
 * median, two neighbouring counts of twice that distance hold those. A quick look, again.
 */
function isScattered(
  under: Float32Array,
  above: Float32Array,
  from: number,
  most: number,
): boolean {
  const wide = Math.max(leastWide, 2 * offOf(most) + 0.01)
  counted.fill(0)
  for (let i = 0; i < under.length; i++) {
    counted[((under[i]! - above[from + i]! + levels) / wide) | 0]!++
  }
  const half = under.length >> 1
  for (let i = 1; i < counted.length; i++) {
    if (counted[i - 1]! + counted[i]! >= half) return false
  }
  return true
}

const room = makeScratch()

/** Valid until the next are asked for. */
function differences(under: Float32Array, above: Float32Array, from: number): Float32Array {
  const found = room(under.length)
  for (let i = 0; i < under.length; i++) found[i] = under[i]! - above[from + i]!
  return found
}
