import { describe, expect, it } from 'vitest'
import { drawBatches } from '../../learning/batches.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'

/** Twelve people with five photos, four with two, ten with one. */
const labels = [
  ...Array.from({ length: 60 }, (_, i) => i % 12),
  ...Array.from({ length: 8 }, (_, i) => 20 + (i % 4)),
  ...Array.from({ length: 10 }, (_, i) => 30 + i),
]

const draw = (seed: number, people = 4, photos = 3) =>
  drawBatches(labels, { people, photos }, new SeededRandom(seed))

describe('drawBatches', () => {
  it('brings everybody with two photos or more once in an epoch', () => {
    const batches = draw(1)
    expect(batches).toHaveLength(4)
    const met = batches.flatMap((batch) => [...new Set(batch.map((photo) => labels[photo]!))])
    const several = met.filter((label) => label < 30).sort((a, b) => a - b)
    expect(several).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20, 21, 22, 23])
  })

  it('has P people with K photos, or all they have, and single photos for the rest', () => {
    for (const batch of draw(2)) {
      expect(batch).toHaveLength(12)
      expect(new Set(batch).size).toBe(12)
      const counts = Map.groupBy(batch, (photo) => labels[photo]!)
      for (const [label, photos] of counts) {
        expect(photos).toHaveLength(label < 12 ? 3 : label < 30 ? 2 : 1)
      }
    }
  })

  it('fills the last batch with people drawn again, none twice in it', () => {
    const batches = draw(3, 5)
    expect(batches).toHaveLength(4)
    for (const batch of batches) {
      const several = new Set(batch.map((photo) => labels[photo]!).filter((label) => label < 30))
      expect(several.size).toBe(5)
    }
  })

  it('is the same for the same seed, another for another', () => {
    expect(draw(4)).toEqual(draw(4))
    expect(draw(4)).not.toEqual(draw(5))
  })

  it('refuses photos that hold no pair of two people', () => {
    const random = new SeededRandom(1)
    expect(() => drawBatches([0, 1, 2], { people: 2, photos: 2 }, random)).toThrow(
      '3 people, 0 of them with two photos or more; expected two people, one with two photos',
    )
    expect(() => drawBatches([0, 0], { people: 2, photos: 2 }, random)).toThrow(
      '1 people, 1 of them',
    )
  })
})
