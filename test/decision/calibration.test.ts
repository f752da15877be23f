import { describe, expect, it } from 'vitest'
import {
  findIdentification,
  findVerification,
  missedAmong,
} from '../../src/decision/calibration.ts'
import {
  defaultFmr,
  isCalibrated,
  readCalibrationTable,
} from '../../src/decision/calibration-table.ts'
import { entry, row, table } from './small-table.ts'

const read = readCalibrationTable(table)
const { model } = entry

describe('findVerification', () => {
  it('takes a threshold between two rates where a crowd divides one, and says the rate that was asked for', () => {
    const at = (crowd: number) => findVerification(read, model, { fmr: 0.01, encodings: 1, crowd })
    expect(at(1)).toMatchObject({ fmr: 0.01, threshold: 0.6 })
    expect(at(Math.sqrt(10)).threshold).toBeCloseTo(0.55, 12)
    expect(at(Math.sqrt(10)).fmr).toBe(0.01)
    expect(at(10).threshold).toBeCloseTo(0.5, 12)
  })

  it('takes it between the two rates that are next, however many are rarer', () => {
    const rates = [0.6, 0.5, 0.3, 0.1].map((threshold, i) => row(10 ** -(i + 2), threshold))
    const verification = rates.map((rate) => ({ encodings: 1, ...rate }))
    const wide = readCalibrationTable({ ...table, calibrations: [{ ...entry, verification }] })
    const at = (crowd: number) =>
      findVerification(wide, model, { fmr: 0.01, encodings: 1, crowd }).threshold
    expect(at(10 ** 0.5)).toBeCloseTo(0.55, 12)
    expect(at(10 ** 1.5)).toBeCloseTo(0.4, 12)
    expect(at(10 ** 2.5)).toBeCloseTo(0.2, 12)
    expect(at(10 ** 4)).toBe(0.1)
  })

  it('is never stricter for a crowd than the rarest rate', () => {
    for (const crowd of [11, 1e6, Number.POSITIVE_INFINITY]) {
      expect(findVerification(read, model, { fmr: 0.01, encodings: 1, crowd }).threshold).toBe(0.5)
      expect(findVerification(read, model, { fmr: 0.001, encodings: 1, crowd }).threshold).toBe(0.5)
    }
  })

  it('gives the threshold with all that it depends on', () => {
    expect(findVerification(read, model, { fmr: 0.01, encodings: 1 })).toEqual({
      calibrated: true,
      model,
      metric: { kind: 'l2' },
      fmr: 0.01,
      threshold: 0.6,
    })
  })

  it('decides at one in a thousand unless asked otherwise', () => {
    expect(findVerification(read, model, { encodings: 1 })).toMatchObject({
      fmr: defaultFmr,
      threshold: 0.5,
    })
  })

  it.each([
    [1, 0.5],
    [2, 0.45],
    [3, 0.4],
    [5, 0.4],
  ])('takes for %i encodings the next count that was measured', (encodings, threshold) => {
    expect(findVerification(read, model, { encodings }).threshold).toBe(threshold)
  })

  it.each([
    [6, undefined],
    [2, 0.01],
  ])('knows nothing of %i encodings when fewer were measured', (encodings, fmr) => {
    expect(() => findVerification(read, model, { encodings, fmr })).toThrow(
      expect.objectContaining({
        code: 'not_configured',
        message: expect.stringContaining(`a person with ${encodings} encodings`),
      }),
    )
  })
})

describe('findIdentification', () => {
  it.each([
    [0, 0.3],
    [10, 0.3],
    [100, 0.25],
    [1000, 0.2],
  ])('follows the logarithm of the number of people: %i', (people, threshold) => {
    const found = findIdentification(read, model, { people })
    expect(found).toEqual({
      calibrated: true,
      model,
      metric: { kind: 'l2' },
      fmr: defaultFmr,
      threshold: expect.closeTo(threshold, 12),
    })
  })

  it('takes no step: one person more changes little', () => {
    const at = (people: number) => findIdentification(read, model, { people }).threshold
    for (let people = 10; people < 1000; people++) {
      expect(at(people + 1)).toBeLessThan(at(people))
      expect(at(people) - at(people + 1)).toBeLessThan(0.003)
    }
  })

  it('knows nothing of more people than were measured, at that rate', () => {
    for (const at of [{ people: 1001 }, { people: 11, fmr: 0.01 }]) {
      expect(() => findIdentification(read, model, at)).toThrow(
        expect.objectContaining({
          code: 'not_configured',
          message: expect.stringContaining(`in a gallery of ${at.people}`),
        }),
      )
    }
  })
})

describe('what a search misses', () => {
  const missing = [
    { people: 10, ...row(0.001, 0.3), missed: [0.1, 0.04] },
    { people: 1000, ...row(0.001, 0.2), missed: [0.3, 0.1, 0.05] },
  ]
  const known = readCalibrationTable({
    ...table,
    calibrations: [{ ...entry, identification: missing }],
  })

  it('lies between what was measured for the sizes around it', () => {
    const among = (people: number) => missedAmong(known, model, { fmr: 0.001, people })
    expect(among(5)).toEqual([0.1, 0.04])
    expect(among(100)).toEqual([expect.closeTo(0.2, 9), expect.closeTo(0.07, 9)])
    expect(among(1000)).toEqual([0.3, 0.1, 0.05])
  })

  it('is unknown beyond them, at other rates, and where nobody measured it', () => {
    expect(missedAmong(known, model, { fmr: 0.001, people: 1001 })).toBeNull()
    expect(missedAmong(known, model, { fmr: 0.01, people: 10 })).toBeNull()
    expect(missedAmong(read, model, { fmr: 0.001, people: 10 })).toBeNull()
    expect(missedAmong(known, 'another@00000000', { fmr: 0.001, people: 10 })).toBeNull()
  })
})

describe('both', () => {
  const find = {
    verification: (of: string, fmr?: number) => findVerification(read, of, { fmr, encodings: 1 }),
    identification: (of: string, fmr?: number) => findIdentification(read, of, { fmr, people: 1 }),
  }

  it.each([0, 0.002, 0.5, 1, -1, Number.NaN])(
    'refuse the rate %s and list the calibrated ones',
    (fmr) => {
      for (const lookUp of Object.values(find)) {
        expect(() => lookUp(model, fmr)).toThrow(
          expect.objectContaining({
            code: 'invalid_request',
            message: 'field "fmr": expected one of 0.01, 0.001',
          }),
        )
      }
    },
  )

  it('guess no threshold for a model that nobody calibrated', () => {
    for (const other of ['fake-network@ffffffff', 'fake-network', '']) {
      expect(isCalibrated(read, other)).toBe(false)
      for (const lookUp of Object.values(find)) {
        expect(() => lookUp(other)).toThrow(
          expect.objectContaining({
            code: 'not_configured',
            message: expect.stringContaining(`The model ${other} has no calibrated threshold`),
          }),
        )
      }
    }
  })
})
