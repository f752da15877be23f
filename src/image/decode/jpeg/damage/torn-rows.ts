/**
 * Whether two rows of units do not belong together: where parts of the data are lost, come twice or in another order, all units up to the next
 * change stand elsewhere, or are lighter, or both. Where this begins or ends, the borders above the units from one on, as many as a row has,
 * are several times as rough as others around them. An edge of a picture does not begin in the middle of one row and go on in the next,
 * unless it is slanted: then it is seen inside of units too. Pure.
 */
import { leastStep, restartsSoon } from './mean-borders.ts'
import { spread } from './robust.ts'
import type { Component } from './step-evidence.ts'

/** How rough both pieces of the border must be, in what others differ by. */
const leastRough = 1.8
/** And how much rougher than those beside them, times the root of how many there are. */
const leastContrast = 1.5
/** And how many times as rough as those: a mosaic of squares is rough at all borders. */
const leastTimes = 1.5
/** And how many times as rough as the middle of the units around it: 1.1 at most in 3,000 sound photos, 7 at least in damaged ones. */
const leastAlone = 5
/** What the picture must vary by on both sides, in what rounded means may: a box of one colour may begin anywhere. */
const leastVariety = 4
/** Fewer borders show too little. */
const fewestBorders = 3

/** @param components of a scan that show steps */
export function hasTornRows(components: readonly Component[]): boolean {
  const { units } = components[0]!
  const { columns, rows } = units
  // A restart marker puts the units behind it in their places.
  if (restartsSoon(units)) return false
  const sums = [new Float32Array(columns + 1), new Float32Array(columns + 1)] as const
  let upper: Float32Array = sums[0]
  let lower: Float32Array = addUp(components, 1, sums[1])
  for (let row = 1; row + 1 < rows; row++) {
    ;[upper, lower] = [lower, addUp(components, row + 1, upper)]
    for (let column = fewestBorders; column <= columns - fewestBorders; column++) {
      if (isTorn(upper, lower, column) && isAlone(components, row, column)) return true
    }
  }
  return false
}

/** How rough the borders of a row are, up to each column together. */
function addUp(components: readonly Component[], row: number, sums: Float32Array): Float32Array {
  const { columns } = components[0]!.units
  const share = 1 / components.length
  sums.fill(0)
  for (const { heights } of components) {
    for (let column = 0; column < columns; column++) {
      sums[column + 1]! += Math.abs(heights[row * columns + column]!) * share
    }
  }
  for (let column = 0; column < columns; column++) sums[column + 1]! += sums[column]!
  return sums
}

function isTorn(upper: Float32Array, lower: Float32Array, column: number): boolean {
  const columns = upper.length - 1
  const before = column
  const behind = columns - column
  const tornBehind = (upper[columns]! - upper[column]!) / behind
  const tornBefore = lower[column]! / before
  if (tornBehind < leastRough || tornBefore < leastRough) return false
  const besideBehind = (lower[columns]! - lower[column]!) / behind
  const besideBefore = upper[column]! / before
  return (
    tornBehind >= leastTimes * besideBehind &&
    tornBefore >= leastTimes * besideBefore &&
    (tornBehind - besideBehind) * Math.sqrt(behind) >= leastContrast &&
    (tornBefore - besideBefore) * Math.sqrt(before) >= leastContrast
  )
}

/** Whether the picture varies on both sides of the border, and is not as rough in the middle of the units above and below it. */
function isAlone(components: readonly Component[], row: number, column: number): boolean {
  const { columns } = components[0]!.units
  const start = row * columns + column
  let [rough, inside, isVaried] = [0, 0, false]
  for (const component of components) {
    const { units, noise, heights } = component
    const { above, below } = units.borders
    const varies = Math.min(
      spread(above.subarray(start, start + columns)),
      spread(below.subarray(start, start + columns)),
    )
    isVaried ||= varies >= leastVariety * leastStep(units)
    for (let unit = start; unit < start + columns; unit++) {
      rough += Math.abs(heights[unit]!)
      const near = Math.max(
        Math.abs(units.jumpInside(unit)),
        Math.abs(units.jumpInside(unit - columns)),
      )
      inside += near / noise[unit]!
    }
  }
  return isVaried && rough >= leastAlone * inside
}
