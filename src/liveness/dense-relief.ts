/**
 * The relief of a face from its pixels: lays the inner face of a turned frame over that of the frame ahead, pixel by pixel. A picture,
 * flat or bent, needs no more than a smooth stretch for that; a head needs a shift in proportion to depth too. Landmarks come from a
 * network that has seen heads only and sees some relief in a tilted picture as well; pixels do not. Pure.
 */
import { boxMean, chipReach, chipSide, type FaceChip } from './face-chip.ts'
import { headDepthAt } from './head-depth.ts'
import { solveSymmetric } from './solve-symmetric.ts'

export interface DenseRelief {
  /** Shift along the asked direction in proportion to depth: the sine of the turn for a head, about 0 for a picture. */
  readonly relief: number
  /** How well the two then agree: correlation, -1 to 1. */
  readonly agreement: number
  /** How well they agree when nothing but a smooth stretch is allowed. */
  readonly flatAgreement: number
}

interface Stage {
  /** Reach of the blur in pixels: wide first, so that what follows begins close by. */
  readonly blur: number
  /** Highest power of the stretch. */
  readonly degree: 1 | 2 | 3
  readonly steps: number
  /** What is blurred need not be read at every site. */
  readonly sites: Sites
}

const margin = 3
const toPixels = chipSide / (2 * chipReach)

/** Of the smooth stretch: powers of x and y up to the third together, lower ones first. */
const powers = [0, 1, 2, 3].flatMap((total) =>
  Array.from({ length: total + 1 }, (_, i) => [total - i, i] as const),
)
const countOf = { 1: 3, 2: 6, 3: 10 } as const
const most = powers.length

/** Steps that gain less agreement are the last ones. */
const leastGain = 1e-3

/** Places of the chip, one behind the other in each list. */
interface Sites {
  readonly count: number
  readonly x: Float64Array
  readonly y: Float64Array
  /** Values of the powers, as many as there are for each place. */
  readonly basis: Float64Array
  /** Depth, in pixels. */
  readonly depth: Float64Array
}

const [fine, coarse] = [placeSites(3), placeSites(6)]

const first: Stage = { blur: 4, degree: 1, steps: 5, sites: coarse }
const further: readonly Stage[] = [
  { blur: 3, degree: 2, steps: 4, sites: coarse },
  { blur: 2, degree: 3, steps: 4, sites: coarse },
  { blur: 1, degree: 3, steps: 4, sites: fine },
]
/** What moves, scales, turns and slants, and no more. */
const finest: Stage = { blur: 1, degree: 1, steps: 5, sites: fine }

/** What has been found so far. */
interface Laid {
  /** Coefficients of the stretch: along x, then along y. */
  readonly shift: Float64Array
  readonly relief: number
  readonly agreement: number
}

const unlaid: Laid = { shift: new Float64Array(2 * most), relief: 0, agreement: -1 }

/**
 * @param towards unit vector in which the nose should have moved
 * @param turn degrees between the two frames, by their poses
 */
export function denseReliefOf(
  ahead: FaceChip,
  turned: FaceChip,
  towards: readonly [x: number, y: number],
  turn: number,
): DenseRelief {
  const pair = { ahead, turned, towards }
  const start = lay(pair, first, unlaid, false)
  const flat = further.reduce((laid, stage) => lay(pair, stage, laid, false), start)
  const expected = Math.sin((Math.abs(turn) * Math.PI) / 180)
  const asHead = further.reduce((laid, stage) => lay(pair, stage, laid, true), {
    ...start,
    relief: expected,
    agreement: -1,
  })
  // From where a picture would be too: whichever agrees better is what was seen.
  const last = further.at(-1)!
  const asPicture = lay(pair, last, flat, true)
  const { relief, agreement } = asHead.agreement > asPicture.agreement ? asHead : asPicture
  return { relief, agreement, flatAgreement: flat.agreement }
}

/** How well two chips agree when one is moved, scaled, turned and slanted: correlation, -1 to 1. */
export function layFlat(still: FaceChip, moving: FaceChip): number {
  const pair = { ahead: still, turned: moving, towards: [0, 0] as const }
  const laid = lay(pair, first, unlaid, false)
  return lay(pair, finest, laid, false).agreement
}

interface Pair {
  readonly ahead: FaceChip
  readonly turned: FaceChip
  readonly towards: readonly [x: number, y: number]
}

/** Gauss-Newton on the coefficients of the stretch and, where asked for, of depth. */
function lay(
  { ahead, turned, towards: [towardsX, towardsY] }: Pair,
  { blur, degree, steps, sites }: Stage,
  from: Laid,
  withDepth: boolean,
): Laid {
  const terms = countOf[degree]
  const count = 2 * terms + (withDepth ? 1 : 0)
  const shift = Float64Array.from(from.shift)
  let { relief } = from
  let best: Laid | null = null
  const row = new Float64Array(count)
  const [still, moving] = [boxMean(ahead, blur), boxMean(turned, blur)]
  const seen = createSeen(sites)
  for (let step = 0; step <= steps; step++) {
    see(seen, moving, still, sites, shift, relief * towardsX, relief * towardsY)
    const { gain, offset, correlation } = fitLine(seen, sites.count)
    const gained = correlation - (best?.agreement ?? -1)
    if (best === null || gained > 0) {
      best = { shift: Float64Array.from(shift), relief, agreement: correlation }
    }
    if (step === steps || !(gain > 0) || (step > 0 && gained < leastGain)) break
    const normal = new Float64Array(count * count)
    const right = new Float64Array(count)
    for (let i = 0; i < seen.count; i++) {
      const site = seen.site[i]!
      const [gx, gy] = [gain * seen.slopeX[i]!, gain * seen.slopeY[i]!]
      for (let k = 0; k < terms; k++) {
        const basis = sites.basis[site * most + k]!
        row[k] = gx * basis
        row[terms + k] = gy * basis
      }
      if (withDepth) row[2 * terms] = (gx * towardsX + gy * towardsY) * sites.depth[site]!
      const off = seen.wanted[i]! - (gain * seen.value[i]! + offset)
      for (let k = 0; k < count; k++) {
        const value = row[k]!
        right[k]! += value * off
        const start = k * count
        for (let j = 0; j <= k; j++) normal[start + j]! += value * row[j]!
      }
    }
    const change = solveSymmetric(normal, right)
    for (let k = 0; k < terms; k++) {
      shift[k]! += change[k]!
      shift[most + k]! += change[terms + k]!
    }
    if (withDepth) relief += change[2 * terms]!
  }
  return best!
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

/** Of an oval between brows and chin one pixel in `every`. */
function placeSites(every: number): Sites {
  const [xs, ys, basis, depths]: number[][] = [[], [], [], []]
  for (let y = margin; y < chipSide - margin; y++) {
    for (let x = margin; x < chipSide - margin; x++) {
      if ((x + 3 * y) % every !== 0) continue
      const u = ((x + 0.5) / chipSide) * 2 - 1
      const v = ((y + 0.5) / chipSide) * 2 - 1
      if ((u / 0.8) ** 2 + ((v - 0.02) / 0.88) ** 2 > 1) continue
      xs!.push(x)
      ys!.push(y)
      basis!.push(...powers.map(([i, j]) => u ** i * v ** j))
      depths!.push(headDepthAt(u * chipReach, v * chipReach) * toPixels)
    }
  }
  return {
    count: xs!.length,
    x: Float64Array.from(xs!),
    y: Float64Array.from(ys!),
    basis: Float64Array.from(basis!),
    depth: Float64Array.from(depths!),
  }
}
