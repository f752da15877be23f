import { describe, expect, it } from 'vitest'
import { decide } from '../../src/decision/decide.ts'

const calibration = { threshold: 0.5 }

describe('decide', () => {
  it.each([
    [0, 'match'],
    [0.4999, 'match'],
    [0.5, 'match'],
    [0.5000001, 'no_match'],
    [2, 'no_match'],
    [Number.NaN, 'no_match'],
    [Number.POSITIVE_INFINITY, 'no_match'],
    [Number.NEGATIVE_INFINITY, 'no_match'],
    [-0.1, 'no_match'],
  ])('at distance %s: %s', (distance, decision) => {
    expect(decide(distance, calibration)).toBe(decision)
  })

  it('never matches by a threshold that is not a number', () => {
    expect(decide(0.1, { ...calibration, threshold: Number.NaN })).toBe('no_match')
  })
})
