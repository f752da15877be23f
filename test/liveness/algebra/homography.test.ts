import { describe, expect, it } from 'vitest'
import type { Point } from '../../../src/image/similarity.ts'
import {
  applyHomography,
  fitHomography,
  homographyResidual,
} from '../../../src/liveness/algebra/homography.ts'

const points: Point[] = [
  [310, 200],
  [420, 190],
  [365, 260],
  [320, 330],
  [400, 335],
  [290, 260],
  [450, 255],
  [366, 380],
]
const tilt = [0.9, 0.12, 40, -0.08, 1.1, -12, 0.0004, -0.0003, 1]

describe('fitHomography', () => {
  it('finds the one that the points went through', () => {
    const seen = points.map((point) => applyHomography(tilt, point))
    const found = fitHomography(points, seen)
    for (const point of [...points, [0, 0] as Point, [640, 480] as Point]) {
      const [x, y] = applyHomography(found, point)
      const [u, v] = applyHomography(tilt, point)
      expect(x).toBeCloseTo(u, 4)
      expect(y).toBeCloseTo(v, 4)
    }
    expect(homographyResidual(points, seen)).toBeLessThan(1e-5)
  })

  it('is found as well where the origin is far away', () => {
    const far = points.map(([x, y]): Point => [x + 1e5, y - 1e5])
    const seen = points.map((point) => applyHomography(tilt, point))
    expect(homographyResidual(far, seen)).toBeLessThan(1e-3)
  })
})

describe('homographyResidual', () => {
  it('is about what one point is off by, shared among all', () => {
    const seen = points.map((point) => applyHomography(tilt, point))
    const moved = seen.map(([x, y], i): Point => (i === 2 ? [x + 20, y] : [x, y]))
    const residual = homographyResidual(points, moved)
    expect(residual).toBeGreaterThan(1)
    expect(residual).toBeLessThan(20 / Math.sqrt(points.length))
  })
})
