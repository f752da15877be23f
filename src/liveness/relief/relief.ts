/**
 * Whether two photos of a face show a head or a picture of one. Between a frame ahead and a turned one, the points of a flat picture
 * move by a homography; on a picture that is bent, all points on one straight line across the bend move alike. On a head
 * the nose moves against eyes, mouth and jaw beside, above and below it, by as much as it stands out times the sine of the turn.
 * All measures are in distances between the outer corners of the eyes. Pure.
 */
import type { Landmarks } from '../../face/landmarks.ts'
import type { Point } from '../../image/similarity.ts'
import { homographyResidual } from '../algebra/homography.ts'
import { meanHead } from '../frames/mean-head.ts'

/** Every second point of the jaw, nose, eyes and the corners of the mouth: lips and brows move by themselves. */
const compared = [
  ...[0, 2, 4, 6, 8, 10, 12, 14, 16],
  ...Array.from({ length: 21 }, (_, i) => 27 + i),
  ...[48, 54],
]

const depths = compared.map((point) => meanHead[point]![2])

/** Directions, spread over half a turn, in which a picture may be bent. */
const bends = Array.from({ length: 12 }, (_, i) => (i * Math.PI) / 12)
/** A bend moves points by a polynomial of this degree in their place across it; four takes a fold in too. */
const degree = 4

/** How far the turned points are from every homography of the ones ahead, root mean square. */
export function flatResidual(ahead: Landmarks, turned: Landmarks): number {
  return homographyResidual(comparedPoints(ahead), comparedPoints(turned))
}

/**
 * How far the points of the turned face have moved in proportion to their depth on a head, where no picture bent in any direction
 * explains it: the sine of the turn for a head, 0 for a picture.
 *
 * @param towards unit vector in which the nose should have moved, in the upright picture
 */
export function reliefOf(ahead: Landmarks, turned: Landmarks, towards: Point): number {
  const moved = comparedPoints(turned).map(([x, y]) => x * towards[0] + y * towards[1])
  return Math.min(...depthsBeside(ahead).map((depth) => dot(depth, moved)))
}

/**
 * The turn of a head of the mean depth that takes the points ahead nearest to the turned ones: how far it misses them, root mean
 * square, and by how much it changes areas. A picture that is tilted so far that it resembles a turned head is narrower than one.
 */
export function rigidTurn(
  ahead: Landmarks,
  turned: Landmarks,
): { readonly misfit: number; readonly area: number } {
  const from = comparedPoints(ahead)
  const to = comparedPoints(turned)
  const columns = [from.map(() => 1), from.map(([x]) => x), from.map(([, y]) => y), depths]
  const fits = [0, 1].map((axis) =>
    fitColumns(
      columns,
      to.map((point) => point[axis]!),
    ),
  ) as [ColumnFit, ColumnFit]
  const [[, a, b], [, c, d]] = fits.map(({ shares }) => shares) as [number[], number[]]
  const squares = fits[0].squares + fits[1].squares
  return { misfit: Math.sqrt(squares / compared.length), area: a! * d! - b! * c! }
}

interface ColumnFit {
  readonly shares: readonly number[]
  /** Sum of the squares of what is left. */
  readonly squares: number
}

/** The shares of the columns in `values`, by least squares. */
function fitColumns(columns: readonly (readonly number[])[], values: readonly number[]): ColumnFit {
  // Each column's share is that of what no other column explains.
  const shares = columns.map((column, i) => {
    const basis: number[][] = []
    for (const [k, other] of columns.entries()) {
      if (k !== i) basis.push(normalised(removeAll(basis, other)))
    }
    const own = removeAll(basis, column)
    return dot(own, values) / dot(own, own)
  })
  const left = values.map((value, i) =>
    columns.reduce((rest, column, k) => rest - shares[k]! * column[i]!, value),
  )
  return { shares, squares: dot(left, left) }
}

/** Of a frame ahead, beside which several turned ones are looked at. */
const kept = new WeakMap<Landmarks, readonly (readonly number[])[]>()

function depthsBeside(ahead: Landmarks): readonly (readonly number[])[] {
  const known = kept.get(ahead)
  if (known) return known
  const from = comparedPoints(ahead)
  const depths = bends.map((angle) => depthBeside(from, angle))
  kept.set(ahead, depths)
  return depths
}

/**
 * Times what has moved, it gives the coefficient of depth in the least-squares fit beside everything that a picture bent that way may do.
 */
function depthBeside(from: readonly Point[], angle: number): readonly number[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const across = from.map(([x, y]) => x * cos + y * sin)
  const along = from.map(([x, y]) => y * cos - x * sin)
  const columns = [
    ...Array.from({ length: degree + 1 }, (_, power) => across.map((s) => s ** power)),
    along,
    along.map((t, i) => t * across[i]!),
  ]
  const basis: number[][] = []
  for (const column of columns) basis.push(normalised(removeAll(basis, column)))
  const depth = removeAll(basis, depths)
  // What is left of the depth is at right angles to the basis, so what has moved needs no removing.
  const squares = dot(depth, depth)
  return depth.map((value) => value / squares)
}

/** Upright, the middle between the outer corners of the eyes at the origin, their distance one. */
function comparedPoints(landmarks: Landmarks): Point[] {
  const [right, left] = [landmarks[36]!, landmarks[45]!]
  const [dx, dy] = [left[0] - right[0], left[1] - right[1]]
  const squared = dx * dx + dy * dy
  const [x0, y0] = [(right[0] + left[0]) / 2, (right[1] + left[1]) / 2]
  return compared.map((index) => {
    const [x, y] = [landmarks[index]![0] - x0, landmarks[index]![1] - y0]
    return [(x * dx + y * dy) / squared, (y * dx - x * dy) / squared]
  })
}

function removeAll(basis: readonly number[][], column: readonly number[]): number[] {
  const rest = [...column]
  for (const unit of basis) {
    const share = dot(unit, rest)
    for (let i = 0; i < rest.length; i++) rest[i]! -= share * unit[i]!
  }
  return rest
}

function normalised(column: readonly number[]): number[] {
  const length = Math.sqrt(dot(column, column))
  return column.map((value) => value / length)
}

function dot(left: readonly number[], right: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!
  return sum
}
