/** Codes as libjpeg makes them: those of small examples by hand, and what holds for all. */
import { describe, expect, it } from 'vitest'
import { shortestCodes } from '../../../../src/image/decode/jpeg/file/shortest-codes.ts'
import { seededRandom } from '../../../support/random.ts'

const lengthsOf = (...counts: number[]): number[] => [...shortestCodes(Uint32Array.from(counts))]

describe('the shortest codes', () => {
  it('have a bit for a symbol alone, whose other value is left free', () => {
    expect(lengthsOf(5)).toEqual([1])
    expect(lengthsOf(0, 0, 7, 0)).toEqual([0, 0, 1, 0])
  })

  it('are longer for rarer symbols, and of equals for the later', () => {
    expect(lengthsOf(5, 2, 1)).toEqual([1, 2, 3])
    expect(lengthsOf(1, 1, 9, 1, 1)).toEqual([3, 3, 1, 3, 4])
  })

  it('have 16 bits at most, and leave one of the longest free', () => {
    const random = seededRandom(3)
    for (let round = 0; round < 50; round++) {
      const steep = 0.3 + random()
      const counts = Array.from({ length: 2 + Math.floor(random() * 150) }, (_, i) =>
        Math.ceil(1e6 * Math.exp(-steep * i) * random()),
      )
      const lengths = lengthsOf(...counts)
      expect(Math.max(...lengths)).toBeLessThanOrEqual(16)
      expect(Math.min(...lengths)).toBeGreaterThan(0)
      const left = 1 - lengths.reduce((sum, length) => sum + 2 ** -length, 0)
      expect(left).toBe(2 ** -Math.max(...lengths))
    }
  })
})
