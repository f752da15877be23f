import { describe, expect, it } from 'vitest'
import { metricKinds } from '../../../../src/encoding/metrics/metric.ts'
import {
  fitMetric,
  isFitted,
  metricFor,
  metricsByPeople,
} from '../../../accuracy/fit/fit-metric.ts'
import { makePeople } from './made-up-people.ts'

const faces = makePeople({ lonely: 30, crowd: 0, photosEach: 1, seed: 1 })

describe('fitMetric', () => {
  it.each(metricKinds)('gives a metric of the kind that is asked for: %s', (kind) => {
    expect(fitMetric(faces, kind).kind).toBe(kind)
  })

  it('looks at faces for a cohort, and at none for l2', () => {
    expect(metricKinds.filter(isFitted)).toEqual(['l2-cohort'])
    expect(fitMetric([], 'l2')).toEqual({ kind: 'l2' })
    expect(() => fitMetric([], 'l2-cohort')).toThrow('0 people are too few')
  })
})

describe('the metric for so many people', () => {
  it('is l2-cohort from 300 people on, and l2 for fewer', () => {
    expect([0, 299, 300, 10_000].map(metricFor)).toEqual(['l2', 'l2', 'l2-cohort', 'l2-cohort'])
    expect(metricsByPeople).toBe('l2-cohort from 300 people on, or else l2')
  })
})
