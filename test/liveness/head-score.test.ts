import { describe, expect, it } from 'vitest'
import { featuresOf, headScore } from '../../src/liveness/head-score.ts'
import type { TurnMeasures } from '../../src/liveness/turn.ts'
import { areOneTake, nodLimits, showsHead, sideLimits } from '../../src/liveness/turn-limits.ts'

/** As a head measures that turns by 20 degrees before one camera. */
const head: TurnMeasures = {
  flat: 0.07,
  relief: 0.3,
  misfit: 0.02,
  area: 1,
  dense: { relief: 0.28, agreement: 0.92, flatAgreement: 0.88 },
  degrees: 20,
}
/** Landmarks that a network sees on a photo bent round a head, pixels that lie over each other as they are. */
const mask: TurnMeasures = {
  ...head,
  dense: { relief: 0.01, agreement: 0.95, flatAgreement: 0.95 },
}

describe('headScore', () => {
  it('tells a head from a photo bent round one, whose landmarks are alike', () => {
    expect(showsHead(head, 'left')).toBe(true)
    expect(showsHead(mask, 'left')).toBe(false)
    expect(showsHead(mask, 'up')).toBe(false)
  })

  it('lets photos of a head pass whose pixels say nothing, since expression and light have changed', () => {
    const dense = { relief: -0.05, agreement: 0.5, flatAgreement: 0.45 }
    expect(showsHead({ ...head, dense }, 'right')).toBe(true)
  })

  it('falls as the pixels move less in proportion to depth', () => {
    const scores = [0.3, 0.2, 0.1, 0, -0.1].map((relief) =>
      headScore({ ...head, dense: { ...head.dense, relief } }, sideLimits.weights),
    )
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    expect(new Set(scores).size).toBe(5)
  })

  it.each(['flat', 'relief', 'misfit', 'area', 'degrees'] as const)(
    'lets no %s pass that is no number',
    (measure) => {
      for (const turn of ['left', 'down'] as const) {
        expect(showsHead({ ...head, [measure]: Number.NaN }, turn)).toBe(false)
      }
    },
  )

  it('lets no pixels pass that are no numbers', () => {
    const dense = { relief: Number.NaN, agreement: 0.9, flatAgreement: 0.9 }
    expect(showsHead({ ...head, dense }, 'left')).toBe(false)
    expect(areOneTake({ ...head, dense })).toBe(false)
  })

  it('has a weight for each feature', () => {
    for (const { weights } of [sideLimits, nodLimits]) {
      expect(weights.features).toHaveLength(featuresOf(head).length)
      expect(weights.features.every(({ spread }) => spread > 0)).toBe(true)
    }
  })
})

describe('areOneTake', () => {
  it('wants pixels that agree, moved by a quarter of what the turn asks for', () => {
    expect(areOneTake(head)).toBe(true)
    expect(areOneTake({ ...head, dense: { ...head.dense, agreement: 0.79 } })).toBe(false)
    expect(areOneTake({ ...head, dense: { ...head.dense, relief: 0.08 } })).toBe(false)
  })
})
