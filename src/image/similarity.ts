/**
 * Where a square lies in a photo: turned, scaled and moved, or sheared too. How points go to and fro between the two, and the map that fits
 * given points best. Pure.
 */

/** Square pixel (u, v) lies at x = a u - b v + x0, y = b u + a v + y0 of the photo; pixel centres are at .5. */
export interface Similarity {
  readonly a: number
  readonly b: number
  readonly x0: number
  readonly y0: number
}

/** The same with a shear: square pixel (u, v) lies at x = a u + c v + x0, y = b u + d v + y0. */
export interface Affine extends Similarity {
  readonly c: number
  readonly d: number
}

export type Point = readonly [x: number, y: number]

export function applySimilarity({ a, b, x0, y0 }: Similarity, [u, v]: Point): Point {
  return [a * u - b * v + x0, b * u + a * v + y0]
}

/** The way back: a point of the photo in pixels of the square. */
export function unapplySimilarity({ a, b, x0, y0 }: Similarity, [x, y]: Point): Point {
  const squared = a * a + b * b
  return [(a * (x - x0) + b * (y - y0)) / squared, (a * (y - y0) - b * (x - x0)) / squared]
}

/** Photo pixels per square pixel; along the side where they are fewer, if there is a shear. */
export function scaleOf(square: Similarity | Affine): number {
  const { a, b } = square
  return 'c' in square
    ? Math.min(Math.hypot(a, b), Math.hypot(square.c, square.d))
    : Math.hypot(a, b)
}

/**
 * Least-squares similarity that takes `from` to `to` (Umeyama 1991 in two dimensions, where it has a closed form).
 *
 * @param from points of the square
 * @param to as many points of the photo
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  const [fromX, fromY] = meanOf(from)
  const [toX, toY] = meanOf(to)
  let dot = 0
  let cross = 0
  let spread = 0
  from.forEach(([u, v], i) => {
    const [x, y] = to[i]!
    const du = u - fromX
    const dv = v - fromY
    dot += du * (x - toX) + dv * (y - toY)
    cross += du * (y - toY) - dv * (x - toX)
    spread += du * du + dv * dv
  })
  const a = dot / spread
  const b = cross / spread
  return { a, b, x0: toX - (a * fromX - b * fromY), y0: toY - (b * fromX + a * fromY) }
}

/** The affine map that takes three points of the square, not on one line, to three points of the photo. */
export function fitAffine(
  from: readonly [Point, Point, Point],
  to: readonly [Point, Point, Point],
): Affine {
  const [[u0, v0], [u1, v1], [u2, v2]] = from
  const [du1, dv1, du2, dv2] = [u1 - u0, v1 - v0, u2 - u0, v2 - v0]
  const area = du1 * dv2 - du2 * dv1
  // One coordinate of the photo at a time: its growth along u and along v, and where it starts.
  const solve = (axis: 0 | 1): [alongU: number, alongV: number, start: number] => {
    const [d1, d2] = [to[1][axis] - to[0][axis], to[2][axis] - to[0][axis]]
    const alongU = (d1 * dv2 - d2 * dv1) / area
    const alongV = (d2 * du1 - d1 * du2) / area
    return [alongU, alongV, to[0][axis] - alongU * u0 - alongV * v0]
  }
  const [a, c, x0] = solve(0)
  const [b, d, y0] = solve(1)
  return { a, b, c, d, x0, y0 }
}

/** The point in the middle of several, at least one. */
export function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce(([sx, sy], [x, y]) => [sx + x, sy + y] as const, [0, 0] as Point)
  return [sum[0] / points.length, sum[1] / points.length]
}
