import { describe, expect, it } from 'vitest'
import { randomNumbers } from '../../../test/support/random.ts'
import { computeRoc } from '../../learning/roc.ts'

const pair = (distance: number, same: boolean) => ({ distance, same })

describe('computeRoc', () => {
  it('has the area 1 where all same pairs are nearer, 0 where all are further', () => {
    expect(computeRoc([pair(1, true), pair(2, true), pair(3, false)]).area).toBe(1)
    expect(computeRoc([pair(3, true), pair(1, false), pair(2, false)]).area).toBe(0)
  })

  it('goes from (0, 0) to (1, 1) through every distance', () => {
    expect(computeRoc([pair(1, true), pair(2, false), pair(3, true), pair(4, false)])).toEqual({
      curve: [
        { falseMatchRate: 0, trueMatchRate: 0 },
        { falseMatchRate: 0, trueMatchRate: 0.5 },
        { falseMatchRate: 0.5, trueMatchRate: 0.5 },
        { falseMatchRate: 0.5, trueMatchRate: 1 },
        { falseMatchRate: 1, trueMatchRate: 1 },
      ],
      area: 0.75,
    })
  })

  it('counts ties half', () => {
    expect(computeRoc([pair(1, true), pair(1, false)]).area).toBe(0.5)
    expect(computeRoc([pair(1, true), pair(1, false), pair(2, false)]).area).toBe(0.75)
  })

  it('is the share of same and different pairs in the right order', () => {
    const distances = randomNumbers(60, 1).map((value) => Math.round(value * 20))
    const pairs = Array.from(distances, (distance, i) => pair(distance, i % 3 === 0))
    const [same, different] = [pairs.filter((p) => p.same), pairs.filter((p) => !p.same)]
    const right = same.flatMap((s) =>
      different.map((d) => (s.distance < d.distance ? 1 : s.distance === d.distance ? 0.5 : 0)),
    )
    const share = right.reduce<number>((sum, one) => sum + one, 0) / right.length
    expect(computeRoc(pairs).area).toBeCloseTo(share, 12)
  })

  it('refuses one kind of pairs alone, and a distance that is not finite', () => {
    expect(() => computeRoc([pair(1, true)])).toThrow('1 pairs of one person and 0 of two')
    expect(() => computeRoc([pair(Number.NaN, true), pair(1, false)])).toThrow('not finite')
  })
})
