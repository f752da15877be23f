import { describe, expect, it } from 'vitest'
import { fitMetric } from '../../../accuracy/fit/fit-metric.ts'
import { fitWeight } from '../../../accuracy/fit/fit-weight.ts'
import { makePeople } from './made-up-people.ts'

/** A group scored by a metric that was fitted to others like it. */
function group(lonely: number, crowd: number, seed: number) {
  const like = { lonely, crowd, photosEach: 2 }
  const own = makePeople({ ...like, seed })
  const metric = fitMetric(makePeople({ ...like, seed: seed + 100 }), 'l2-cohort', 0)
  return { own, metric }
}

describe('the weight of crowding', () => {
  it('is above 0 where some faces lie in a crowd, which would pay for the others', () => {
    expect(fitWeight([[group(120, 40, 1)]])).toBeGreaterThan(0)
  })

  it('is larger the thicker the crowd is among as many', () => {
    const [thin, thick] = [fitWeight([[group(150, 10, 3)]]), fitWeight([[group(100, 60, 3)]])]
    expect(thick).toBeGreaterThanOrEqual(thin)
  })

  it('is 0 for a metric without a cohort', () => {
    const { own } = group(20, 0, 5)
    expect(fitWeight([[{ own, metric: { kind: 'l2' } }]])).toBe(0)
  })
})
