import { describe, expect, it } from 'vitest'
import type { TurnMeasures } from '../../../src/liveness/turn.ts'
import { keepsWithin } from '../../../src/liveness/turn-limits.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import { fitLimits, limitsAt, refusedShare } from '../../liveness/fit/fit-limits.ts'
import { refusedTriples, shippedLimits } from '../../liveness/measure-active.ts'

const random = new SeededRandom(5)
const heads: TurnMeasures[] = Array.from({ length: 400 }, () => ({
  flat: random.between(0.04, 0.1),
  relief: random.between(0.15, 0.5),
  misfit: random.between(0.01, 0.06),
  area: random.between(0.9, 1.2),
  dense: { relief: random.between(-0.1, 0.4), agreement: 0.7, flatAgreement: random.next() },
  degrees: 20,
}))
const picture: TurnMeasures = {
  flat: 0.005,
  relief: 0,
  misfit: 0.01,
  area: 1,
  dense: { relief: 0, agreement: 0.99, flatAgreement: 0.99 },
  degrees: 20,
}
const { weights } = shippedLimits.side

describe('fitLimits', () => {
  it('refuses so many heads and hardly fewer', () => {
    const share = refusedShare(heads, fitLimits(heads, 0.05, weights))
    expect(share).toBeLessThanOrEqual(0.05)
    expect(share).toBeGreaterThan(0.03)
  })

  it('refuses a picture', () => {
    expect(keepsWithin(picture, fitLimits(heads, 0.05, weights))).toBe(false)
  })

  it('refuses none at quantile 0, and more the farther in the limits are', () => {
    expect(refusedShare(heads, limitsAt(heads, 0, weights))).toBe(0)
    expect(refusedShare(heads, limitsAt(heads, 0.02, weights))).toBeGreaterThan(
      refusedShare(heads, limitsAt(heads, 0.005, weights)),
    )
  })
})

describe('keepsWithin', () => {
  it.each(['flat', 'relief', 'misfit', 'area'] as const)(
    'lets no %s pass that is no number',
    (measure) => {
      const head = { ...heads[0]!, flat: 0.08, relief: 0.3, misfit: 0.02, area: 1 }
      expect(
        keepsWithin({ ...head, dense: { ...head.dense, relief: 0.3 } }, shippedLimits.side),
      ).toBe(true)
      expect(keepsWithin({ ...head, [measure]: Number.NaN }, shippedLimits.side)).toBe(false)
    },
  )
})

describe('refusedTriples', () => {
  it('counts a frame ahead with two turned ones, one of them to the side, each once', () => {
    const good = { ...heads[0]!, flat: 0.08, relief: 0.3, misfit: 0.02, area: 1 }
    const head = { ...good, dense: { relief: 0.3, agreement: 0.9, flatAgreement: 0.8 } }
    const turn = (asked: 'left' | 'right' | 'up', measures: TurnMeasures, turned: number) => ({
      fold: 1,
      turn: asked,
      ahead: 0,
      turned,
      measures,
    })
    const turns = [
      turn('left', head, 1),
      turn('left', head, 2),
      turn('right', picture, 3),
      turn('up', head, 4),
    ]
    // left-right twice, left-up twice, right-up once.
    expect(refusedTriples(turns, shippedLimits)).toEqual({ count: 3, of: 5 })
  })
})
