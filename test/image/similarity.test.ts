import { describe, expect, it } from 'vitest'
import {
  type Affine,
  applySimilarity,
  fitAffine,
  fitSimilarity,
  type Point,
  scaleOf,
} from '../../src/image/similarity.ts'

describe('fitAffine', () => {
  it('takes three points to three points', () => {
    const from: [Point, Point, Point] = [
      [1, 2],
      [11, 3],
      [4, 17],
    ]
    const known: Affine = { a: 0.7, b: -0.2, c: 1.5, d: 3, x0: 40, y0: -8 }
    const [first, second, third] = from.map(
      ([u, v]): Point => [
        known.a * u + known.c * v + known.x0,
        known.b * u + known.d * v + known.y0,
      ],
    )
    const fit = fitAffine(from, [first!, second!, third!])
    for (const key of ['a', 'b', 'c', 'd', 'x0', 'y0'] as const) {
      expect(fit[key], key).toBeCloseTo(known[key], 9)
    }
  })
})

describe('fitSimilarity', () => {
  it('finds how points were turned, scaled and shifted', () => {
    const square = { a: 2, b: 1, x0: 10, y0: 20 }
    const from: Point[] = [
      [1, 2],
      [5, 3],
      [4, 9],
      [-2, 6],
    ]
    const found = fitSimilarity(
      from,
      from.map((point) => applySimilarity(square, point)),
    )
    expect(Object.entries(found)).toHaveLength(4)
    for (const [name, value] of Object.entries(found)) {
      expect(value).toBeCloseTo(Reflect.get(square, name), 9)
    }
  })
})

describe('applySimilarity', () => {
  it('turns, scales and shifts a point', () => {
    expect(applySimilarity({ a: 2, b: 1, x0: 10, y0: 20 }, [3, 5])).toEqual([11, 33])
  })
})

describe('scaleOf', () => {
  it('is the photo pixels per square pixel, however turned', () => {
    expect(scaleOf({ a: 3, b: 4, x0: 9, y0: 9 })).toBe(5)
  })
})
