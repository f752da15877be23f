/**
 * What speaks for a step at borders of a scan's units: that each component jumps there by a value of its own, whatever the picture shows. What
 * a border may differ by is taken from the rows around it, so that a low step counts where the picture is plain. Pure.
 */
import { releasePixels } from '../../../release-image.ts'
import { leastStep, type SeenUnits } from './mean-borders.ts'
import { correlation, deviationOf, medianOff, spread, weightedMedian } from './robust.ts'
import { makeScratch } from './scratch.ts'

/** So many times what a border may differ by is not told from more, as what jumps; nor as what speaks for a step. */
const mostJump = 3
const mostGain = 2
/** A step, in levels. */
export const leastLevels = 2.5
/** And one that is seen in plain colours alone. */
const leastPlainLevels = 3.5
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

/** Where a step is sought: at the upper borders of so many units from one on; it goes up (1) or down (-1). */
export interface Piece {
  readonly first: number
  readonly count: number
  readonly sign: 1 | -1
}

/** What borders jump by on average, in what they may differ by: a quick look. @param to the first unit that does not count */
export function meanHeight({ heights }: Component, from: number, to: number): number {
  let sum = 0
  for (let unit = from; unit < to; unit++) sum += heights[unit]!
  return sum / (to - from)
}

/** @param least what must speak for it at a border, on average */
export const isWeak = (gain: number, { count }: Piece, least: number): boolean =>
  gain < least * count

export interface Evidence {
  /** What speaks for a step at each piece. */
  readonly gains: readonly number[]
  /** What the picture varies by on both sides of the step, in what the step's height does: of plain areas nothing tells how far apart they belong. */
  readonly variety: number
  /** What each component jumps by; 0 where it has no step. */
  readonly steps: readonly number[]
}

/** What a border may differ by is what those do that lie two rows above and below it, and a unit to each side of them. */
export function withNoise(units: SeenUnits): Component {
  const { columns, rows, borders } = units
  const { jumps } = borders
  const least = leastStep(units)
  const wide = widened(jumps, columns)
  const noise = new Float32Array(jumps.length).fill(least)
  const heights = new Float64Array(jumps.length)
  for (let row = 1; row < rows; row++) {
    const start = row * columns
    // The first row has no borders, and zeros for them.
    const placeOf = (other: number): number => (other >= 1 && other < rows ? other * columns : 0)
    const [above, nearAbove] = [placeOf(row - 2), placeOf(row - 1)]
    const [nearBelow, below] = [placeOf(row + 2), placeOf(row + 3)]
    const count =
      Number(above > 0) + Number(nearAbove > 0) + Number(nearBelow > 0) + Number(below > 0)
    const share = Math.max(1, count)
    for (let column = 0; column < columns; column++) {
      const sum =
        wide[above + column]! +
        wide[nearAbove + column]! +
        wide[nearBelow + column]! +
        wide[below + column]!
      const unit = start + column
      noise[unit] = least + sum / share
      heights[unit] = Math.max(-mostJump, Math.min(mostJump, jumps[unit]! / noise[unit]!))
    }
  }
  releasePixels(wide)
  return { units, noise, heights }
}

/** Nothing may be asked of them afterwards: of a large photo they are megabytes, which garbage collection would leave for long. */
export function releaseComponents(components: readonly Component[]): void {
  for (const { noise, heights } of components) {
    releasePixels(noise)
    releasePixels(heights)
  }
}

/** How far each border jumps, whichever way, and those beside it, on average. */
function widened(jumps: Float32Array, columns: number): Float32Array {
  const wide = new Float32Array(jumps.length)
  for (let start = columns; start < jumps.length; start += columns) {
    const last = start + columns - 1
    let left = 0
    let here = Math.abs(jumps[start]!)
    for (let unit = start; unit <= last; unit++) {
      const right = unit < last ? Math.abs(jumps[unit + 1]!) : 0
      wide[unit] = (left + here + right) / (unit === start || unit === last ? 2 : 3)
      left = here
      here = right
    }
  }
  return wide
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
  const steps = components.map((component) => {
    const seen = stepAlong(component, jumping)
    if (!seen) return 0
    variety = Math.max(variety, seen.variety)
    for (let i = 0; i < pieces.length; i++) gains[i]! += gainAt(component, pieces[i]!, seen.step)
    return seen.step
  })
  return { gains, variety, steps }
}

/** What speaks for a step at a piece. */
function gainAt({ units, noise }: Component, { first, count, sign }: Piece, by: number): number {
  const { jumps } = units.borders
  const step = sign * by
  let sum = 0
  for (let unit = first; unit < first + count; unit++) {
    const jump = jumps[unit]!
    const gain = (Math.abs(jump) - Math.abs(jump - step)) / noise[unit]!
    sum += Math.max(-mostGain, Math.min(mostGain, gain))
  }
  return sum
}

/** By how much one component jumps along all pieces, and how much the picture varies there; undefined when it is no step. */
function stepAlong(
  component: Component,
  pieces: readonly Piece[],
): { readonly step: number; readonly variety: number } | undefined {
  const { units, noise } = component
  const jumps = jumpsOf(component, pieces)
  const step = weightedMedian(jumps, along(room.noise, noise, pieces))
  const least = leastStep(units)
  if (Math.abs(step) < Math.max(leastLevels, least)) return undefined
  const off = medianOff(jumps, step)
  if (off > mostOff * Math.abs(step)) return undefined
  const above = along(room.above, units.borders.above, pieces)
  if (Math.abs(correlation(jumps, above)) > mostAlike) return undefined
  const below = along(room.below, units.borders.below, pieces)
  const varies = Math.min(spread(above), spread(below))
  return { step, variety: varies / (deviationOf(off) + least) }
}

/**
 * Whether the picture varies by so much on both sides of a step, or goes on across it where it varies.
 *
 * @param countsPlain whether a step in plain colours counts
 */
export const isVaried = (
  components: readonly Component[],
  jumping: readonly Piece[],
  { variety, steps }: Evidence,
  least: number,
  countsPlain = true,
): boolean =>
  variety >= least ||
  (countsPlain &&
    steps.some((step) => Math.abs(step) >= leastPlainLevels) &&
    varietyBeside(components, jumping, steps) >= least)

/**
 * What the picture varies by in components that have no step, in what they jump by: where its colours are plain, as those of a grey picture are,
 * brightness tells that both sides belong together. Not where a step follows how light the picture is.
 */
function varietyBeside(
  components: readonly Component[],
  pieces: readonly Piece[],
  steps: readonly number[],
): number {
  const jumping = components.filter((_, i) => steps[i] !== 0)
  const others = components.filter((_, i) => steps[i] === 0)
  const varieties = others.map((component) => {
    const { units } = component
    const off = medianOff(jumpsOf(component, pieces), 0)
    const above = along(room.above, units.borders.above, pieces)
    const below = along(room.below, units.borders.below, pieces)
    const isFollowed = jumping.some(
      (other) => Math.abs(correlation(jumpsOf(other, pieces), above)) > mostAlike,
    )
    const varies = Math.min(spread(above), spread(below))
    return isFollowed ? 0 : varies / (deviationOf(off) + leastStep(units))
  })
  return Math.max(0, ...varieties)
}

const room = {
  jumps: makeScratch(),
  noise: makeScratch(),
  above: makeScratch(),
  below: makeScratch(),
}

const jumpsOf = ({ units }: Component, pieces: readonly Piece[]): Float32Array =>
  along(room.jumps, units.borders.jumps, pieces, true)

/** The values at the pieces, one piece behind the other. */
function along(
  take: (length: number) => Float32Array,
  values: Float32Array,
  pieces: readonly Piece[],
  isSigned = false,
): Float32Array {
  let length = 0
  for (const { count } of pieces) length += count
  const found = take(length)
  let next = 0
  for (const { first, count, sign } of pieces) {
    const factor = isSigned ? sign : 1
    for (let unit = first; unit < first + count; unit++) found[next++] = values[unit]! * factor
  }
  return found
}
