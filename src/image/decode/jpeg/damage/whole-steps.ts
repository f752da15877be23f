/**
 * Shifted means that begin at a side: the picture is lighter, darker or of another colour from some row of units on, which an edge of a picture
 * may be too, such as a wall's, a frame's or a seam's. So where this happens is only told: no such edge goes through a face. Bars and bands do,
 * and are not told: behind damage the picture gets as dark again as it was at a restart marker only. Pure.
 */
import { median } from '../../../../lib/median.ts'
import { restartsSoon, type SeenUnits } from './mean-borders.ts'
import { type Component, leastLevels, meanHeight, type Piece, weigh } from './step-evidence.ts'

/** A row is looked at when its borders jump by so much, as they do on average. */
const leastJump = 0.9
/** And those of the rows beside it by no more than so much of that: where light changes slowly, all rows jump alike. */
const mostBeside = 0.6
/** What speaks for a step at its borders, on average, and against one at those of the rows above and below, as a share of that. */
const leastMean = 1
const leastBeside = 0.2
const leastVariety = 1.5
/**
 * Less will do where the picture varies by so much more than the step does, and so much speaks against one in those rows: of 4,883 sound photos
 * none has a step that only this finds in its face.
 */
const variedMean = 0.75
const variedBeside = 0.7
const muchVariety = 10
/** Where so many rows of units jump by so much of it in their middle, a step is of a pattern; behind damage one row does so at most. */
const patternShare = 0.5
const patternRows = 3
/** A bar ends after so many rows at most. Across faces in 2,187 sound JPEGs, most of them edited, two do, after one and three. */
const mostBarRows = 12

/** Rows of units that begin with such a step. @param components of a scan that show steps */
export function wholeSteps(components: readonly Component[]): number[] {
  const { units } = components[0]!
  if (restartsSoon(units)) return []
  const found: number[] = []
  for (let row = 1; row < units.rows; row++) {
    if (!components.some((component) => mayBeWholeStep(component, row))) continue
    if (isWholeStep(components, row)) found.push(row)
  }
  return components.reduce(withoutPattern, found).filter((row) => !isEdgeOfBar(components, row))
}

/**
 * Whether each component that jumps jumps back a few rows above or below, so nearly that what is left is no step, and no restart marker does
 * that. Two shifts that undo each other so nearly are taken for a bar too. Of 562 edges of drawn bars 549 are so near, and nine more are up to 3 levels off.
 */
function isEdgeOfBar(components: readonly Component[], row: number): boolean {
  const jumping = components.filter(({ units }) => Math.abs(stepAt(units, row)) >= leastLevels)
  return jumping.length > 0 && jumping.every((component) => jumpsBack(component, row))
}

function jumpsBack(component: Component, row: number): boolean {
  const { units } = component
  const step = stepAt(units, row)
  const last = Math.min(units.rows - 1, row + mostBarRows)
  for (let other = Math.max(1, row - mostBarRows); other <= last; other++) {
    if (mayEndAt(units, Math.max(row, other))) continue
    const left = Math.abs(step + stepAt(units, other))
    if (left < leastLevels && mayBeWholeStep(component, other)) return true
  }
  return false
}

/** Whether a restart marker ends a shift where most of a row begins: half a row of units before its first or behind it. */
function mayEndAt({ columns, interval }: SeenUnits, row: number): boolean {
  if (interval === 0) return false
  const behind = (row * columns) % interval
  return 2 * Math.min(behind, interval - behind) <= columns
}

/** What most borders of a row jump by. */
const stepAt = ({ columns, borders }: SeenUnits, row: number): number =>
  median(borders.jumps.subarray(row * columns, (row + 1) * columns))

/** A quick look, which most edges of a picture do not pass. */
function mayBeWholeStep(component: Component, row: number): boolean {
  const { columns, rows } = component.units
  const meanOf = (of: number): number =>
    of < 1 || of >= rows ? 0 : meanHeight(component, of * columns, (of + 1) * columns)
  const jump = meanOf(row)
  if (Math.abs(jump) < leastJump) return false
  const most = mostBeside * Math.abs(jump)
  return [row - 1, row + 1].every((of) => Math.sign(jump) * meanOf(of) <= most)
}

function isWholeStep(components: readonly Component[], row: number): boolean {
  const { columns, rows } = components[0]!.units
  const piece = (of: number): Piece => ({
    first: of * columns,
    count: of < 1 || of >= rows ? 0 : columns,
    sign: 1,
  })
  const beside = [piece(row - 1), piece(row + 1)]
  const { gains, variety } = weigh(components, [piece(row)], beside)
  const [gain, ...others] = gains as [number, ...number[]]
  const mean = gain / columns
  const isBesideNone = (least: number): boolean =>
    others.every((other, i) => -other >= least * beside[i]!.count)
  if (mean >= leastMean) return variety >= leastVariety && isBesideNone(leastBeside * mean)
  return mean >= variedMean && variety >= muchVariety && isBesideNone(variedBeside)
}

/** The steps that are not of a pattern, such as printed bands: damage makes rows jump only where units meet. */
function withoutPattern(steps: number[], { units }: Component): number[] {
  const { columns, rows } = units
  const heightAt = (row: number): number => Math.abs(stepAt(units, row))
  if (!steps.some((row) => heightAt(row) >= leastLevels)) return steps
  const jumps = new Float32Array(columns)
  const inside = Float32Array.from({ length: rows }, (_, row) => {
    for (let i = 0; i < columns; i++) jumps[i] = units.jumpInside(row * columns + i)
    return Math.abs(median(jumps))
  })
  return steps.filter((row) => {
    const step = heightAt(row)
    const alike = inside.filter((jump) => jump >= patternShare * step)
    return step < leastLevels || alike.length < patternRows
  })
}
