/**
 * The homography that takes points of one photo nearest to those of another: the normalised direct linear transformation (Hartley
 * 1997). Two photos of one flat thing, however it is held, differ by a homography. Pure.
 */
import { meanOf, type Point } from '../../image/similarity.ts'
import { smallestEigenvector } from './eigenvectors.ts'

/** Row by row: (x, y) goes to ((h0 x + h1 y + h2) / w, (h3 x + h4 y + h5) / w) with w = h6 x + h7 y + h8. */
export type Homography = readonly number[]

/** Numbers of a homography. */
const unknowns = 9

export function applyHomography(h: Homography, [x, y]: Point): Point {
  const w = h[6]! * x + h[7]! * y + h[8]!
  return [(h[0]! * x + h[1]! * y + h[2]!) / w, (h[3]! * x + h[4]! * y + h[5]!) / w]
}

/** @param from at least four points, no three of them on a line; `to` has as many */
export function fitHomography(from: readonly Point[], to: readonly Point[]): Homography {
  const [source, target] = [normaliserOf(from), normaliserOf(to)]
  const normal = new Float64Array(unknowns * unknowns)
  const addRow = (row: readonly number[]): void => {
    row.forEach((value, i) => {
      if (value === 0) return
      row.forEach((other, j) => {
        normal[i * unknowns + j]! += value * other
      })
    })
  }
  from.forEach((point, i) => {
    const [x, y] = normalise(source, point)
    const [u, v] = normalise(target, to[i]!)
    addRow([x, y, 1, 0, 0, 0, -u * x, -u * y, -u])
    addRow([0, 0, 0, x, y, 1, -v * x, -v * y, -v])
  })
  const h = smallestEigenvector(normal, unknowns)
  const { scale: s, x, y } = source
  const { scale: t, x: u, y: v } = target
  // Behind the normalisation of `from`: each row (a, b, c) becomes (s a, s b, c - s a x - s b y).
  const rows = [0, 3, 6].map((at) => {
    const [a, b, c] = [s * h[at]!, s * h[at + 1]!, h[at + 2]!]
    return [a, b, c - a * x - b * y]
  })
  const [first, second, third] = rows as [number[], number[], number[]]
  return [
    ...first.map((value, i) => value / t + u * third[i]!),
    ...second.map((value, i) => value / t + v * third[i]!),
    ...third,
  ]
}

/** Root of the mean squared distance between where the nearest homography takes the points and where they are. */
export function homographyResidual(from: readonly Point[], to: readonly Point[]): number {
  const h = fitHomography(from, to)
  const squares = from.map((point, i) => {
    const [x, y] = applyHomography(h, point)
    return (x - to[i]![0]) ** 2 + (y - to[i]![1]) ** 2
  })
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length)
}

interface Normaliser {
  readonly x: number
  readonly y: number
  readonly scale: number
}

/** Middle at the origin, root mean square distance from it the root of two. */
function normaliserOf(points: readonly Point[]): Normaliser {
  const [x, y] = meanOf(points)
  const spread = points.reduce((sum, [px, py]) => sum + (px - x) ** 2 + (py - y) ** 2, 0)
  return { x, y, scale: Math.sqrt((2 * points.length) / spread) }
}

function normalise({ x, y, scale }: Normaliser, [px, py]: Point): Point {
  return [(px - x) * scale, (py - y) * scale]
}
