import { describe, expect, it } from 'vitest'
import { fitTail, tailQuantile, tailRate, tailShare } from '../../../accuracy/rates/tail.ts'
import { SeededRandom } from '../../../learning/seeded-random.ts'

const total = 5_000_000
const scale = 0.02

/** Distances below 0.5, of which `excess` says how far, for a uniform number in (0, 1]. */
function tailOf(excess: (uniform: number) => number, seed: number): Float64Array {
  const random = new SeededRandom(seed)
  const count = total * tailShare
  const distances = Float64Array.from({ length: count }, () => 0.5 - excess(1 - random.next()))
  // One beyond the tail, which says where it ends.
  return Float64Array.of(...distances.sort(), 0.5)
}

const pareto = (shape: number) => (uniform: number) => (scale / shape) * (uniform ** -shape - 1)
const exponential = (uniform: number) => -scale * Math.log(uniform)

describe('fitTail', () => {
  it.each([
    [-0.3, pareto(-0.3)],
    [-0.1, pareto(-0.1)],
    [0.1, pareto(0.1)],
    [0, exponential],
  ])('finds a shape of %f and a scale of 0.02 again in ten thousand distances', (shape, excess) => {
    const tail = fitTail(tailOf(excess, 11), null, total)
    expect(tail.limit).toBe(0.5)
    expect(tail.share).toBeCloseTo(tailShare, 12)
    expect(Math.abs(tail.shape - shape)).toBeLessThan(0.05)
    expect(Math.abs(tail.scale / scale - 1)).toBeLessThan(0.05)
  })

  it('weights of 1 are as no weights', () => {
    const distances = tailOf(pareto(-0.2), 12)
    const ones = new Float64Array(distances.length).fill(1)
    expect(fitTail(distances, ones, total)).toEqual(fitTail(distances, null, total))
  })

  it('a weight of 2 is as a distance that comes twice', () => {
    const distances = tailOf(pareto(-0.2), 13)
    const twice = distances.filter((_, i) => i % 2 === 0)
    const repeated = [...twice].flatMap((distance) => [distance, distance])
    const weights = new Float64Array(twice.length).fill(2)
    const [a, b] = [fitTail(twice, weights, 1_000_000), fitTail(repeated, null, 1_000_000)]
    expect(a.limit).toBe(b.limit)
    for (const key of ['share', 'scale', 'shape'] as const) expect(a[key]).toBeCloseTo(b[key], 10)
  })

  it('a weight of 0 is all but as a distance that is not there', () => {
    const distances = tailOf(pareto(-0.2), 14)
    const weights = Float64Array.from(distances, (_, i) => (i % 3 === 0 ? 0 : 1))
    const rest = distances.filter((_, i) => i % 3 !== 0)
    const [a, b] = [fitTail(distances, weights, 1_000_000), fitTail(rest, null, 1_000_000)]
    // The limit may be a distance that does not count.
    for (const key of ['share', 'scale', 'shape'] as const) expect(a[key]).toBeCloseTo(b[key], 2)
  })

  it('refuses too few pairs, and says how many it needs', () => {
    const distances = Float64Array.from({ length: 30 }, (_, i) => i / 100)
    expect(() => fitTail(distances, null, 1_000)).toThrow(
      '1000 pairs are too few for the tail of their distances, about 2000 are needed',
    )
  })

  it('asks for no more distances where each counts several times, as when people are drawn anew', () => {
    const distances = tailOf(pareto(-0.2), 16).filter((_, i) => i % 500 === 0)
    const weights = new Float64Array(distances.length).fill(9)
    const tail = fitTail(distances, weights, 6_000)
    expect(Number.isFinite(tail.shape)).toBe(true)
    expect(tail.share * 6_000).toBeCloseTo(63, 9)
  })

  it('refuses distances that end before the tail does', () => {
    const distances = Float64Array.from({ length: 30 }, (_, i) => i / 100)
    expect(() => fitTail(distances, null, 1_000_000)).toThrow(
      /^the nearest pairs are those of a few people, .* as the network was trained to see them/,
    )
  })
})

describe('tailQuantile', () => {
  const tail = { limit: 0.5, share: 0.002, scale, shape: -0.2 }

  it('is the limit at the share of the tail', () => {
    expect(tailQuantile(tail, 0.002)).toBe(0.5)
  })

  it('falls with the rate, whatever the shape', () => {
    for (const shape of [-0.3, 0, 0.2]) {
      const rates = Array.from({ length: 40 }, (_, i) => 0.002 * 0.7 ** i)
      const distances = rates.map((rate) => tailQuantile({ ...tail, shape }, rate))
      for (let i = 1; i < rates.length; i++) {
        expect(distances[i]).toBeLessThanOrEqual(distances[i - 1])
      }
      expect(distances[10]).toBeLessThan(distances[0])
    }
  })

  it('lets through the share that it was asked for', () => {
    const distances = tailOf(pareto(-0.2), 15)
    const threshold = tailQuantile(fitTail(distances, null, total), 0.0002)
    const below = distances.filter((distance) => distance <= threshold).length
    expect(below / total / 0.0002).toBeGreaterThan(0.9)
    expect(below / total / 0.0002).toBeLessThan(1.1)
  })

  it('with a shape of 0 it is the exponential law', () => {
    const distance = tailQuantile({ ...tail, shape: 0 }, 0.002 / Math.E)
    expect(distance).toBeCloseTo(0.5 - scale, 12)
    expect(tailQuantile({ ...tail, shape: 1e-7 }, 0.002 / Math.E)).toBeCloseTo(distance, 7)
  })

  it('is never below 0', () => {
    expect(tailQuantile({ ...tail, shape: 0.5 }, 1e-12)).toBe(0)
  })

  it('refuses a rate outside the tail', () => {
    expect(() => tailQuantile(tail, 0.01)).toThrow('a rate of 0.01 lies outside the tail')
  })
})

describe('tailRate', () => {
  const tail = { limit: 0.5, share: 0.002, scale, shape: -0.2 }

  it('is the rate whose quantile the distance is, whatever the shape', () => {
    for (const shape of [-0.3, 0, 0.2]) {
      for (const rate of [0.002, 0.0005, 0.00001]) {
        const distance = tailQuantile({ ...tail, shape }, rate)
        expect(tailRate({ ...tail, shape }, distance) / rate).toBeCloseTo(1, 9)
      }
    }
  })

  it('is that of the whole tail outside it, and nothing beyond the least distance of a law that has one', () => {
    expect(tailRate(tail, 0.7)).toBe(0.002)
    expect(tailRate(tail, 0.5 - scale / 0.2 - 0.001)).toBe(0)
  })
})
