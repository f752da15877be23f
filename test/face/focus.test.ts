import { describe, expect, it } from 'vitest'
import { focusOfCentre, lumaOf } from '../../src/face/focus.ts'
import { seededRandom } from '../support/random.ts'

const size = 60
const drawn = (luma: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: size * size }, (_, i) => luma(i % size, Math.floor(i / size)))

describe('focusOfCentre', () => {
  it('finds no detail in one plain tone, and none in an even slope', () => {
    expect(
      focusOfCentre(
        drawn(() => 90),
        size,
      ),
    ).toEqual({ detail: 0, deviation: 0 })
    const slope = focusOfCentre(
      drawn((x, y) => x + 2 * y),
      size,
    )
    expect(slope.detail).toBeCloseTo(0, 6)
    expect(slope.deviation).toBeGreaterThan(10)
  })

  it('is about 20 for noise: each of its squares stands alone', () => {
    const random = seededRandom(3)
    const { detail } = focusOfCentre(
      drawn(() => random() * 255),
      size,
    )
    expect(detail).toBeGreaterThan(15)
    expect(detail).toBeLessThan(25)
  })

  it('does not change with brightness or contrast', () => {
    const stripes = (x: number): number => (x % 12 < 6 ? 1 : 0)
    const full = focusOfCentre(
      drawn((x) => 255 * stripes(x)),
      size,
    )
    const faint = focusOfCentre(
      drawn((x) => 30 + 20 * stripes(x)),
      size,
    )
    expect(faint.detail).toBeCloseTo(full.detail, 5)
    expect(faint.deviation).toBeCloseTo((full.deviation * 20) / 255, 4)
  })

  it('does not see stripes finer than three pixels, nor what lies outside the middle', () => {
    expect(
      focusOfCentre(
        drawn((x) => (x % 3) * 80),
        size,
      ).detail,
    ).toBe(0)
    const framed = drawn((x, y) => (x >= 12 && x < 48 && y >= 12 && y < 48 ? 90 : (x * 7) % 256))
    expect(focusOfCentre(framed, size).detail).toBe(0)
  })
})

describe('lumaOf', () => {
  it('weighs red, green and blue as BT.601 does', () => {
    const luma = lumaOf(Float32Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]))
    expect([...luma].map((value) => Math.round(value))).toEqual([76, 150, 29, 255])
  })
})
