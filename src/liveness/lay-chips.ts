/**
 * Lays one chip over another by Gauss-Newton: a smooth stretch of the moving one and, where asked for, a shift in proportion to depth, so that
 * their pixels agree as well as they can. Pure.
 */

import { solveSymmetric } from './algebra/solve-symmetric.ts'
import { allPairs, countOf, most, type Sites } from './chip-sites.ts'
import { boxMean, chipSide, type FaceChip } from './face-chip.ts'

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
  const terms = countOf[degree]
  const depthShift = withDepth ? ([towardsX, towardsY] as const) : null
  const shift = Float64Array.from(from.shift)
  let { relief } = from
  let best: Laid | null = null
  const [still, moving] = [blurred(ahead, blur), blurred(turned, blur)]
  const seen = createSeen(sites)
  for (let step = 0; step <= steps; step++) {
    see(seen, moving, still, sites, shift, relief * towardsX, relief * towardsY)
    const { gain, offset, correlation } = fitLine(seen, sites.count)
    const gained = correlation - (best?.agreement ?? -1)
    if (best === null || gained > 0) {
      best = { shift: Float64Array.from(shift), relief, agreement: correlation }
    }
    if (step === steps || !(gain > 0) || (step > 0 && gained < leastGain)) break
    const { normal, right } = equations(seen, sites, terms, { gain, offset }, depthShift)
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

/**
 * The normal equations of one step, lower half. Products of two powers are known for every site, so that the three blocks, of x with x, x
 * with y and y with y, are weighted sums of them.
 */
function equations(
  { count, site: places, value, wanted, slopeX, slopeY }: Seen,
  sites: Sites,
  terms: number,
  { gain, offset }: { readonly gain: number; readonly offset: number },
  depthShift: readonly [x: number, y: number] | null,
): { normal: Float64Array; right: Float64Array } {
  const size = 2 * terms + (depthShift ? 1 : 0)
  const pairs = (terms * (terms + 1)) / 2
  const [xx, xy, yy] = [0, 1, 2].map(() => new Float64Array(pairs)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const right = new Float64Array(size)
  const last = new Float64Array(size)
  for (let i = 0; i < count; i++) {
    const site = places[i]!
    const [gx, gy] = [gain * slopeX[i]!, gain * slopeY[i]!]
    const [wxx, wxy, wyy] = [gx * gx, gx * gy, gy * gy]
    const off = wanted[i]! - (gain * value[i]! + offset)
    const start = site * allPairs
    for (let k = 0; k < pairs; k++) {
      const product = sites.products[start + k]!
      xx[k]! += wxx * product
      xy[k]! += wxy * product
      yy[k]! += wyy * product
    }
    const along = depthShift ? (gx * depthShift[0] + gy * depthShift[1]) * sites.depth[site]! : 0
    for (let k = 0; k < terms; k++) {
      const basis = sites.basis[site * most + k]!
      right[k]! += gx * basis * off
      right[terms + k]! += gy * basis * off
      last[k]! += along * gx * basis
      last[terms + k]! += along * gy * basis
    }
    if (depthShift) {
      right[size - 1]! += along * off
      last[size - 1]! += along * along
    }
  }
  const normal = new Float64Array(size * size)
  for (let k = 0; k < terms; k++) {
    for (let j = 0; j < terms; j++) {
      const pair = k >= j ? (k * (k + 1)) / 2 + j : (j * (j + 1)) / 2 + k
      normal[k * size + j] = xx[pair]!
      normal[(terms + k) * size + j] = xy[pair]!
      normal[(terms + k) * size + terms + j] = yy[pair]!
    }
  }
  if (depthShift) normal.set(last, (size - 1) * size)
  return { normal, right }
}

/** What both chips show at the sites that the stretch leaves in the chip. */
interface Seen {
  count: number
  readonly site: Int32Array
  readonly wanted: Float64Array
  readonly value: Float64Array
  readonly slopeX: Float64Array
  readonly slopeY: Float64Array
}

function createSeen({ count }: Sites): Seen {
  const numbers = (): Float64Array => new Float64Array(count)
  return {
    count: 0,
    site: new Int32Array(count),
    wanted: numbers(),
    value: numbers(),
    slopeX: numbers(),
    slopeY: numbers(),
  }
}

function see(
  seen: Seen,
  moving: Float32Array,
  still: Float32Array,
  sites: Sites,
  shift: Float64Array,
  alongX: number,
  alongY: number,
): void {
  seen.count = 0
  for (let site = 0; site < sites.count; site++) {
    let x = sites.x[site]! + sites.depth[site]! * alongX
    let y = sites.y[site]! + sites.depth[site]! * alongY
    for (let k = 0; k < most; k++) {
      const basis = sites.basis[site * most + k]!
      x += shift[k]! * basis
      y += shift[most + k]! * basis
    }
    const [left, top] = [Math.floor(x), Math.floor(y)]
    if (!(left >= 0 && top >= 0 && left < chipSide - 1 && top < chipSide - 1)) continue
    const [fx, fy] = [x - left, y - top]
    const at = top * chipSide + left
    const [a, b] = [moving[at]!, moving[at + 1]!]
    const [c, d] = [moving[at + chipSide]!, moving[at + chipSide + 1]!]
    const [above, below] = [a + (b - a) * fx, c + (d - c) * fx]
    const i = seen.count++
    seen.site[i] = site
    seen.wanted[i] = still[sites.y[site]! * chipSide + sites.x[site]!]!
    seen.value[i] = above + (below - above) * fy
    seen.slopeX[i] = (b - a) * (1 - fy) + (d - c) * fy
    seen.slopeY[i] = below - above
  }
}

/** A face of which less than half is seen agrees with nothing. */
function fitLine(
  { count, value, wanted }: Seen,
  all: number,
): { gain: number; offset: number; correlation: number } {
  const none = { gain: 0, offset: 0, correlation: -1 }
  if (count < all / 2) return none
  let [from, to] = [0, 0]
  for (let i = 0; i < count; i++) {
    from += value[i]!
    to += wanted[i]!
  }
  from /= count
  to /= count
  let [ff, ft, tt] = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    const [f, t] = [value[i]! - from, wanted[i]! - to]
    ff += f * f
    ft += f * t
    tt += t * t
  }
  const correlation = ft / Math.sqrt(ff * tt)
  const gain = ft / ff
  return Number.isFinite(correlation) ? { gain, offset: to - gain * from, correlation } : none
}
