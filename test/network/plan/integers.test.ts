import { describe, expect, it } from 'vitest'
import {
  inputRange,
  largestInput,
  largestWeight,
  latticeOf,
  roundFilter,
} from '../../../src/network/plan/integers.ts'
import { randomNumbers } from '../../support/random.ts'

/** Of weights whose channels follow each other, run by Winograd. */
function rangeOf(weights: Int16Array, channels = 1): number {
  const positive = new Int32Array(channels)
  const total = new Int32Array(channels)
  weights.forEach((weight, i) => {
    positive[i % channels]! += Math.max(weight, 0)
    total[i % channels]! += weight
  })
  return inputRange(positive, total, 4)
}

describe('latticeOf', () => {
  it('finds the step of levels that are whole multiples of it', () => {
    const wanted = Int16Array.of(-93, -7, 0, 1, 2, 64, 186)
    const levels = Float32Array.from(wanted, (weight) => weight * 0.0123)
    const lattice = latticeOf(levels)
    expect(lattice?.weights).toEqual(wanted)
    expect(lattice?.step).toBeCloseTo(0.0123, 7)
  })

  it.each([
    ['that lie anywhere', Float32Array.of(0.1, 0.25, 0.7, 1.31)],
    ['that do not pass through zero', Float32Array.of(0.5, 1.5, 2.5, 3.5)],
    ['that need more bits than there are', Float32Array.of(0, 1, largestWeight + 1)],
    ['of which there is one', Float32Array.of(3)],
    ['that are not numbers', Float32Array.of(0, 1, Number.NaN)],
  ])('knows none for levels %s', (_, levels) => {
    expect(latticeOf(levels)).toBeNull()
  })
})

describe('roundFilter', () => {
  it('is off by at most half a step of its channel', () => {
    const channels = 4
    const filter = randomNumbers(400, 1).map((value, i) => value * 10 ** (i % channels))
    const { weights, steps } = roundFilter(filter, channels)
    filter.forEach((value, i) => {
      const step = steps[i % channels]!
      expect(Math.abs(weights[i]! * step - value)).toBeLessThanOrEqual(step * 0.5001)
      expect(Math.abs(weights[i]!)).toBeLessThanOrEqual(largestWeight)
    })
  })

  it('keeps fewer levels where many weights add up', () => {
    const many = roundFilter(randomNumbers(4000, 2), 4).weights.reduce(
      (most, w) => Math.max(most, Math.abs(w)),
      0,
    )
    expect(many).toBe(511)
    const few = roundFilter(randomNumbers(64, 2), 4)
    expect(Math.max(...few.weights)).toBeGreaterThan(2000)
    expect(rangeOf(few.weights, 4)).toBe(largestInput)
  })

  it('keeps a channel of zeros', () => {
    const { weights, steps } = roundFilter(Float32Array.of(0, 1, 0, -2), 2)
    expect([...weights]).toEqual([0, 1820, 0, -3640])
    expect(steps[0]).toBe(0)
  })
})

describe('inputRange', () => {
  it('is the largest that Winograd leaves when weights are few', () => {
    expect(rangeOf(Int16Array.of(5, -7))).toBe(largestInput)
  })

  it('keeps every sum within 32 bits, whichever way its signs fall', () => {
    const weights = new Int16Array(1000).fill(200)
    const range = rangeOf(weights)
    expect(4 * range * 200_000).toBeLessThan(2 ** 31)
    expect(4 * (range + 1) * 200_000).toBeGreaterThanOrEqual(2 ** 31)
    expect(rangeOf(weights.map((weight) => -weight))).toBe(range)
  })

  it('refuses weights that leave too few levels', () => {
    const weights = new Int16Array(4000).fill(largestWeight)
    expect(() => rangeOf(weights)).toThrow(
      'its weights add up to 14560000: inputs could have 36 levels only',
    )
  })
})
