import { describe, expect, it } from 'vitest'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { crowdOf } from '../../src/decision/crowd.ts'
import { createThresholds } from '../../src/decision/thresholds.ts'

const apart = { near: 0.8, usual: 1 }
const people = (count: number, distance: number) => new Array<number>(count).fill(distance)

describe('crowdOf', () => {
  it('is 1 where nobody else is enrolled, and among strangers who are as far apart as usual, or farther', () => {
    expect(crowdOf([], apart)).toBe(1)
    expect(crowdOf(people(30, 1), apart)).toBe(1)
    expect(crowdOf(people(30, 1.2), apart)).toBe(1)
  })

  it('takes what chance makes of a gallery for no crowd', () => {
    expect(crowdOf(people(30, 0.96), apart)).toBe(1)
    expect(crowdOf(people(4, 0.93), apart)).toBe(1)
  })

  it('grows as the others come nearer, and with how many they are', () => {
    const nearer = [0.95, 0.92, 0.9, 0.87].map((distance) => crowdOf(people(12, distance), apart))
    expect(nearer).toEqual([...nearer].sort((a, b) => a - b))
    expect(nearer.at(-1)).toBeGreaterThan(10)
    const more = [3, 6, 12, 32].map((count) => crowdOf(people(count, 0.88), apart))
    expect(more).toEqual([...more].sort((a, b) => a - b))
    expect(more[0]).toBeLessThan(more[3]! / 5)
  })

  it('takes a person enrolled twice for no more than somebody near', () => {
    expect(crowdOf([0.1, ...people(9, 0.9)], apart)).toBe(crowdOf([0.8, ...people(9, 0.9)], apart))
    expect(crowdOf([0, ...people(9, 1)], apart)).toBe(1)
    expect(crowdOf([0], apart)).toBeCloseTo(1.18, 2)
  })

  it.each([
    [2, 6.3],
    [3, 17.5],
    [5, 57],
  ])('takes %i others for a crowd if all are near and nobody else is enrolled', (count, crowd) => {
    const found = crowdOf(people(count, 0.8), apart)
    expect(found).toBeGreaterThan(crowd * 0.98)
    expect(found).toBeLessThan(crowd * 1.02)
    expect(crowdOf([...people(count, 0.8), ...people(10 * count, 1)], apart)).toBe(1)
  })

  it('at most doubles, or halves, when one more is enrolled among ten, whoever it is', () => {
    const before = crowdOf(people(10, 0.9), apart)
    for (const distance of [0, 0.8, 0.9, 1]) {
      const after = crowdOf([...people(10, 0.9), distance], apart)
      expect(after).toBeGreaterThan(before / 2)
      expect(after).toBeLessThan(before * 2)
    }
  })

  it('leaves out whom nothing can be measured of', () => {
    expect(crowdOf([Number.NaN, ...people(9, 0.85)], apart)).toBe(crowdOf(people(9, 0.85), apart))
  })
})

describe('how far strangers are apart', () => {
  const model = 'fake-network@0123abcd'
  const row = { fmr: 0.001, threshold: 0.5, interval: [0.4, 0.6] }
  const thresholdsWith = (more: object) => {
    const table = readCalibrationTable({
      format: 2,
      calibrations: [
        {
          model,
          metric: { kind: 'l2' },
          data: 'made up',
          date: '2026-11-30',
          command: 'none',
          verification: [
            { encodings: 1, ...row },
            { encodings: 1, ...row, fmr: 0.01, threshold: 0.6 },
          ],
          identification: [{ people: 10, ...row }],
          ...more,
        },
      ],
    })
    return createThresholds(() => table, { uncalibrated: 0.4 })
  }

  it('reaches from the laxest threshold to the median', () => {
    const { strangersApart } = thresholdsWith({ usualDistance: 1.2 })
    expect(strangersApart(model)).toEqual({ metric: { kind: 'l2' }, near: 0.6, usual: 1.2 })
  })

  it('is not known of a model that nobody measured it for, or whose strangers are nearer than the laxest threshold', () => {
    expect(thresholdsWith({}).strangersApart(model)).toBeNull()
    expect(thresholdsWith({ usualDistance: 0.6 }).strangersApart(model)).toBeNull()
    expect(thresholdsWith({ usualDistance: 1.2 }).strangersApart('other@0123abcd')).toBeNull()
  })
})
