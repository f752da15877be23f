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
}

const first: Stage = { blur: 4, degree: 1, steps: 6 }
const further: readonly Stage[] = [
  { blur: 3, degree: 2, steps: 5 },
  { blur: 2, degree: 3, steps: 5 },
  { blur: 1, degree: 3, steps: 5 },
]

/** What moves, scales, turns and slants, and no more. */
const finest: Stage = { blur: 1, degree: 1, steps: 5 }

const margin = 3
const toPixels = chipSide / (2 * chipReach)

/** Of the smooth stretch: powers of x and y up to the third together, lower ones first. */
const powers = [0, 1, 2, 3].flatMap((total) =>
  Array.from({ length: total + 1 }, (_, i) => [total - i, i] as const),
)
const countOf = { 1: 3, 2: 6, 3: 10 } as const
const most = powers.length

interface Site {
  readonly pixel: number
  readonly x: number
  readonly y: number
  /** Values of the powers at this place. */
  readonly basis: readonly number[]
  /** Depth, in pixels. */
  readonly depth: number
}

const sites = placeSites()

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
  const asHead = [first, ...further].reduce((laid, stage) => lay(pair, stage, laid, true), {
    ...start,
    relief: expected,
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
  { blur, degree, steps }: Stage,
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
  for (let step = 0; step <= steps; step++) {
    const seen = see(moving, still, shift, relief * towardsX, relief * towardsY)
    const { gain, offset, correlation } = fitLine(seen)
    if (best === null || correlation > best.agreement) {
      best = { shift: Float64Array.from(shift), relief, agreement: correlation }
    }
    if (step === steps || !(gain > 0)) break
    const normal = new Float64Array(count * count)
    const right = new Float64Array(count)
    for (const { value, wanted, slopeX, slopeY, site } of seen) {
      const [gx, gy] = [gain * slopeX, gain * slopeY]
      for (let k = 0; k < terms; k++) {
        row[k] = gx * site.basis[k]!
        row[terms + k] = gy * site.basis[k]!
      }
      if (withDepth) row[2 * terms] = (gx * towardsX + gy * towardsY) * site.depth
      const off = wanted - (gain * value + offset)
      for (let k = 0; k < count; k++) {
        right[k]! += row[k]! * off
        for (let j = 0; j <= k; j++) normal[k * count + j]! += row[k]! * row[j]!
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

interface SeenSite {
  readonly site: Site
  readonly wanted: number
  readonly value: number
  readonly slopeX: number
  readonly slopeY: number
}

/** What the moving chip shows where the stretch takes each site; those that it takes out of the chip are left out. */
function see(
  moving: Float32Array,
  still: Float32Array,
  shift: Float64Array,
  alongX: number,
  alongY: number,
): SeenSite[] {
  const seen: SeenSite[] = []
  for (const site of sites) {
    const { basis, depth } = site
    let x = site.x + depth * alongX
    let y = site.y + depth * alongY
    for (let k = 0; k < most; k++) {
      x += shift[k]! * basis[k]!
      y += shift[most + k]! * basis[k]!
    }
    const [left, top] = [Math.floor(x), Math.floor(y)]
    if (!(left >= 0 && top >= 0 && left < chipSide - 1 && top < chipSide - 1)) continue
    const [fx, fy] = [x - left, y - top]
    const at = top * chipSide + left
    const [a, b] = [moving[at]!, moving[at + 1]!]
    const [c, d] = [moving[at + chipSide]!, moving[at + chipSide + 1]!]
    const [above, below] = [a + (b - a) * fx, c + (d - c) * fx]
    seen.push({
      site,
      wanted: still[site.pixel]!,
      value: above + (below - above) * fy,
      slopeX: (b - a) * (1 - fy) + (d - c) * fy,
      slopeY: below - above,
    })
  }
  return seen
}

/** Of those that are seen; a face of which less than half is seen agrees with nothing. */
function fitLine(seen: readonly SeenSite[]): { gain: number; offset: number; correlation: number } {
  if (seen.length < sites.length / 2) return { gain: 0, offset: 0, correlation: -1 }
  let [from, to] = [0, 0]
  for (const { value, wanted } of seen) {
    from += value
    to += wanted
  }
  from /= seen.length
  to /= seen.length
  let [ff, ft, tt] = [0, 0, 0]
  for (const { value, wanted } of seen) {
    ff += (value - from) ** 2
    ft += (value - from) * (wanted - to)
    tt += (wanted - to) ** 2
  }
  const correlation = ft / Math.sqrt(ff * tt)
  const gain = ft / ff
  return Number.isFinite(correlation)
    ? { gain, offset: to - gain * from, correlation }
    : { gain: 0, offset: 0, correlation: -1 }
}

/** Every second pixel of an oval between brows and chin. */
function placeSites(): Site[] {
  const placed: Site[] = []
  for (let y = margin; y < chipSide - margin; y++) {
    for (let x = margin; x < chipSide - margin; x++) {
      if ((x + y) % 2 === 1) continue
      const u = ((x + 0.5) / chipSide) * 2 - 1
      const v = ((y + 0.5) / chipSide) * 2 - 1
      if ((u / 0.8) ** 2 + ((v - 0.02) / 0.88) ** 2 > 1) continue
      const basis = powers.map(([i, j]) => u ** i * v ** j)
      const depth = headDepthAt(u * chipReach, v * chipReach) * toPixels
      placed.push({ pixel: y * chipSide + x, x, y, basis, depth })
    }
  }
  return placed
}
