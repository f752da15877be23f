import { describe, expect, it } from 'vitest'
import { alignEyesAndNose } from '../../src/face/align-eyes-and-nose.ts'
import type { Landmarks } from '../../src/face/landmarks.ts'
import type { Affine, Point } from '../../src/image/similarity.ts'

const size = 96
/** Pixels of the chip, counted from the centre of the first one, of points 36, 45 and 33: OpenFace's mean face. */
const template = new Map<number, Point>([
  [36, [18.6391, 16.2496]],
  [45, [75.7305, 15.1844]],
  [33, [47.5153, 49.3864]],
])

function apply({ a, b, c, d, x0, y0 }: Affine, [u, v]: Point): Point {
  return [a * u + c * v + x0, b * u + d * v + y0]
}

function landmarksBy(place: (point: Point) => Point): Landmarks {
  return Array.from({ length: 68 }, (_, i): Point => {
    const [x, y] = template.get(i) ?? [-1000, 1000]
    return place([x + 0.5, y + 0.5])
  })
}

function expectAffine(got: Affine, wanted: Affine): void {
  for (const key of ['a', 'b', 'c', 'd'] as const) expect(got[key], key).toBeCloseTo(wanted[key], 4)
  for (const key of ['x0', 'y0'] as const) expect(got[key], key).toBeCloseTo(wanted[key], 2)
}

describe('alignEyesAndNose', () => {
  const identity: Affine = { a: 1, b: 0, c: 0, d: 1, x0: 0, y0: 0 }

  it('is the identity where the three points lie on the template', () => {
    expectAffine(
      alignEyesAndNose(
        landmarksBy((point) => point),
        size,
      ),
      identity,
    )
  })

  it('follows scale, turn, shear and shift, all at once', () => {
    const known: Affine = { a: 2.1, b: 0.4, c: -0.9, d: 1.7, x0: 300, y0: -12 }
    expectAffine(
      alignEyesAndNose(
        landmarksBy((point) => apply(known, point)),
        size,
      ),
      known,
    )
  })

  it('pays no heed to any other point, and minds each of the three', () => {
    const onTemplate = landmarksBy((point) => point)
    for (let i = 0; i < 68; i++) {
      const moved = onTemplate.map(([x, y], j): Point => (i === j ? [x + 5, y] : [x, y]))
      const { a, c, x0 } = alignEyesAndNose(moved, size)
      const change = Math.abs(a - 1) + Math.abs(c) + Math.abs(x0)
      if (template.has(i)) expect(change, `${i}`).toBeGreaterThan(0.05)
      else expect(change, `${i}`).toBeLessThan(0.01)
    }
  })
})
