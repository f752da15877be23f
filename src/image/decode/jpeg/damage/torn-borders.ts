/**
 * Whether a picture is torn along lines where it may have been put together: it jumps there by something else at every pixel, on both sides of the
 * line shows other shapes, and is smooth beside it. Pure.
 */
import { selectMiddle } from '../../../../lib/median.ts'
import type { Rectangle } from '../../../resize.ts'
import type { RgbImage } from '../../../rgb-image.ts'
import { makeScratch } from './scratch.ts'

/**
 * How many times as rough as the lines around it one line must be: 2.8 at most in 1,691 sound photos of LFW, and 1.9 where it takes two of one
 * interval.
 */
const leastOfOne = 3
const leastOfMany = 2.1
/** Levels by which any picture may vary. */
const anywhere = 1.5
/** And by which it must on both sides: a bar of one colour may begin anywhere. */
const leastVariety = 4
/** How much the two sides may follow each other: what is half transparent and laid over a picture keeps its shapes, and so does a negative. */
const mostAlike = 0.92
/** Lines beside it that none of its jump reaches, and the borders of blocks nearest to it, which are a little rough in any JPEG. */
const beside = [-6, -5, -4, -3, -2, 2, 3, 4, 5, 6]
const blockSide = 8
/** Pixels of a piece of a line, how many times as rough it must be, and how many of those where the picture varies. */
const step = 24
const leastOfPiece = 1.2
const leastShare = 0.6
/** Bytes of a pixel. */
const pixel = 3

/** @param lines between two rows of pixels, of height 0, or between two columns @param area that is looked at first */
export function isTorn(image: RgbImage, lines: readonly Rectangle[], area: Rectangle): boolean {
  const least = lines.length > 1 ? leastOfMany : leastOfOne
  return lines.every((line) => {
    const inside = partIn(line, area)
    return (
      isRough(image, inside, least) &&
      isBetweenOthers(image, inside, mostAlike) &&
      isTornThroughout(image, line)
    )
  })
}

/** Whole pixels of a line. */
function partIn(line: Rectangle, area: Rectangle): Rectangle {
  const clip = (from: number, length: number, at: number, size: number) => {
    const first = Math.ceil(Math.max(from, at))
    return [first, Math.floor(Math.min(from + length, at + size)) - first] as const
  }
  if (line.height === 0) {
    const [x, width] = clip(line.x, line.width, area.x, area.width)
    return { ...line, x, width }
  }
  const [y, height] = clip(line.y, line.height, area.y, area.height)
  return { ...line, y, height }
}

/** Whether most pieces of a whole line are rough, where the picture varies: what is pasted in ends, and letters have gaps. */
function isTornThroughout(image: RgbImage, line: Rectangle): boolean {
  const isLying = line.height === 0
  const [from, length] = isLying ? [line.x, line.width] : [line.y, line.height]
  let [rough, smooth] = [0, 0]
  for (let at = from; at + step <= from + length; at += step) {
    const piece = isLying ? { ...line, x: at, width: step } : { ...line, y: at, height: step }
    if (!isBetweenOthers(image, piece, 1)) continue
    if (isRough(image, piece, leastOfPiece)) rough++
    else smooth++
  }
  return rough >= leastShare * (rough + smooth)
}

/** Where the samples of green along a line lie, which brightness and colour are part of, and how far apart those are across it. */
interface Course {
  readonly first: number
  readonly along: number
  readonly across: number
  readonly count: number
}

function courseOf({ width }: RgbImage, line: Rectangle, away = 0): Course {
  const isLying = line.height === 0
  const [right, down] = [pixel, pixel * width]
  const [along, across] = isLying ? [right, down] : [down, right]
  return {
    first: line.y * down + line.x * right + away * across + 1,
    along,
    across,
    count: isLying ? line.width : line.height,
  }
}

function isRough(image: RgbImage, line: Rectangle, least: number): boolean {
  const [at, end] = line.height === 0 ? [line.y, image.height] : [line.x, image.width]
  // What is measured reaches two pixels farther than the farthest line.
  if (at < blockSide + 2 || at + blockSide + 2 > end) return false
  const rough = roughness(image, courseOf(image, line))
  const mayBe = (away: number): boolean =>
    rough > least * (roughness(image, courseOf(image, line, away)) + anywhere)
  return beside.every(mayBe) && (mayBe(-blockSide) || mayBe(blockSide))
}

const room = makeScratch()
const others = makeScratch()

/** How far the jumps across a line are from the one in their middle, on average; half of what changes on both sides is no jump. */
function roughness({ data }: RgbImage, { first, along, across, count }: Course): number {
  const jumps = room(count)
  for (let i = 0, at = first; i < count; i++, at += along) {
    const upper = data[at - across]!
    const lower = data[at]!
    const change = data[at + across]! - lower + upper - data[at - 2 * across]!
    jumps[i] = lower - upper - change / 2
  }
  const copy = others(count)
  copy.set(jumps)
  const middle = selectMiddle(copy)
  let sum = 0
  for (let i = 0; i < count; i++) sum += Math.abs(jumps[i]! - middle)
  return sum / count
}

/** Whether both sides vary, and no more alike than so. */
function isBetweenOthers(image: RgbImage, line: Rectangle, most: number): boolean {
  const { data } = image
  const { first, along, across, count } = courseOf(image, line)
  let [upper, lower] = [0, 0]
  for (let i = 0, at = first; i < count; i++, at += along) {
    upper += data[at - across]! / count
    lower += data[at]! / count
  }
  let [offUpper, offLower, products, squares, otherSquares] = [0, 0, 0, 0, 0]
  for (let i = 0, at = first; i < count; i++, at += along) {
    const [above, below] = [data[at - across]! - upper, data[at]! - lower]
    offUpper += Math.abs(above)
    offLower += Math.abs(below)
    products += above * below
    squares += above * above
    otherSquares += below * below
  }
  return (
    Math.min(offUpper, offLower) >= leastVariety * count &&
    Math.abs(products) <= most * Math.sqrt(squares * otherSquares)
  )
}
