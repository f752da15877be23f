/**
 * Whether a scan of a progressive JPEG brought frequencies to blocks that are not theirs. Its means stand where they belong, and so may other
 * frequencies; what one scan brings is moved along the rows from the damage on. In a sound picture the frequencies of every scan make most
 * borders between blocks smoother, since each goes on where the other ends; those of other blocks make them rougher.
 */

import type { JpegFile } from '../file/jpeg-file.ts'
import type { PhotoMemory } from '../photo-memory.ts'
import type { ComponentRoom } from '../scan-job.ts'
import { type Band, type Edges, edges, edgeWeights } from './band-edges.ts'
import { isBeside } from './beside.ts'

export interface BandKernel {
  measureBand(
    kept: number,
    size: number,
    stride: number,
    columns: number,
    rows: number,
    every: number,
    window: number,
    weights: number,
    least: number,
    scratch: number,
    counts: number,
  ): void
}

/** So many rows of blocks are looked at together. */
const windowRows = 4
/** In a large photo so far apart, where damage covers more of them. */
const manyRows = 128
const apart = 16
/** A border counts when it changes by so much of what rounded means may differ by. */
const leastChange = 0.3
/** And so many of all must count: in a plain picture a scan brings next to nothing. */
const leastShare = 0.2
/** How many more must be rougher than smoother, in standard deviations of a tossed coin: 2.6 at most in 1,000 sound photos without grain. */
const mostDeviations = 5
/** And how many more smoother, with what belongs there. */
const leastGain = 3.5
/** So much of that they may gain elsewhere: of 74,880 damaged progressive files none is let through for it. */
const mostElsewhere = 0.5
/** So many of the roughest are looked at, at so many blocks of each, and blocks so far away are tried: a grainy photo costs a few milliseconds. */
const mostWindows = 4
const mostBlocks = 160
const furthest = 480

/** Before anything else is taken. @param rooms of the frame's components, with what all scans left there */
export function hasDisplacedBands(
  kernel: BandKernel,
  memory: PhotoMemory,
  { frame, scans, quantisation }: JpegFile,
  rooms: readonly ComponentRoom[],
): boolean {
  return scans.some(({ components, first, last, high }) => {
    const { index } = components[0]!
    const { kept, size } = rooms[index]!
    if (first === 0 || high > 0 || size === 1) return false
    const { columns, rows, h, v } = frame.components[index]!
    const steps = quantisation[index]!
    const stride = frame.unitColumns * h
    const weights = edgeWeights(steps, size, first, last)
    const { end } = memory
    const place = memory.put(weights)
    const scratch = memory.take(8 * columns)
    const at = memory.take(8 * rows)
    const least = leastChange * (0.5 + steps[0]! / 8)
    const every = rows > manyRows ? apart : 0
    const window = [every, windowRows] as const
    kernel.measureBand(kept, size, stride, columns, rows, ...window, place, least, scratch, at)
    memory.rewind(end)
    const rough = roughRows(new Int32Array(memory.buffer, at, 2 * rows), columns)
    if (rough.length === 0) return false
    const blocks = stride * frame.unitRows * v
    const values = new Int16Array(memory.buffer, kept, blocks * size * size)
    return fitsElsewhere({ kept: values, size, stride, columns, rows, weights }, rough)
  })
}

/** Where rows begin whose borders are rougher with the scan than without, the roughest. @param counts of each row: rougher, and smoother */
function roughRows(counts: Int32Array, columns: number): number[] {
  const found: { readonly row: number; readonly deviations: number }[] = []
  for (let row = 1; row + windowRows <= counts.length / 2; row++) {
    let [rougher, smoother] = [0, 0]
    for (let i = row; i < row + windowRows; i++) {
      rougher += counts[2 * i]!
      smoother += counts[2 * i + 1]!
    }
    const counted = rougher + smoother
    if (counted < leastShare * 2 * windowRows * columns) continue
    const deviations = (rougher - smoother) / Math.sqrt(counted)
    if (deviations > mostDeviations) found.push({ row, deviations })
  }
  return found
    .sort((a, b) => b.deviations - a.deviations)
    .slice(0, mostWindows)
    .map(({ row }) => row)
}

/**
 * Whether the scan's frequencies of other blocks, all as many blocks away, make those borders smoother. Noise is rough, and fits nowhere; a
 * pattern fits at each of its repetitions, and lines across the picture do so in several rows.
 */
function fitsElsewhere(band: Band, starts: readonly number[]): boolean {
  const { columns, rows } = band
  return starts.some((row) => {
    const [from, to] = [row * columns, (row + windowRows) * columns]
    const first = Math.max(-furthest, columns - from)
    const last = Math.min(furthest, rows * columns - to)
    const blocks = [from - columns + first, to + last] as const
    const down = bordersOf(edges(band, 0, blocks), columns)
    const across = bordersOf(edges(band, 1, blocks), 1)
    const gains = Array.from({ length: last - first + 1 }, (_, i) =>
      gainOf(down, across, columns, from, to, first + i),
    )
    gains[-first] = 0
    const most = Math.max(...gains)
    if (most < leastGain) return false
    const best = gains.indexOf(most)
    return gains.every((gain, i) => gain < mostElsewhere * most || isNear(i - best, columns))
  })
}

/** Frequencies that were moved fit in one place, and may do so in those around it. */
function isNear(blocks: number, columns: number): boolean {
  return Math.abs(Math.round(blocks / columns)) <= 1 && isBeside(blocks, columns)
}

/** Of each block from `start` on, at the border that it begins with: how far it breaks off without the scan, and by what the scan brings. */
interface BandBorders {
  readonly start: number
  readonly rest: Float64Array
  readonly band: Float64Array
}

/** @param back how many blocks before each is the one that the border parts it from */
function bordersOf(
  { start, firstRest, lastRest, firstBand, lastBand }: Edges,
  back: number,
): BandBorders {
  const rest = new Float64Array(firstRest.length)
  const band = new Float64Array(firstRest.length)
  for (let i = back; i < rest.length; i++) {
    rest[i] = firstRest[i]! - lastRest[i - back]!
    band[i] = firstBand[i]! - lastBand[i - back]!
  }
  return { start, rest, band }
}

/** Deviations by which more of the borders of blocks `from` to `to` are smoother than without the scan, with what it brought to those `away`. */
function gainOf(
  down: BandBorders,
  across: BandBorders,
  columns: number,
  from: number,
  to: number,
  away: number,
): number {
  const { start } = down
  let [better, worse] = [0, 0]
  const every = Math.ceil((to - from) / mostBlocks)
  for (let block = from; block < to; block += every) {
    const i = block - start
    const upper = gain(down.rest[i]!, down.band[i + away]!)
    if (upper > 0) better++
    else if (upper < 0) worse++
    if (block % columns === 0) continue
    const left = gain(across.rest[i]!, across.band[i + away]!)
    if (left > 0) better++
    else if (left < 0) worse++
  }
  return (better - worse) / Math.sqrt(better + worse || 1)
}

/** How much smoother a border is with what the scan brought to others, so far away, than without the scan. */
const gain = (rest: number, others: number): number => Math.abs(rest) - Math.abs(rest + others)
