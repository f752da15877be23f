import { describe, expect, it } from 'vitest'
import { fmrAt, type Impostors } from '../../accuracy/impostors.ts'
import { leastErrorThreshold } from '../../accuracy/least-error.ts'
import { fnmrAt, type GenuinePair } from '../../accuracy/rates.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'

/** Strangers around 1.4, photos of one person around 0.7, each normal with a deviation of 0.12: least error at 1.05. */
const [own, strange, deviation] = [0.7, 1.4, 0.12]

function strangersOf(pairs: number, seed: number): Impostors {
  const random = new SeededRandom(seed, 'strangers')
  const all = Array.from({ length: pairs }, () => strange + deviation * random.normal())
  const near = all
    .sort((a, b) => a - b)
    .slice(0, pairs * 0.03)
    .map((distance) => ({ distance, enrolled: 0, probe: 1 }))
  return { pairs, near, histogram: new Uint32Array(200), people: [] }
}

function genuineOf(pairs: number, seed: number): GenuinePair[] {
  const random = new SeededRandom(seed, 'genuine')
  return Array.from({ length: pairs }, (_, person) => ({
    person,
    distance: own + deviation * random.normal(),
  }))
}

const impostors = strangersOf(400_000, 1)

function chosenFor(genuine: readonly GenuinePair[]): number {
  return leastErrorThreshold(genuine, impostors)!
}

describe('leastErrorThreshold', () => {
  it('lies where two laws cross, whichever photos happened to be taken', () => {
    const thresholds = [1, 2, 3, 4, 5].map((seed) => chosenFor(genuineOf(1_500, seed)))
    for (const threshold of thresholds) expect(Math.abs(threshold - 1.05)).toBeLessThan(0.03)
  })

  it('costs other people hardly more than the best threshold for them would', () => {
    const others = { genuine: genuineOf(20_000, 9), impostors: strangersOf(400_000, 9) }
    const errorAt = (threshold: number): number =>
      fnmrAt(others.genuine, threshold) + fmrAt(others.impostors, threshold)
    const tried = Array.from({ length: 100 }, (_, i) => errorAt(0.9 + i * 0.002))
    const chosen = chosenFor(genuineOf(1_500, 1))
    expect(errorAt(chosen)).toBeLessThan(Math.min(...tried) + 0.001)
  })

  it('counts every person once, however many photos there are of them', () => {
    const others = genuineOf(1_500, 1)
    // One person in 1,501, of whom a thousand comparisons are farther apart than strangers are.
    const one = Array.from({ length: 1_000 }, (): GenuinePair => ({ person: 9_999, distance: 1.4 }))
    const [without, withOne] = [others, [...others, ...one]].map(chosenFor)
    expect(Math.abs(withOne! - without!)).toBeLessThan(0.03)
  })

  it('is larger where the right people are refused more often', () => {
    const far = genuineOf(1_500, 1).map((pair) => ({ ...pair, distance: pair.distance! + 0.1 }))
    expect(chosenFor(far)).toBeGreaterThan(chosenFor(genuineOf(1_500, 1)) + 0.02)
  })

  it('is not known with few pairs of one person', () => {
    expect(leastErrorThreshold(genuineOf(399, 1), impostors)).toBeNull()
    expect(leastErrorThreshold(genuineOf(400, 1), impostors)).not.toBeNull()
  })
})
