/** What a turned frame has to keep within to show a head, and to be of one take. */
import { describe, expect, it } from 'vitest'
import type { TurnMeasures } from '../../src/liveness/turn.ts'
import { areOneTake, keepsWithin, nodLimits, sideLimits } from '../../src/liveness/turn-limits.ts'

const measures: TurnMeasures = {
  flat: 0.05,
  relief: 0.1,
  misfit: 0.02,
  area: 0.8,
  dense: { relief: 0.4, agreement: 0.9, flatAgreement: 0.5 },
  degrees: 25,
}
/** Every measure lies on its limit, and of the score any number will do. */
const limits = {
  leastFlat: 0.05,
  leastRelief: 0.1,
  mostMisfit: 0.02,
  leastArea: 0.8,
  mostArea: 0.8,
  leastScore: 1,
  weights: {
    ...sideLimits.weights,
    constant: 1,
    features: sideLimits.weights.features.map((feature) => ({ ...feature, linear: 0, square: 0 })),
  },
}

describe('keepsWithin', () => {
  it('takes what lies on every limit', () => {
    expect(keepsWithin(measures, limits)).toBe(true)
  })

  it.each([
    [{ flat: 0.049 }],
    [{ relief: 0.099 }],
    [{ misfit: 0.021 }],
    [{ area: 0.79 }],
    [{ area: 0.81 }],
    [{ flat: Number.NaN }],
    [{ area: Number.NaN }],
    [{ degrees: Number.NaN }],
  ])('refuses what one measure says: %o', (changed) => {
    expect(keepsWithin({ ...measures, ...changed }, limits)).toBe(false)
  })

  it('refuses what all measures say together', () => {
    expect(keepsWithin(measures, { ...limits, leastScore: 1.001 })).toBe(false)
  })

  it('asks less of a nod than of a turn to the side', () => {
    expect(nodLimits.leastRelief).toBeLessThan(sideLimits.leastRelief)
  })
})

describe('areOneTake', () => {
  const quarter = Math.sin((25 * Math.PI) / 180) / 4
  it.each([
    [{ relief: quarter + 1e-9, agreement: 0.8 }, true],
    [{ relief: quarter - 1e-9, agreement: 0.8 }, false],
    [{ relief: quarter + 1e-9, agreement: 0.799 }, false],
    [{ relief: Number.NaN, agreement: 0.9 }, false],
    [{ relief: 0.4, agreement: Number.NaN }, false],
  ])('of %o for 25 degrees is %s', (dense, isOneTake) => {
    expect(areOneTake({ dense: { ...measures.dense, ...dense }, degrees: 25 })).toBe(isOneTake)
  })
})
