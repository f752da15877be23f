/**
 * What speaks for a step at borders of a scan's units: that each component jumps there by a value of its own, whatever the picture shows. What
 * a border may differ by is taken from the rows around it, so that a low step counts where the picture is plain. Pure.
 */
import { releasePixels } from '../../../release-image.ts'
import { leastStep, type SeenUnits } from './mean-borders.ts'
import { correlation, deviationOf, medianOff, spread, weightedMedian } from './robust.ts'

/** So many times what a border may differ by is not told from more, as what jumps; nor as what speaks for a step. */
const mostJump = 3
const mostGain = 2
/** A step, in levels. */
const leastLevels = 2.5
/** How far the borders may be from a step in the middle, as a share of it. */
const mostOff = 0.35
/** How much the jumps may follow how light the picture is: what is half transparent and laid over it changes light parts more than dark ones. */
const mostAlike = 0.6

/** A component, and what each of its upper borders may differ by. */
export interface Component {
  readonly units: SeenUnits
  readonly noise: Float32Array
  /** How far each jumps, in what it may differ by. */
  readonly heights: Float64Array
}

/** Where a step is sought: at the upper borders of units; it goes up (1) or down (-1). */
export interface Piece {
  readonly units: readonly number[]
  readonly sign: 1 | -1
}

/** `count` units from `first` on. */
export function unitsFrom(first: number, count: number): number[] {
  const units = new Array<number>(count)
  for (let i = 0; i < count; i++) units[i] = first + i
  return units
}

/** What borders jump by on average, in what they may differ by: a quick look. @param to the first unit that does not count */
export function meanHeight({ heights }: Component, from: number, to: number): number {
  let sum = 0
  for (let unit = from; unit < to; unit++) sum += heights[unit]!
  return sum / (to - from)
}

/** @param least what must speak for it at a border, on average */
export const isWeak = (gain: number, { units }: Piece, least: number): boolean =>
  gain < least * units.length

export interface Evidence {
  /** What speaks for a step at each piece. */
  readonly gains: readonly number[]
  /** What the picture varies by on both sides of the step, in what the step's height does: of plain areas nothing tells how far apart they belong. */
  readonly variety: number
}

export function withNoise(units: SeenUnits): Component {
  const { jumps } = units.borders
  const noise = localNoise(units)
  const heights = new Float64Array(jumps.length)
  for (let unit = 0; unit < jumps.length; unit++) {
    heights[unit] = Math.max(-mostJump, Math.min(mostJump, jumps[unit]! / noise[unit]!))
  }
  return { units, noise, heights }
}

/** Nothing may be asked of them afterwards: of a large photo they are megabytes, which garbage collection would leave for long. */
export function releaseComponents(components: readonly Component[]): void {
  for (const { noise, heights } of components) {
    releasePixels(noise)
    releasePixels(heights)
  }
}

/** Of each border: what it may differ by, as those do that lie two rows above and below it, and a unit to each side of them. */
function localNoise(units: SeenUnits): Float32Array {
  const { columns, rows, borders } = units
  const { jumps } = borders
  const least = leastStep(units)
  const wide = new Float32Array(jumps.length)
  for (let unit = columns; unit < jumps.length; unit++) {
    const column = unit % columns
    const hasLeft = column > 0
    const hasRight = column < columns - 1
    let sum = hasLeft ? Math.abs(jumps[unit - 1]!) : 0
    sum += Math.abs(jumps[unit]!)
    if (hasRight) sum += Math.abs(jumps[unit + 1]!)
    wide[unit] = sum / (1 + Number(hasLeft) + Number(hasRight))
  }
  const noise = new Float32Array(jumps.length).fill(least)
  const sums = new Float64Array(columns)
  for (let row = 1; row < rows; row++) {
    const around = [row - 2, row - 1, row + 2, row + 3].filter((r) => r >= 1 && r < rows)
    sums.fill(0)
    for (const other of around) {
      for (let column = 0; column < columns; column++) {
        sums[column]! += wide[other * columns + column]!
      }
    }
    const count = Math.max(1, around.length)
    for (let column = 0; column < columns; column++) {
      noise[row * columns + column] = least + sums[column]! / count
    }
  }
  releasePixels(wide)
  return noise
}

/**
 * @param jumping where the step is
 * @param still where there is none
 * @returns gains of the `jumping`, then of the `still`
 */
export function weigh(
  components: readonly Component[],
  jumping: readonly Piece[],
  still: readonly Piece[],
): Evidence {
  const pieces = [...jumping, ...still]
  const gains = pieces.map(() => 0)
  let variety = 0
  for (const component of components) {
    const seen = stepAlong(component, jumping)
    if (!seen) continue
    variety = Math.max(variety, seen.variety)
    const { units, noise } = component
    pieces.forEach((piece, i) => {
      const step = piece.sign * seen.step
      let sum = 0
      for (let at = 0; at < piece.units.length; at++) {
        const unit = piece.units[at]!
        const jump = units.borders.jumps[unit]!
        const gain = (Math.abs(jump) - Math.abs(jump - step)) / noise[unit]!
        sum += Math.max(-mostGain, Math.min(mostGain, gain))
      }
      gains[i]! += sum
    })
  }
  return { gains, variety }
}

/** By how much one component jumps along all pieces, and how much the picture varies there; undefined when it is no step. */
function stepAlong(
  { units, noise }: Component,
  pieces: readonly Piece[],
): { readonly step: number; readonly variety: number } | undefined {
  const jumps = along(units.borders.jumps, pieces, true)
  const step = weightedMedian(jumps, along(noise, pieces))
  const least = leastStep(units)
  if (Math.abs(step) < Math.max(leastLevels, least)) return undefined
  const off = medianOff(jumps, step)
  if (off > mostOff * Math.abs(step)) return undefined
  const above = along(units.borders.above, pieces)
  if (Math.abs(correlation(jumps, above)) > mostAlike) return undefined
  const varies = Math.min(spread(above), spread(along(units.borders.below, pieces)))
  return { step, variety: varies / (deviationOf(off) + least) }
}

/** The values at the pieces, one piece behind the other. */
function along(values: Float32Array, pieces: readonly Piece[], isSigned = false): Float32Array {
  const found = new Float32Array(pieces.reduce((sum, { units }) => sum + units.length, 0))
  let next = 0
  for (const { units, sign } of pieces) {
    for (let i = 0; i < units.length; i++) {
      found[next++] = values[units[i]!]! * (isSigned ? sign : 1)
    }
  }
  return found
}
