/**
 * Shifted means that begin at a side: the picture is lighter, darker or of another colour from some row of units on, which an edge of a picture
 * may be too, such as a wall's, a frame's or a seam's. So where this happens is only told: no such edge goes through a face. Pure.
 */
import { restartsSoon } from './mean-borders.ts'
import { type Component, meanHeight, type Piece, weigh } from './step-evidence.ts'

/** A row is looked at when its borders jump by so much, as they do on average. */
const leastJump = 0.9
/** And those of the rows beside it by no more than so much of that: where light changes slowly, all rows jump alike. */
const mostBeside = 0.6
/** What speaks for a step at its borders, on average, and against one at those of the rows above and below, as a share of that. */
const leastMean = 1
const leastBeside = 0.2
const leastVariety = 1.5

/** Rows of units that begin with such a step. @param components of a scan that show steps */
export function wholeSteps(components: readonly Component[]): number[] {
  const { units } = components[0]!
  if (restartsSoon(units)) return []
  const found: number[] = []
  for (let row = 1; row < units.rows; row++) {
    if (!components.some((component) => mayBeWholeStep(component, row))) continue
    if (isWholeStep(components, row)) found.push(row)
  }
  return found
}

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
  if (gain < leastMean * columns || variety < leastVariety) return false
  return others.every((other, i) => -other * columns >= leastBeside * gain * beside[i]!.count)
}
