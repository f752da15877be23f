import { describe, expect, it } from 'vitest'
import { alignFace } from '../../src/face/align.ts'
import type { Landmarks } from '../../src/face/landmarks.ts'
import {
  applySimilarity,
  fitSimilarity,
  type Point,
  type Similarity,
} from '../../src/image/similarity.ts'
import { seededRandom } from '../support/random.ts'

const random = seededRandom(7)
const cloud = Array.from({ length: 12 }, (): Point => [random() * 100, random() * 100])

/** Scale, degrees and shift. */
function similarity(scale: number, degrees: number, x0: number, y0: number): Similarity {
  const angle = (degrees * Math.PI) / 180
  return { a: scale * Math.cos(angle), b: scale * Math.sin(angle), x0, y0 }
}

function expectSimilar(got: Similarity, wanted: Similarity, digits = 6): void {
  for (const key of ['a', 'b', 'x0', 'y0'] as const)
    expect(got[key]).toBeCloseTo(wanted[key], digits)
}

describe('fitSimilarity', () => {
  it.each([
    ['nothing', similarity(1, 0, 0, 0)],
    ['a shift', similarity(1, 0, -12, 300)],
    ['a scale', similarity(3.7, 0, 0, 0)],
    ['a quarter turn', similarity(1, 90, 0, 0)],
    ['half a turn', similarity(1, 180, 5, 5)],
    ['all at once', similarity(0.21, -33, 640, -7)],
  ])('recovers %s', (_, known) => {
    const moved = cloud.map((point) => applySimilarity(known, point))
    expectSimilar(fitSimilarity(cloud, moved), known)
  })

  it('errs least in the sum of squares where points do not fit', () => {
    const known = similarity(2, 20, 10, -5)
    const noisy = cloud.map((point): Point => {
      const [x, y] = applySimilarity(known, point)
      return [x + random() * 10, y + random() * 10]
    })
    const error = (fit: Similarity): number =>
      cloud.reduce((sum, point, i) => {
        const [x, y] = applySimilarity(fit, point)
        return sum + (x - noisy[i]![0]) ** 2 + (y - noisy[i]![1]) ** 2
      }, 0)
    const best = fitSimilarity(cloud, noisy)
    for (const key of ['a', 'b', 'x0', 'y0'] as const) {
      for (const nudge of [-1e-3, 1e-3]) {
        expect(error({ ...best, [key]: best[key] + nudge })).toBeGreaterThan(error(best))
      }
    }
  })
})

/** dlib's mean face, points 27 (top of the nose) to 67, without brows and jaw. */
const eyes: Readonly<Record<number, Point>> = {
  27: [0.490127, 0.203352],
  30: [0.490127, 0.515625],
  36: [0.121737, 0.216423],
  39: [0.334606, 0.231733],
  42: [0.645647, 0.231733],
  45: [0.858516, 0.216423],
}

describe('alignFace', () => {
  const size = 150
  const padding = 0.25
  /** Where the template has a point in the chip. */
  const inChip = (value: number): number => ((padding + value) / (1 + 2 * padding)) * size

  /** Landmarks exactly where the template wants them; it is read back through alignFace itself, point by point. */
  const template = templateOf(size, padding)

  it('is the identity for landmarks that lie on the template', () => {
    expectSimilar(alignFace(template, size, padding), similarity(1, 0, 0, 0))
  })

  it("has dlib's mean face for its template", () => {
    for (const [point, [x, y]] of Object.entries(eyes)) {
      expect(template[Number(point)]![0]).toBeCloseTo(inChip(x), 4)
      expect(template[Number(point)]![1]).toBeCloseTo(inChip(y), 4)
    }
  })

  it('follows a face wherever it lies, however large and turned', () => {
    const known = similarity(2.4, 31, 400, 120)
    const moved = template.map((point) => applySimilarity(known, point))
    expectSimilar(alignFace(moved, size, padding), known)
  })

  it('pays no heed to jaw, brows and lower lip', () => {
    const moved = template.map((point, i): Point => {
      const ignored = i < 27 || (i >= 55 && i <= 59) || i >= 65
      return ignored ? [point[0] + 40, point[1] - 25] : point
    })
    expectSimilar(alignFace(moved, size, padding), similarity(1, 0, 0, 0))
  })

  it('minds each of the other points', () => {
    for (const i of [27, 30, 35, 36, 41, 42, 47, 48, 54, 60, 64]) {
      const moved = template.map((point, j): Point => (i === j ? [point[0] + 9, point[1]] : point))
      expect(alignFace(moved, size, padding).x0).not.toBeCloseTo(0, 2)
    }
  })

  it('shrinks the face with more padding', () => {
    // Twice the padding: 2 instead of 1.5 faces in the chip.
    expect(alignFace(template, size, 0.5).a).toBeCloseTo(2 / 1.5, 6)
  })
})

/** Landmarks on the template: solved for, since the template is not exported. */
function templateOf(size: number, padding: number): Landmarks {
  const zeros = Array.from({ length: 68 }, (): Point => [0, 0])
  const used = [...range(27, 55), ...range(60, 65)]
  // With one landmark moved by 1 and all others at 0, x0 and y0 tell where the template has that point: the fit is
  // linear in the landmarks. Sums over all points give mean and spread.
  const fits = used.map((point) => {
    const landmarks = zeros.map((zero, i): Point => (i === point ? [1, 0] : zero))
    return alignFace(landmarks, size, padding)
  })
  // a_i = du_i / spread, b_i = -dv_i / spread, x0_i = 1 / n - (a_i * meanU - b_i * meanV).
  const spread = 1 / fits.reduce((sum, { a, b }) => sum + a * a + b * b, 0)
  const n = used.length
  // Two equations per point in meanU and meanV; least squares over all of them.
  let [aa, ab, bb, ac, bc] = [0, 0, 0, 0, 0]
  for (const { a, b, x0 } of fits) {
    const c = 1 / n - x0
    aa += a * a
    ab -= a * b
    bb += b * b
    ac += a * c
    bc -= b * c
  }
  const determinant = aa * bb - ab * ab
  const meanU = (ac * bb - bc * ab) / determinant
  const meanV = (bc * aa - ac * ab) / determinant
  const landmarks = [...zeros]
  used.forEach((point, i) => {
    const { a, b } = fits[i]!
    landmarks[point] = [meanU + a * spread, meanV - b * spread]
  })
  return landmarks
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
