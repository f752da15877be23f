/**
 * Whether a block of a face does not belong to its picture: damage that ends within a block, or at the next restart marker, leaves all else as
 * it was. The picture breaks off at the sides of that block, and is smooth around it. Only the inner part of a face is looked at: elsewhere
 * a letter, a ring or a collar may fill a block, and one block does no harm. Pure.
 */
import type { Rectangle } from '../../../resize.ts'
import type { RgbImage } from '../../../rgb-image.ts'

/** Pixels of a block's side, and bytes of a pixel. */
const side = 8
const half = side / 2
const pixel = 3
/** Of a face's box, on each side: an edge of what is behind the face may touch it there. */
export const faceRim = 0.1
/** A block is too small a part of a larger face. */
const largestFace = 320
/**
 * Levels by which the picture must break off, at three of the four sides: an edge of the picture may go along one. And steps
 * of means: in a coarse file neighbours are often one apart.
 */
const leastBreak = 6
const leastSteps = 2
/** Levels by which any picture may vary. */
const anywhere = 2
/**
 * How many times as rough as the lines around them the sides must be: 3.2 at most in 4,100 sound photos. Of 827 edited ones letters across a
 * face reach 5.9; two pass it, with boxes drawn across the face in line with the blocks.
 */
const leastTimes = 6
/** That counts in full where three sides are as rough as so much of the roughest line around. */
const fullShare = 0.75
/** By how much of itself a side must be rougher than the two lines before it: an edge of the picture is as soft there. */
const leastSharp = 0.35

/** One block of a picture, which all others lie in line with. */
export interface PlacedBlock extends Rectangle {
  /** What the mean of a block changes by, at least, in levels. */
  readonly meanStep: number
}

export function hasBlockApart(image: RgbImage, face: Rectangle, block: PlacedBlock): boolean {
  if (Math.max(face.width, face.height) > largestFace) return false
  const [x, y] = [block.x % side, block.y % side]
  const across = blocksOf(face.x - x, face.width, image.width - x)
  const down = blocksOf(face.y - y, face.height, image.height - y)
  const [left, top] = [x + across.first * side, y + down.first * side]
  const [columns, rows] = [across.count, down.count]
  const least = Math.max(leastBreak, leastSteps * block.meanStep)
  // Every half block, at borders and through the middle: how rough the picture is along each block.
  const lying = lines(2 * rows + 1, columns, (line, column) =>
    roughness(image, left + column * side, top + line * half, false),
  )
  const standing = lines(2 * columns + 1, rows, (line, row) =>
    roughness(image, left + line * half, top + row * side, true),
  )
  for (let row = 1; row + 1 < rows; row++) {
    for (let column = 1; column + 1 < columns; column++) {
      const isApart =
        breaksOff(lying, standing, row, column, least) &&
        isSharp(image, left + column * side, top + row * side)
      if (isApart) return true
    }
  }
  return false
}

/** The blocks along one axis that the face touches, with one more on each side; none at an edge of the picture. */
function blocksOf(from: number, length: number, end: number): { first: number; count: number } {
  const first = Math.max(1, Math.floor((from + faceRim * length) / side) - 1)
  const last = Math.min(
    Math.floor(end / side) - 2,
    Math.ceil((from + (1 - faceRim) * length) / side),
  )
  return { first, count: Math.max(0, last - first + 1) }
}

/** Each is measured when it is first asked for: around most blocks, which do not break off, none needs to be. */
type Lines = (line: number, piece: number) => number

function lines(count: number, pieces: number, measure: Lines): Lines {
  const values = new Float32Array(count * pieces).fill(-1)
  return (line, piece) => {
    const at = line * pieces + piece
    if (values[at]! < 0) values[at] = measure(line, piece)
    return values[at]!
  }
}

/**
 * How far the picture jumps at a line as long as a block, beyond what it changes by on both sides. By green, which brightness and colour are
 * part of.
 */
function roughness({ width, data }: RgbImage, x: number, y: number, isStanding: boolean): number {
  const [over, along] = isStanding ? [pixel, pixel * width] : [pixel * width, pixel]
  let at = (y * width + x) * pixel + 1
  let sum = 0
  for (let i = 0; i < side; i++, at += along) {
    const upper = data[at - over]!
    const lower = data[at]!
    const beside = data[at + over]! - lower + upper - data[at - 2 * over]!
    sum += Math.abs(lower - upper - beside / 2)
  }
  return sum / side
}

/** Whether the sides of a block are rough, and the lines around it are not. */
function breaksOff(
  lying: Lines,
  standing: Lines,
  row: number,
  column: number,
  least: number,
): boolean {
  const upper = lying(2 * row, column)
  const lower = lying(2 * row + 2, column)
  // Three of four sides must be, so that one of these is.
  if (upper < least && lower < least) return false
  const sides = [upper, lower, standing(2 * column, row), standing(2 * column + 2, row)].sort(
    (a, b) => a - b,
  ) as [number, number, number, number]
  const [, three] = sides
  if (three < least) return false
  const around = [...beside(lying, 2 * row, column), ...beside(standing, 2 * column, row)]
  const mean = meanOf(around) + anywhere
  const share = three / (Math.max(...around) + anywhere)
  return Math.min(three, meanOf(sides)) * Math.min(1, share + 1 - fullShare) > leastTimes * mean
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Of a block and those around it, all lines but the block's own. @param first of those */
function beside(of: Lines, first: number, piece: number): number[] {
  const found: number[] = []
  for (let line = first - 2; line <= first + 4; line++) {
    for (let at = piece - 1; at <= piece + 1; at++) {
      if (at !== piece || line < first || line > first + 2) found.push(of(line, at))
    }
  }
  return found
}

/** Whether all sides of the block at `x` and `y` are much rougher than the lines before them. */
function isSharp(image: RgbImage, x: number, y: number): boolean {
  return [false, true].every((isStanding) =>
    [-1, 1].every((outwards) => {
      const [rough, ...before] = [0, 1, 2].map((away) => {
        const at = (outwards > 0 ? side : 0) + outwards * away
        return isStanding ? roughness(image, x + at, y, true) : roughness(image, x, y + at, false)
      }) as [number, ...number[]]
      return rough - Math.max(...before) > leastSharp * (rough + 1)
    }),
  )
}
