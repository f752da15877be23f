/** Statistics of what borders do, beside the same computed plainly, in arrays of their own. */
import { describe, expect, it } from 'vitest'
import {
  correlation,
  medianOff,
  spread,
  weightedMedian,
} from '../../../src/image/decode/jpeg/damage/robust.ts'
import { withNoise } from '../../../src/image/decode/jpeg/damage/step-evidence.ts'
import { seededRandom } from '../../support/random.ts'

const random = seededRandom(14)
const drawn = (length: number): Float32Array =>
  Float32Array.from({ length }, () => Math.round(20 * (random() - 0.5)) + random())

const middle = (values: Float32Array): number => values.toSorted()[values.length >> 1]!
const centred = (values: Float32Array): Float32Array => {
  const centre = middle(values)
  const most = 2 * 1.4826 * middle(values.map((value) => Math.abs(value - centre)))
  return values.map((value) => Math.max(-most, Math.min(most, value - centre)))
}
const product = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0)

describe('robust statistics', () => {
  it('are the same for rows of any length, one after the other, and leave the rows as they are', () => {
    for (const length of [9, 252, 8, 40, 251]) {
      const [some, others] = [drawn(length), drawn(length)]
      const before = some.slice()
      expect(medianOff(some, 3)).toBe(middle(some.map((value) => Math.abs(value - 3))))
      expect(spread(some)).toBe(1.4826 * medianOff(some, middle(some)))
      const [a, b] = [centred(some), centred(others)]
      expect(correlation(some, others)).toBe(
        product(a, b) / Math.sqrt(product(a, a) * product(b, b)),
      )
      expect(some).toEqual(before)
    }
  })

  it('have half of all weights on both sides of the weighted median', () => {
    for (const length of [8, 252, 31]) {
      const [values, noise] = [drawn(length), drawn(length).map((value) => 1 + Math.abs(value))]
      const found = weightedMedian(values, noise)
      const weightOf = (counts: (value: number) => boolean): number =>
        noise.reduce((sum, by, i) => sum + (counts(values[i]!) ? 1 / by : 0), 0)
      expect(values).toContain(found)
      expect(weightOf((value) => value < found)).toBeLessThanOrEqual(weightOf(() => true) / 2)
      expect(weightOf((value) => value > found)).toBeLessThanOrEqual(weightOf(() => true) / 2)
    }
  })
})

describe('what a border may differ by', () => {
  it('is what those do that lie two rows above and below it, and a unit to each side', () => {
    for (const [columns, rows] of [
      [8, 3],
      [9, 4],
      [12, 9],
    ] as const) {
      const jumps = drawn(columns * rows).fill(0, 0, columns)
      const plane = { columns, rows, unitWidth: 8, unitHeight: 8, step: 1, interval: 0 }
      const borders = { jumps, above: jumps, below: jumps }
      const { noise, heights } = withNoise({
        ...plane,
        borders,
        jumpInside: () => 0,
        jumpBefore: () => 0,
      })
      for (let unit = 0; unit < jumps.length; unit++) {
        const [column, row] = [unit % columns, Math.floor(unit / columns)]
        const around = [row - 2, row - 1, row + 2, row + 3].filter((r) => r > 0 && r < rows)
        const means = (row === 0 ? [] : around).map((r) => {
          const sides = [column - 1, column, column + 1].filter((c) => c >= 0 && c < columns)
          return sides.reduce((sum, c) => sum + Math.abs(jumps[r * columns + c]!), 0) / sides.length
        })
        const mean = means.reduce((sum, one) => sum + one, 0) / Math.max(1, means.length)
        expect(noise[unit]).toBeCloseTo(1.5 + mean, 5)
        const height = jumps[unit]! / noise[unit]!
        expect(heights[unit]).toBe(Math.max(-3, Math.min(3, height)))
      }
    }
  })
})
