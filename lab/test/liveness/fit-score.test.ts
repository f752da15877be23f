import { describe, expect, it } from 'vitest'
import { headScore } from '../../../src/liveness/head-score.ts'
import type { TurnMeasures } from '../../../src/liveness/turn.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import { fitScore } from '../../liveness/fit/fit-score.ts'

const random = new SeededRandom(3)
/** One that differs from the other kind by how its pixels moved alone. */
const turn = (relief: number, agreement = 0.9): TurnMeasures => ({
  flat: random.between(0.05, 0.1),
  relief: random.between(0.2, 0.4),
  misfit: random.between(0.01, 0.04),
  area: random.between(0.9, 1.1),
  dense: { relief: relief + random.between(-0.1, 0.1), agreement, flatAgreement: 0.8 },
  degrees: random.between(15, 30),
})
const many = (count: number, make: () => TurnMeasures) => Array.from({ length: count }, make)

describe('fitScore', () => {
  it('finds what tells heads from pictures', () => {
    const [heads, pictures] = [many(200, () => turn(0.35)), many(200, () => turn(0))]
    const weights = fitScore([heads], pictures)
    const score = (measures: TurnMeasures): number => headScore(measures, weights)
    expect(heads.filter((head) => score(head) > 0).length).toBeGreaterThan(190)
    expect(pictures.filter((picture) => score(picture) < 0).length).toBeGreaterThan(190)
  })

  it('lets a small group count as much as a large one', () => {
    const [small, large] = [many(20, () => turn(0.1)), many(2000, () => turn(0.4, 0.6))]
    const pictures = many(200, () => turn(-0.2))
    const weights = fitScore([large, small], pictures)
    expect(small.filter((head) => headScore(head, weights) > 0).length).toBeGreaterThan(16)
    expect(fitScore([large, small, []], pictures)).toEqual(weights)
  })
})
