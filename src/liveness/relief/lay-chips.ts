/**
 * Lays one chip over another by Gauss-Newton: a smooth stretch of the moving one and, where asked for, a shift in proportion to depth, so that
 * their pixels agree as well as they can. Pure.
 */

import { fitLine, type Line, type Sample } from '../algebra/fit-line.ts'
import { countUpTo, most, valueAt } from '../algebra/polynomials.ts'
import { solveSymmetric } from '../algebra/solve-symmetric.ts'
import { type Slopes, stretchEquations } from '../algebra/stretch-equations.ts'
import { boxMean, chipSide, type FaceChip } from '../frames/face-chip.ts'
import type { Sites } from './chip-sites.ts'

export interface Stage {
  /** Reach of the blur in pixels: wide first, so that what follows begins close by. */
  readonly blur: number
  /** Highest power of the stretch. */
  readonly degree: 1 | 2 | 3
  readonly steps: number
  /** What is blurred need not be read at every site. */
  readonly sites: Sites
}

/** Steps that gain less agreement are the last ones. */
const leastGain = 1e-3

/** What has been found so far. */
export interface Laid {
  /** Coefficients of the stretch: along x, then along y. */
  readonly shift: Float64Array
  readonly relief: number
  readonly agreement: number
}

export interface Pair {
  readonly ahead: FaceChip
  readonly turned: FaceChip
  readonly towards: readonly [x: number, y: number]
}

/** Changes the coefficients of the stretch and, where asked for, of depth. */
export function lay(
  { ahead, turned, towards: [towardsX, towardsY] }: Pair,
  { blur, degree, steps, sites }: Stage,
  from: Laid,
  withDepth: boolean,
): Laid {
  const terms = countUpTo(degree)
  const shift = Float64Array.from(from.shift)
  let { relief } = from
  let best: Laid | null = null
  const [still, moving] = [blurred(ahead, blur), blurred(turned, blur)]
  const seen = seenAt(sites)
  for (let step = 0; step <= steps; step++) {
    move(seen, sites, shift, [relief * towardsX, relief * towardsY])
    see(seen, { still, moving }, sites)
    const line = fitLine(seen)
    const gained = line.correlation - (best?.agreement ?? -1)
    if (best === null || gained > 0) {
      best = { shift: Float64Array.from(shift), relief, agreement: line.correlation }
    }
    if (step === steps || !(line.gain > 0) || (step > 0 && gained < leastGain)) break
    setTones(seen, sites, line, [towardsX, towardsY])
    const { normal, right } = stretchEquations(sites.monomials, degree, seen, withDepth)
    const change = solveSymmetric(normal, right)
    for (let k = 0; k < terms; k++) {
      shift[k]! += change[k]!
      shift[most + k]! += change[terms + k]!
    }
    if (withDepth) relief += change[2 * terms]!
  }
  return best!
}

/** By chip and reach: a chip is laid several times, over the same one and over others. */
const kept = new WeakMap<FaceChip, Map<number, Float32Array>>()

function blurred(chip: FaceChip, reach: number): Float32Array {
  const own = kept.get(chip) ?? new Map<number, Float32Array>()
  kept.set(chip, own)
  const known = own.get(reach) ?? boxMean(chip, reach)
  own.set(reach, known)
  return known
}

/** What both chips show at each site; 0 throughout where the stretch leaves the chip. */
interface Seen extends Slopes, Sample {
  /** Where the site lies in the moving chip. */
  readonly u: Float64Array
  readonly v: Float64Array
}

/** Room for one step, which every step fills anew. */
const rooms = new WeakMap<Sites, Seen>()

function seenAt(sites: Sites): Seen {
  const known = rooms.get(sites)
  if (known) return known
  const numbers = (): Float64Array => new Float64Array(sites.count)
  const room: Seen = {
    isSeen: new Uint8Array(sites.count),
    ...{ u: numbers(), v: numbers(), wanted: numbers(), value: numbers() },
    ...{ x: numbers(), y: numbers(), depth: numbers(), off: numbers() },
  }
  rooms.set(sites, room)
  return room
}

function see(
  { isSeen, u, v, wanted, value, x, y }: Seen,
  { still, moving }: Readonly<Record<'still' | 'moving', Float32Array>>,
  sites: Sites,
): void {
  const last = chipSide - 1
  for (let i = 0; i < sites.count; i++) {
    const px = u[i]!
    const py = v[i]!
    if (!(px >= 0 && py >= 0 && px < last && py < last)) {
      isSeen[i] = 0
      wanted[i] = 0
      value[i] = 0
      x[i] = 0
      y[i] = 0
      continue
    }
    const left = px | 0
    const top = py | 0
    const fx = px - left
    const at = top * chipSide + left
    const a = moving[at]!
    const across = moving[at + 1]! - a
    const c = moving[at + chipSide]!
    const acrossBelow = moving[at + chipSide + 1]! - c
    const above = a + across * fx
    const down = c + acrossBelow * fx - above
    const fy = py - top
    isSeen[i] = 1
    wanted[i] = still[sites.at[i]!]!
    value[i] = above + down * fy
    x[i] = across + (acrossBelow - across) * fy
    y[i] = down
  }
}

/** Where the stretch and the shift in proportion to depth take each site. */
function move(
  { u, v }: Seen,
  { x, y, depth, monomials }: Sites,
  shift: Float64Array,
  [alongX, alongY]: readonly [number, number],
): void {
  const across = monomials[1]!
  const down = monomials[2]!
  for (let i = 0; i < u.length; i++) {
    const atX = across[i]!
    const atY = down[i]!
    u[i] = x[i]! + depth[i]! * alongX + valueAt(shift, 0, atX, atY)
    v[i] = y[i]! + depth[i]! * alongY + valueAt(shift, most, atX, atY)
  }
}

/** The slopes of what is seen, in the tones of what is wanted. */
function setTones(
  { isSeen, value, wanted, x, y, depth, off }: Seen,
  sites: Sites,
  { gain, offset }: Line,
  [towardsX, towardsY]: readonly [number, number],
): void {
  for (let i = 0; i < isSeen.length; i++) {
    x[i]! *= gain
    y[i]! *= gain
    depth[i] = (x[i]! * towardsX + y[i]! * towardsY) * sites.depth[i]!
    off[i] = isSeen[i] === 0 ? 0 : wanted[i]! - (gain * value[i]! + offset)
  }
}
