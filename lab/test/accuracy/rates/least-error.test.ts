import { describe, expect, it } from 'vitest'
import { fitCalibration } from '../../../accuracy/fit/fit-calibration.ts'
import { fmrAt, type Impostors } from '../../../accuracy/rates/impostors.ts'
import { leastErrorThreshold } from '../../../accuracy/rates/least-error.ts'
import { fnmrAt, type GenuinePair } from '../../../accuracy/rates/rates.ts'
import { SeededRandom } from '../../../learning/seeded-random.ts'
import { makePeople } from '../fit/made-up-people.ts'

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

/** By seed. */
const strong = [
  [1, 1.04912529],
  [2, 1.0371491],
  [3, 1.04474169],
] as const

function chosenFor(genuine: readonly GenuinePair[]): number {
  return leastErrorThreshold(genuine, impostors, genuine.length)!
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
    expect(chosenFor(genuineOf(399, 1))).toBeNull()
    expect(chosenFor(genuineOf(400, 1))).not.toBeNull()
  })

  it('is not known with few pairs of photos that are compared again and again', () => {
    const again = Array.from({ length: 8 }, () => genuineOf(399, 1)).flat()
    expect(leastErrorThreshold(again, impostors, 399)).toBeNull()
    expect(leastErrorThreshold(again, impostors, 400)).not.toBeNull()
  })

  it('of a strong encoder is where FMR and the law of its tail have their least', () => {
    for (const [seed, threshold] of strong)
      expect(chosenFor(genuineOf(1_500, seed))).toBeCloseTo(threshold, 5)
  })

  it('is where the error is least though no threshold that is tried accepts 95 %', () => {
    // A tenth of the photos are of no use: refusing more of the others gains nothing.
    const genuine = genuineOf(1_500, 1).map((pair, i) =>
      i % 10 === 0 ? { ...pair, distance: 1.6 + i / 1e4 } : pair,
    )
    expect(Math.abs(chosenFor(genuine) - 1.05)).toBeLessThan(0.05)
  })

  it('is not known with a weak encoder, whose least error lies beyond the strangers that are known', () => {
    const chosenWith = (photoSpread: number): number | null => {
      const people = makePeople({ lonely: 300, crowd: 0, photosEach: 3, seed: 1, photoSpread })
      const { single, photoPairs } = fitCalibration(people, 'l2', { intervals: false })
      return leastErrorThreshold(single.genuine, single.impostors, photoPairs)
    }
    expect(chosenWith(0.2)).not.toBeNull()
    expect(chosenWith(2)).toBeNull()
  })

  it('is not known without strangers, nor where the farthest pairs are equally far', () => {
    const genuine = genuineOf(1_500, 1)
    expect(leastErrorThreshold(genuine, { ...impostors, near: [] }, 1_500)).toBeNull()
    expect(leastErrorThreshold(genuine, { ...impostors, near: [], pairs: 0 }, 1_500)).toBeNull()
    const equal = genuine.map((pair, i) => (i % 10 === 0 ? { ...pair, distance: 1.2 } : pair))
    expect(chosenFor(equal)).toBeNull()
  })
})
