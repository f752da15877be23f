import { describe, expect, it } from 'vitest'
import { randomNumbers } from '../../../test/support/random.ts'
import {
  countTriplets,
  type Mining,
  mineTriplets,
  squaredDistances,
} from '../../learning/mining.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'

/** Encodings on a line, so that distances can be read off. */
function mine(mining: Mining, places: readonly number[], labels: readonly number[], margin = 0.2) {
  const { anchors, positives, negatives } = mineTriplets(mining, {
    encodings: Float32Array.from(places),
    labels,
    margin,
    random: new SeededRandom(1),
  })
  return Array.from(anchors, (anchor, i) => [anchor, positives[i]!, negatives[i]!])
}

const labels = [0, 0, 1, 1]

describe('squaredDistances', () => {
  it('gives squared L2 distances of every two rows', () => {
    const encodings = Float32Array.from([0, 0, 3, 4, 0, 1])
    expect(Array.from(squaredDistances(encodings, 3))).toEqual([0, 25, 1, 25, 0, 18, 1, 18, 0])
  })
})

describe('countTriplets', () => {
  it('counts what "all" finds', () => {
    for (const people of [labels, [0, 0, 0, 1, 1, 2], [0, 1, 2], [4, 4]]) {
      const places = people.map((_, i) => i)
      expect(countTriplets(people)).toBe(mine('all', places, people).length)
    }
  })
})

describe('mineTriplets', () => {
  it('all: every anchor, positive and negative', () => {
    expect(mine('all', [0, 1, 5, 9], labels)).toEqual([
      [0, 1, 2],
      [0, 1, 3],
      [1, 0, 2],
      [1, 0, 3],
      [2, 3, 0],
      [2, 3, 1],
      [3, 2, 0],
      [3, 2, 1],
    ])
  })

  it('hard: the nearest negative, where it is no further than the positive', () => {
    // From 2 (at 5): positive at 9 is 16 away, squared, and 1 (at 1.5) 12.25. From 3 (at 9): 16 against 56.
    expect(mine('hard', [0, 1.5, 5, 9], labels)).toEqual([[2, 3, 1]])
  })

  it('semi-hard: one negative further than the positive, but by less than the margin', () => {
    // From 0: positive at squared distance 1, negatives at 1.21 (just outside 0.2) and 1.44.
    expect(mine('semi-hard', [0, 1, 1.1, -1.2], labels)).toEqual([])
    // 0.21 and 0.44 further: a margin of 0.3 takes the first, one of 0.5 draws from both.
    expect(mine('semi-hard', [0, 1, 1.1, -1.2], labels, 0.3)).toEqual([[0, 1, 2]])
    const drawn = new Set(
      Array.from({ length: 20 }, (_, seed) => {
        const { negatives } = mineTriplets('semi-hard', {
          encodings: Float32Array.from([0, 1, 1.1, -1.2]),
          labels,
          margin: 0.5,
          random: new SeededRandom(seed),
        })
        return negatives[0]
      }),
    )
    expect(drawn).toEqual(new Set([2, 3]))
  })

  it('semi-hard leaves out negatives that are nearer than the positive', () => {
    expect(mine('semi-hard', [0, 1, 0.9, 7], labels)).toEqual([])
  })

  it('batch-all: every triplet with a loss above 0', () => {
    // From 3 (at 9), both negatives are further than its positive by more than the margin.
    expect(mine('batch-all', [0, 1, 1.05, 9], labels)).toEqual([
      [0, 1, 2],
      [1, 0, 2],
      [2, 3, 0],
      [2, 3, 1],
    ])
  })

  it('batch-hard: for each anchor the furthest positive and the nearest negative', () => {
    expect(mine('batch-hard', [0, 1, 2, 7, 9], [0, 0, 0, 1, 1])).toEqual([
      [0, 2, 3],
      [1, 0, 3],
      [2, 0, 3],
      [3, 4, 2],
      [4, 3, 2],
    ])
  })

  it.each<Mining>(['all', 'hard', 'semi-hard', 'batch-all', 'batch-hard'])(
    '%s finds nothing among people with one photo each, nor with one person alone',
    (mining) => {
      expect(mine(mining, [0, 1, 2], [0, 1, 2])).toEqual([])
      expect(mine(mining, [0, 1, 2], [4, 4, 4])).toEqual([])
    },
  )

  it.each<Mining>(['hard', 'semi-hard', 'batch-all'])(
    '%s is what the definition says',
    (mining) => {
      const people = Array.from({ length: 24 }, (_, i) => i % 6)
      const encodings = randomNumbers(24 * 4, 5)
      const distances = squaredDistances(encodings, 24)
      const distance = (i: number, j: number) => distances[i * 24 + j]!
      const margin = 0.5
      const got = mineTriplets(mining, {
        encodings,
        labels: people,
        margin,
        random: new SeededRandom(2),
      })
      const pairs = new Set<string>()
      expect(got.anchors.length).toBeGreaterThan(10)
      got.anchors.forEach((anchor, i) => {
        const [positive, negative] = [got.positives[i]!, got.negatives[i]!]
        expect(people[anchor]).toBe(people[positive])
        expect(anchor).not.toBe(positive)
        expect(people[anchor]).not.toBe(people[negative])
        const further = distance(anchor, negative) - distance(anchor, positive)
        if (mining === 'hard') expect(further).toBeLessThanOrEqual(0)
        if (mining === 'semi-hard') expect(further).toBeGreaterThan(0)
        expect(further).toBeLessThan(margin)
        pairs.add(`${anchor} ${positive}`)
      })
      if (mining !== 'batch-all') expect(pairs.size).toBe(got.anchors.length)
    },
  )

  it('is the same for the same seed', () => {
    const input = {
      encodings: randomNumbers(96, 3),
      labels: Array.from({ length: 24 }, (_, i) => i >> 2),
    }
    const run = (seed: number) =>
      mineTriplets('semi-hard', { ...input, margin: 1, random: new SeededRandom(seed) })
    expect(run(1)).toEqual(run(1))
    expect(run(1).negatives).not.toEqual(run(2).negatives)
  })
})
