import { describe, expect, it } from 'vitest'
import { distance } from '../../src/encoding/distance.ts'

const filled = (value: number, length = 128) => new Float32Array(length).fill(value)
const withValue = (value: number) => {
  const encoding = filled(0.1)
  encoding[77] = value
  return encoding
}

describe('distance', () => {
  it('is 0 from an encoding to itself', () => {
    expect(distance(filled(0.3), filled(0.3))).toBe(0)
  })

  it('is the square root of the sum of squared differences', () => {
    const a = filled(0)
    const b = filled(0)
    b[0] = 3
    b[127] = 4
    expect(distance(a, b)).toBe(5)
    expect(distance(b, a)).toBe(5)
  })

  it.each([
    ['NaN on one side', withValue(Number.NaN), filled(0.1)],
    ['NaN in the same place on both sides', withValue(Number.NaN), withValue(Number.NaN)],
    ['Infinity', withValue(Number.POSITIVE_INFINITY), filled(0.1)],
    [
      'the same Infinity twice',
      withValue(Number.POSITIVE_INFINITY),
      withValue(Number.POSITIVE_INFINITY),
    ],
    ['127 numbers', filled(0.1, 127), filled(0.1)],
    ['129 numbers', filled(0.1), filled(0.1, 129)],
    ['no numbers', filled(0, 0), filled(0, 0)],
    ['two lengths that encodings may have', filled(0.1, 64), filled(0.1, 512)],
    ['more numbers than any encoding has', filled(0.1, 1028), filled(0.1, 1028)],
  ])('is NaN for %s', (_, a, b) => {
    expect(distance(a, b)).toBeNaN()
    expect(distance(b, a)).toBeNaN()
  })
})
