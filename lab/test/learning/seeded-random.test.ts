import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../../learning/seeded-random.ts'

const some = (random: SeededRandom): number[] => Array.from({ length: 8 }, () => random.next())

describe('SeededRandom', () => {
  it('is fixed by seed and path, and differs where either does', () => {
    expect(some(new SeededRandom(1, 'epoch', 3))).toEqual(some(new SeededRandom(1, 'epoch', 3)))
    const others = [
      new SeededRandom(2, 'epoch', 3),
      new SeededRandom(1, 'epoch', 4),
      new SeededRandom(1, 'pairs', 3),
      new SeededRandom(1, 'epoch3'),
    ]
    for (const other of others) {
      expect(some(other)).not.toEqual(some(new SeededRandom(1, 'epoch', 3)))
    }
  })

  it('draws evenly from [0, 1) and normally with mean 0 and deviation 1', () => {
    const random = new SeededRandom(5)
    const count = 20_000
    const tenths = new Array(10).fill(0)
    for (let i = 0; i < count; i++) tenths[Math.floor(random.next() * 10)]++
    for (const tenth of tenths) expect(Math.abs(tenth / count - 0.1)).toBeLessThan(0.01)
    const normals = Array.from({ length: count }, () => random.normal())
    const mean = normals.reduce((sum, value) => sum + value, 0) / count
    const variance = normals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(Math.abs(variance - 1)).toBeLessThan(0.05)
  })

  it('shuffles a copy that holds the same items', () => {
    const items = Array.from({ length: 50 }, (_, i) => i)
    const shuffled = new SeededRandom(7).shuffled(items)
    expect(shuffled).not.toEqual(items)
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(items)
    expect(items[0]).toBe(0)
  })
})
