import { describe, expect, it } from 'vitest'
import { median } from '../../src/lib/median.ts'
import { seededRandom } from '../support/random.ts'

describe('the median', () => {
  it('is what stands in the middle of the sorted values, the upper of two, however many are equal', () => {
    const random = seededRandom(1)
    for (let round = 0; round < 500; round++) {
      const values = Float32Array.from({ length: 1 + (round % 40) }, () =>
        random() < 0.3 ? Math.floor(random() * 4) : random(),
      )
      const before = values.slice()
      expect(median(values)).toBe(values.toSorted()[values.length >> 1])
      expect(values).toEqual(before)
    }
  })
})
