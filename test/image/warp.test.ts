import { describe, expect, it } from 'vitest'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { type Affine, type Similarity, scaleOf } from '../../src/image/similarity.ts'
import { turnImage } from '../../src/image/turn.ts'
import { warp } from '../../src/image/warp.ts'
import { drawImage, pixelAt, shrinkImage } from '../support/photos/sample-photos.ts'
import { seededRandom } from '../support/random.ts'

const random = seededRandom(3)
const noise = drawImage(12, 12, () => [random() * 256, random() * 256, random() * 256])
const identity: Similarity = { a: 1, b: 0, x0: 0, y0: 0 }

function numbersOf({ data }: RgbImage): Float32Array {
  return Float32Array.from(data)
}

/** Rounds away what sine and cosine leave behind. */
function expectClose(got: Float32Array, wanted: ArrayLike<number>, digits = 3): void {
  expect(got.length).toBe(wanted.length)
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i]!, digits)
  })
}

function pixelOf(square: Float32Array, size: number, u: number, v: number): number[] {
  const at = (v * size + u) * 3
  return [...square.subarray(at, at + 3)]
}

describe('warp', () => {
  it('is the photo itself for the identity', () => {
    expect(warp(noise, identity, 12)).toEqual(numbersOf(noise))
  })

  it('shifts by whole pixels, black where the photo ends', () => {
    const square = warp(noise, { ...identity, x0: 2, y0: -3 }, 12)
    for (let v = 0; v < 12; v++) {
      for (let u = 0; u < 12; u++) {
        const inside = u + 2 < 12 && v - 3 >= 0
        const wanted = inside ? [...pixelAt(noise, u + 2, v - 3)] : [0, 0, 0]
        expect(pixelOf(square, 12, u, v)).toEqual(wanted)
      }
    }
  })

  it('shifts by half a pixel to the mean of two', () => {
    const square = warp(noise, { ...identity, x0: 0.5 }, 12)
    const [left, right] = [pixelAt(noise, 4, 7), pixelAt(noise, 5, 7)]
    expect(pixelOf(square, 12, 4, 7)).toEqual([0, 1, 2].map((c) => (left[c]! + right[c]!) / 2))
  })

  it('weighs the four neighbours by how near they are', () => {
    const square = warp(noise, { ...identity, x0: 0.25, y0: 0.75 }, 12)
    const at = (x: number, y: number): number => pixelAt(noise, x, y)[1]!
    const wanted =
      0.75 * 0.25 * at(3, 6) +
      0.25 * 0.25 * at(4, 6) +
      0.75 * 0.75 * at(3, 7) +
      0.25 * 0.75 * at(4, 7)
    expect(pixelOf(square, 12, 3, 6)[1]).toBeCloseTo(wanted, 4)
  })

  it('reads between pixels, and averages nothing, up to half the scale of the photo', () => {
    const [first] = warp(noise, { a: 1.5, b: 0, x0: 0, y0: 0 }, 8)
    const [across, down] = [pixelAt(noise, 1, 0)[0]!, pixelAt(noise, 0, 1)[0]!]
    const [here, both] = [pixelAt(noise, 0, 0)[0]!, pixelAt(noise, 1, 1)[0]!]
    expect(first).toBeCloseTo((9 * here + 3 * across + 3 * down + both) / 16, 3)
  })

  it('fades to black over the pixel at the edge', () => {
    const white = drawImage(4, 4, () => [255, 255, 255])
    const square = warp(white, { ...identity, x0: -0.5 }, 6)
    expect([0, 1, 4, 5].map((u) => pixelOf(square, 6, u, 2)[0])).toEqual([127.5, 255, 127.5, 0])
  })

  it.each([
    // Degrees clockwise that the photo is turned; the square's axes in the photo turn the other way.
    [90, { a: 0, b: -1, x0: 0, y0: 12 }],
    [180, { a: -1, b: 0, x0: 12, y0: 12 }],
    [270, { a: 0, b: 1, x0: 12, y0: 0 }],
  ] as const)('turned by %i degrees is what turnImage gives', (degrees, similarity) => {
    expect(warp(noise, similarity, 12)).toEqual(numbersOf(turnImage(noise, degrees)))
  })

  it.each([2, 3, 4])('shrunk %i times is the means of blocks', (factor) => {
    const square = warp(noise, { ...identity, a: factor }, 12 / factor)
    expect(square).toEqual(numbersOf(shrinkImage(noise, factor)))
  })

  it('shrunk and turned is the means of blocks, turned', () => {
    const square = warp(noise, { a: 0, b: -3, x0: 0, y0: 12 }, 4)
    expect(square).toEqual(numbersOf(turnImage(shrinkImage(noise, 3), 90)))
  })

  it('keeps the mean of what it shrinks, whatever the factor', () => {
    const lines = drawImage(200, 200, (x) => [x % 2 === 0 ? 200 : 0, 100, 50])
    for (const factor of [2.3, 3.9, 5.5, 7.99]) {
      const size = Math.floor(150 / factor)
      const square = warp(lines, { a: factor, b: 0, x0: 20, y0: 20 }, size)
      const mean = (c: number) =>
        square.reduce((sum, value, i) => (i % 3 === c ? sum + value : sum), 0) / size ** 2
      expect(mean(0)).toBeGreaterThan(85)
      expect(mean(0)).toBeLessThan(115)
      expect(mean(1)).toBeCloseTo(100, 1)
    }
  })

  it('enlarges smoothly', () => {
    const ramp = drawImage(4, 4, (x) => [x * 60, 0, 0])
    const square = warp(ramp, { a: 0.5, b: 0, x0: 0.75, y0: 1 }, 4)
    expectClose(
      square.filter((_, i) => i % 12 === 0 && i < 12),
      [30],
    )
    expectClose(
      Float32Array.from([0, 1, 2, 3], (u) => pixelOf(square, 4, u, 0)[0]!),
      [30, 60, 90, 120],
    )
  })

  it.each([
    ['beside the photo', { ...identity, x0: 100 }],
    ['above the photo', { ...identity, y0: -40 }],
    ['far beside the photo, shrunk', { a: 3, b: 0, x0: -500, y0: 0 }],
    ['below the photo, shrunk', { a: 3, b: 0, x0: 0, y0: 60 }],
  ])('is black %s', (_, similarity) => {
    const square = warp(noise, similarity, 12)
    expect(square.length).toBe(12 * 12 * 3)
    expect(square.every((value) => value === 0)).toBe(true)
  })

  it('is black around a photo that the square contains, shrunk or not', () => {
    const white = drawImage(30, 30, () => [255, 255, 255])
    for (const scale of [1, 2, 3]) {
      const size = 90 / scale
      const square = warp(white, { a: scale, b: 0, x0: -30, y0: -30 }, size)
      const third = size / 3
      for (let v = 0; v < size; v++) {
        for (let u = 0; u < size; u++) {
          const inside = [u, v].every((place) => place >= third && place < 2 * third)
          expect(pixelOf(square, size, u, v)[0]).toBe(inside ? 255 : 0)
        }
      }
    }
  })
})

describe('warp by an affine map', () => {
  it.each([1, 1.3, 2.9])(
    'is the same bit for bit as by the similarity that it is, scale %f',
    (scale) => {
      const similarity: Similarity = { a: scale * 0.8, b: scale * 0.6, x0: 5, y0: -2 }
      const affine: Affine = { ...similarity, c: -similarity.b, d: similarity.a }
      expect(warp(noise, affine, 9)).toEqual(warp(noise, similarity, 9))
    },
  )

  it('reads columns and rows at scales of their own', () => {
    const square = warp(noise, { a: 2, b: 0, c: 0, d: 1, x0: -0.5, y0: 0 }, 6)
    for (let v = 0; v < 6; v++) {
      for (let u = 0; u < 6; u++) {
        expect(pixelOf(square, 6, u, v)).toEqual([...pixelAt(noise, 2 * u, v)])
      }
    }
  })

  it('shears', () => {
    const square = warp(noise, { a: 1, b: 0, c: 1, d: 1, x0: -0.5, y0: 0 }, 6)
    for (let v = 0; v < 6; v++) {
      for (let u = 0; u < 6; u++) {
        expect(pixelOf(square, 6, u, v)).toEqual([...pixelAt(noise, u + v, v)])
      }
    }
  })

  it('averages down only as far as the finer of the two scales', () => {
    expect(scaleOf({ a: 5, b: 0, c: 0, d: 3, x0: 0, y0: 0 })).toBe(3)
    expect(scaleOf({ a: 0, b: 2, c: 7, d: 0, x0: 0, y0: 0 })).toBe(2)
  })
})
