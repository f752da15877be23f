/**
 * Whether the means of a JPEG's blocks jump as no picture does. Each mean is stored as the difference from the one before, so a misread one
 * shifts all that follow: from one unit on, in their order, the picture is lighter, darker or of another colour. The borders above the units
 * jump from there to the end of the row, and in the next row up to there. Pure.
 */
import { type MeanUnits, restartsSoon } from './mean-borders.ts'
import { hasShiftedRun } from './shifted-runs.ts'
import { type Component, isVaried, isWeak, meanHeight, type Piece, weigh } from './step-evidence.ts'

/** Fewer units across, or fewer samples of each, show too little of a step. */
const fewestColumns = 8
const fewestSamples = 4

/** A row is looked at when its borders jump by so much, as they do on average. */
const leastJump = 0.9
/** And those beside the step by so much of that. */
const mostBeside = 0.6
/** What speaks for a step at all borders on average, and what must at each piece of them, as a share of that. */
const leastMean = 1.2
const leastShare = 0.4
/** What must speak against one at those beside it: the picture above them is shifted already, and so they may differ by more. */
const leastBeside = 0.2
/** And what must speak for its beginning in the middle of a row, rather than for an edge across all of it; less where the step is sure. */
const leastScore = 6
const sureMean = 1.8
const leastSure = 3
const leastVariety = 2
/** Where so much speaks for its beginning, less variety will do. */
const plainScore = 24
const plainVariety = 0.6
/** In plain colours a step nearer to a side is not told from the corner of a coloured frame. */
const leastFromSide = 3

/** Whether enough of a step would be seen. */
export function showsSteps({
  columns,
  rows,
  unitHeight,
}: Pick<MeanUnits, 'columns' | 'rows' | 'unitHeight'>): boolean {
  return columns >= fewestColumns && rows >= 3 && unitHeight >= fewestSamples
}

/** @param components of a scan that show steps */
export function hasShiftedMeans(components: readonly Component[]): boolean {
  const { units } = components[0]!
  const { columns, rows, interval } = units
  if (interval > 0 && hasShiftedRun(components)) return true
  if (restartsSoon(units)) return false
  // What begins in the first row has nothing above it there, and looks like a dark corner.
  for (let row = 1; row + 1 < rows; row++) {
    const column = likelyColumn(components, row)
    if (column === null) continue
    const last = Math.min(columns - 1, column + 2)
    for (let start = Math.max(1, column - 2); start <= last; start++) {
      if (isStep(components, row, start)) return true
    }
  }
  return false
}

/** The column from which on, up to the same one in the next row, a component's borders jump most; null where none do so much. */
function likelyColumn(components: readonly Component[], row: number): number | null {
  const { columns } = components[0]!.units
  let most = leastJump
  let likely: number | null = null
  for (const { heights } of components) {
    let sum = 0
    for (let i = 0; i < columns; i++) sum += heights[row * columns + i]!
    for (let column = 0; column < columns; column++) {
      const mean = Math.abs(sum) / columns
      if (mean > most) {
        most = mean
        likely = column
      }
      const unit = row * columns + column
      sum += heights[unit + columns]! - heights[unit]!
    }
  }
  return likely
}

/** Whether the borders above the units from one on, as many as a row has, are steps, and those beside them in both rows are none. */
function isStep(components: readonly Component[], row: number, column: number): boolean {
  const { columns } = components[0]!.units
  if (!components.some((component) => mayBeStep(component, row, column))) return false
  const piece = (from: number, to: number, of: number): Piece => ({
    first: of * columns + from,
    count: to - from,
    sign: 1,
  })
  const [behind, before] = [piece(column, columns, row), piece(0, column, row)]
  const [next, beyond] = [piece(0, column, row + 1), piece(column, columns, row + 1)]
  const jumping = [behind, next]
  const seen = weigh(components, jumping, [before, beyond])
  const [ofBehind, ofNext, ofBefore, ofBeyond] = seen.gains as [number, number, number, number]
  const mean = (ofBehind + ofNext) / (behind.count + next.count)
  if (mean < leastMean) return false
  const [least, leastOff] = [leastShare * mean, leastBeside * mean]
  if (isWeak(ofBehind, behind, least) || isWeak(ofNext, next, least)) return false
  if (isWeak(-ofBefore, before, leastOff) || isWeak(-ofBeyond, beyond, leastOff)) return false
  const needed = mean < sureMean ? leastScore : leastSure
  const score = Math.min(ofNext - ofBefore, ofBehind - ofBeyond)
  return (
    score >= needed &&
    isVaried(
      components,
      jumping,
      seen,
      score < plainScore ? leastVariety : plainVariety,
      Math.min(column, columns - column) >= leastFromSide,
    )
  )
}

/** A quick look, which most edges of a picture do not pass: whether both pieces jump to the same side, and those beside them do not. */
function mayBeStep(component: Component, row: number, column: number): boolean {
  const { columns } = component.units
  const meanOf = (first: number, from: number, to: number): number =>
    meanHeight(component, first + from, first + to)
  const [here, next] = [row * columns, (row + 1) * columns]
  const behind = meanOf(here, column, columns)
  const step = (behind * (columns - column) + meanOf(next, 0, column) * column) / columns
  const sign = Math.sign(step)
  const least = mostBeside * Math.abs(step)
  return (
    Math.abs(step) >= leastJump &&
    sign * behind >= least / 2 &&
    sign * meanOf(next, 0, column) >= least / 2 &&
    sign * meanOf(here, 0, column) <= least &&
    sign * meanOf(next, column, columns) <= least
  )
}
