import { describe, expect, it } from 'vitest'
import type { Impostors } from '../../../accuracy/rates/impostors.ts'
import {
  bestThreshold,
  equalErrorRate,
  fnmrAt,
  foldedAccuracy,
} from '../../../accuracy/rates/rates.ts'

function impostorsOf(distances: readonly number[], pairs: number): Impostors {
  const near = distances.map((distance) => ({ distance, enrolled: 0, probe: 1 }))
  return { pairs, near, histogram: new Uint32Array(200), people: [] }
}

function genuineOf(distances: readonly (number | null)[]) {
  return distances.map((distance, person) => ({ person, distance }))
}

describe('fnmrAt', () => {
  const genuine = genuineOf([0.1, 0.4, 0.5, null])

  it('refuses what is farther than the threshold, and always a photo without an encoding', () => {
    expect(fnmrAt(genuine, 0.4)).toBe(0.5)
    expect(fnmrAt(genuine, 2)).toBe(0.25)
    expect(fnmrAt(genuine, 0)).toBe(1)
  })

  it('counts a person as often as they were drawn', () => {
    expect(fnmrAt(genuine, 0.4, (person) => (person === 2 ? 4 : person === 3 ? 0 : 1))).toBe(4 / 6)
  })
})

describe('equalErrorRate', () => {
  it('is where as many strangers match as people are refused', () => {
    const genuine = genuineOf([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
    const impostors = impostorsOf([0.65, 0.75, 0.85, 0.95], 10)
    // At 0.85 three of ten strangers match; two of ten are refused. At 0.75 two and three.
    expect(equalErrorRate(genuine, impostors)).toEqual({ rate: 0.25, threshold: 0.85 })
  })

  it('is half the share of one pair when no stranger is as near as the farthest photo of one person', () => {
    const { rate } = equalErrorRate(genuineOf([0.1, 0.2]), impostorsOf([0.5], 1000))!
    expect(rate).toBeCloseTo(0.0005, 12)
  })

  it('is not known beyond the near pairs, nor without strangers', () => {
    expect(equalErrorRate(genuineOf([0.9, 0.9]), impostorsOf([0.1, 0.2], 100))).toBeNull()
    expect(equalErrorRate(genuineOf([0.9]), impostorsOf([], 100))).toBeNull()
  })
})

describe('foldedAccuracy', () => {
  const pair = (fold: number, distance: number | null, same: boolean) => ({ fold, distance, same })

  it('takes the threshold of each fold from the others', () => {
    const pairs = [pair(1, 0.2, true), pair(1, 0.6, false), pair(2, 0.5, true), pair(2, 0.7, false)]
    // Fold 2 sets 0.6 for fold 1, which lets its stranger in; fold 1 sets 0.4 for fold 2, which keeps its person out.
    const result = foldedAccuracy(pairs)
    expect(result.folds.map(({ fold, accuracy }) => [fold, accuracy])).toEqual([
      [1, 0.5],
      [2, 0.5],
    ])
    expect(result.folds[0].threshold).toBeCloseTo(0.6, 12)
    expect(result.folds[1].threshold).toBeCloseTo(0.4, 12)
    expect(result.mean).toBe(0.5)
    expect(result.standardError).toBe(0)
  })

  it('takes the threshold of a fold that was fitted to other people, where there is one', () => {
    const pairs = [1, 2].flatMap((fold) => [pair(fold, 0.2, true), pair(fold, 0.6, false)])
    const result = foldedAccuracy(pairs, new Map([[1, 0.1]]))
    expect(result.folds).toEqual([
      { fold: 1, accuracy: 0.5, threshold: 0.1 },
      { fold: 2, accuracy: 1, threshold: 0.4 },
    ])
  })

  it('has the standard error of the mean over the folds; without a distance a pair of one person is wrong', () => {
    const good = [1, 2, 3].flatMap((fold) => [pair(fold, 0.2, true), pair(fold, 0.8, false)])
    const result = foldedAccuracy([...good, pair(3, null, true), pair(3, null, true)])
    expect(result.folds.map(({ accuracy }) => accuracy)).toEqual([1, 1, 0.5])
    expect(result.mean).toBeCloseTo(5 / 6, 12)
    // Deviation of 1, 1, 1/2 with n - 1 is sqrt(1 / 12).
    expect(result.standardError).toBeCloseTo(Math.sqrt(1 / 12) / Math.sqrt(3), 12)
  })

  it('lets in no stranger whose photo gave no encoding: such a pair is right, whatever the threshold', () => {
    const pairs = [1, 2].flatMap((fold) => [pair(fold, 0.2, true), pair(fold, null, false)])
    expect(foldedAccuracy(pairs).mean).toBe(1)
    expect(foldedAccuracy(pairs, new Map([[1, 9]])).mean).toBe(1)
  })

  it('refuses a single fold', () => {
    expect(() => foldedAccuracy([pair(1, 0.2, true)])).toThrow('the pairs need at least two folds')
  })
})

describe('bestThreshold', () => {
  const pair = (distance: number | null, same: boolean) => ({ distance, same })

  it('separates pairs that can be separated', () => {
    const scored = [pair(0.2, true), pair(0.4, true), pair(0.6, false), pair(0.9, false)]
    expect(bestThreshold(scored)).toEqual({ accuracy: 1, threshold: 0.5 })
  })

  it('counts a pair without a face as refused: wrong for one person, right for two', () => {
    const scored = [pair(0.2, true), pair(null, true), pair(0.6, false), pair(null, false)]
    expect(bestThreshold(scored)).toEqual({ accuracy: 0.75, threshold: 0.4 })
  })

  it('does not split equal distances', () => {
    const scored = [pair(0.5, true), pair(0.5, false), pair(0.5, false)]
    expect(bestThreshold(scored)).toEqual({ accuracy: 2 / 3, threshold: 0 })
  })

  it('lets everybody in when all pairs are of one person', () => {
    expect(bestThreshold([pair(0.3, true), pair(0.5, true)])).toEqual({
      accuracy: 1,
      threshold: 0.5,
    })
  })
})
