import { describe, expect, it } from 'vitest'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { createThresholds, tellThreshold } from '../../src/decision/thresholds.ts'

const row = { fmr: 0.001, threshold: 0.5, interval: [0.0005, 0.002] }
const calibrated = 'fake-network@0123abcd'
const foreign = 'fake-network@ffffffff'
const table = readCalibrationTable({
  format: 2,
  calibrations: [
    {
      model: calibrated,
      metric: { kind: 'l2' },
      data: 'made up',
      date: '2026-11-24',
      command: 'none',
      verification: [{ encodings: 10, ...row }],
      identification: [{ people: 10, ...row, threshold: 0.3 }],
    },
  ],
})

it('answers say all of a threshold but its metric', () => {
  const threshold = createThresholds(() => table).verification(calibrated, { encodings: 1 })
  expect(tellThreshold(threshold)).toEqual({
    calibrated: true,
    model: calibrated,
    fmr: 0.001,
    threshold: 0.5,
  })
})

describe('without a distance for uncalibrated models', () => {
  const thresholds = createThresholds(() => table)

  it('a calibrated model decides by its table', () => {
    const { verification, identification } = thresholds
    expect(verification(calibrated, { encodings: 1 })).toMatchObject({
      calibrated: true,
      fmr: 0.001,
      threshold: 0.5,
    })
    expect(identification(calibrated, { people: 1 })).toMatchObject({ threshold: 0.3 })
  })

  it('a search of its own at a rate that is not calibrated decides by a calibrated one', () => {
    for (const fmr of [0.01, 0.0001]) {
      expect(thresholds.identification(calibrated, { fmr, people: 1 })).toMatchObject({
        fmr: 0.001,
        threshold: 0.3,
      })
    }
  })

  it('any other model decides nothing', () => {
    for (const lookUp of [
      () => thresholds.verification(foreign, { encodings: 1 }),
      () => thresholds.identification(foreign, { people: 1 }),
    ]) {
      expect(lookUp).toThrow(
        expect.objectContaining({
          code: 'not_configured',
          message: expect.stringContaining(foreign),
        }),
      )
    }
  })
})

describe('with a distance for uncalibrated models', () => {
  const thresholds = createThresholds(() => table, { uncalibrated: 0.7 })

  it('an uncalibrated model decides by it, and claims no rate', () => {
    const bare = { calibrated: false, model: foreign, metric: { kind: 'l2' }, threshold: 0.7 }
    expect(thresholds.verification(foreign, { encodings: 1 })).toEqual(bare)
    expect(thresholds.identification(foreign, { people: 1_000_000 })).toEqual(bare)
  })

  it('one at which nearly everybody would match decides nothing', () => {
    const of = (uncalibrated: number) => createThresholds(() => table, { uncalibrated, norm: 2 })
    expect(of(2.82).verification(foreign, { encodings: 1 })).toMatchObject({ threshold: 2.82 })
    for (const lookUp of [
      () => of(6).verification(foreign, { encodings: 1 }),
      () => of(6).identification(foreign, { people: 3 }),
      () => of(6).together(foreign),
    ]) {
      expect(lookUp).toThrow(
        expect.objectContaining({
          code: 'not_configured',
          message:
            'UNCALIBRATED is 6, expected less than 2.83: so far apart are faces that have nothing in common, with this network.',
        }),
      )
    }
    expect(of(6).verification(calibrated, { encodings: 1 })).toMatchObject({ threshold: 0.5 })
  })

  it('an uncalibrated model has no rate to ask for', () => {
    for (const lookUp of [
      () => thresholds.verification(foreign, { encodings: 1, asked: 0.001 }),
      () => thresholds.identification(foreign, { people: 1, asked: 0.001 }),
    ]) {
      expect(lookUp).toThrow(
        expect.objectContaining({
          code: 'invalid_request',
          message: `field "fmr": expected none, because the model ${foreign} is not calibrated`,
        }),
      )
    }
  })

  it('a calibrated model still decides by its table, and not beyond it', () => {
    expect(thresholds.verification(calibrated, { encodings: 1 })).toMatchObject({
      calibrated: true,
      threshold: 0.5,
    })
    expect(() => thresholds.identification(calibrated, { people: 11 })).toThrow(
      expect.objectContaining({ code: 'not_configured' }),
    )
  })
})

/** One row for each rate: of one person with one encoding, and in a search among 100,000 at a distance that is 0.25 smaller. */
function thresholdsOf(distances: Readonly<Record<number, number>>, fmr?: number) {
  const rows = Object.entries(distances).map(([rate, threshold]) => ({
    ...row,
    fmr: Number(rate),
    threshold,
  }))
  const calibration = {
    ...table.calibrations[0]!,
    verification: rows.map((one) => ({ encodings: 1, ...one })),
    identification: rows.map((one) => ({
      people: 100_000,
      ...one,
      threshold: one.threshold - 0.25,
    })),
  }
  const whole = readCalibrationTable({ format: 2, calibrations: [calibration] })
  return createThresholds(() => whole, { fmr })
}

describe('the rate', () => {
  const distances = { 0.01: 0.6, 0.001: 0.5, 0.0001: 0.4 }

  it.each([
    [undefined, 0.5],
    [0.001, 0.5],
    [0.0001, 0.4],
  ])(
    '%d, as a caller asks, decides at %d where the service decides at 0.001',
    (asked, distance) => {
      const { verification, identification } = thresholdsOf(distances, 0.001)
      const rate = asked === undefined ? {} : { asked }
      expect(verification(calibrated, { ...rate, encodings: 1 })).toMatchObject({
        fmr: asked ?? 0.001,
        threshold: distance,
      })
      expect(identification(calibrated, { ...rate, people: 10 }).threshold).toBeCloseTo(
        distance - 0.25,
        12,
      )
    },
  )

  it.each([0.01, 0.005, 0.00001])('%d is none that a caller may ask for there', (asked) => {
    const { verification, identification } = thresholdsOf(distances, 0.001)
    for (const lookUp of [
      () => verification(calibrated, { asked, encodings: 1 }),
      () => identification(calibrated, { asked, people: 10 }),
    ]) {
      expect(lookUp).toThrow(
        expect.objectContaining({
          code: 'invalid_request',
          message: `field "fmr": expected one of 0.001, 0.0001, the service's own rate or a stricter one`,
        }),
      )
    }
  })

  it("of a search of the service's own is its own where all that are calibrated are laxer", () => {
    const { identification } = thresholdsOf(distances, 0.001)
    const at = (fmr: number) => identification(calibrated, { fmr, people: 10 })
    expect(at(0.00001)).toMatchObject({ fmr: 0.001 })
    expect(at(0.005)).toMatchObject({ fmr: 0.001 })
    expect(at(0.05)).toMatchObject({ fmr: 0.01 })
  })

  it('of the settings must be calibrated', () => {
    const { verification } = thresholdsOf(distances, 0.005)
    expect(() => verification(calibrated, { encodings: 1 })).toThrow(
      expect.objectContaining({
        code: 'not_configured',
        message: 'FMR is 0.005, expected one of 0.01, 0.001, 0.0001.',
      }),
    )
  })
})

describe('for whether somebody new is enrolled already', () => {
  const thresholdsAt = (fmr?: number, stricter = {}) =>
    thresholdsOf({ 0.01: 0.6, 0.001: 0.5, 0.00001: 0.4, ...stricter }, fmr)

  it.each([
    [1, 0.4],
    [100, 0.4],
    [1000, 0.4],
  ])(
    'among %i people the distance is that of 1:1, as strict as ten in a hundred mistaken allow',
    (people, threshold) => {
      expect(thresholdsAt().duplicate(calibrated, people).threshold).toBeCloseTo(threshold, 12)
    },
  )

  it("is never laxer than the service's own rate", () => {
    expect(thresholdsAt(0.01).duplicate(calibrated, 5).threshold).toBeCloseTo(0.4, 12)
    expect(thresholdsAt(0.00001).duplicate(calibrated, 5).threshold).toBeCloseTo(0.4, 12)
    const stricter = thresholdsAt(0.000001, { 0.000001: 0.3 })
    expect(stricter.duplicate(calibrated, 5).threshold).toBeCloseTo(0.3, 12)
  })

  it('is that of a search among more people than 1:1 can serve', () => {
    expect(thresholdsAt().duplicate(calibrated, 10_001)).toMatchObject({ threshold: 0.35 })
  })
})

describe('together', () => {
  it('photos of one session are as near as the laxest rate allows each, and the strictest counted one in the mean', () => {
    const distances = { 0.01: 0.6, 0.001: 0.5, 0.0001: 0.4, 0.00001: 0.3 }
    const rates = Object.entries(distances).map(([fmr, threshold]) => ({
      ...{ encodings: 1, ...row, fmr: Number(fmr), threshold },
    }))
    const [entry] = table.calibrations
    const whole = readCalibrationTable({
      ...table,
      calibrations: [{ ...entry, verification: rates }],
    })
    expect(createThresholds(() => whole).together(calibrated)).toMatchObject({
      each: 0.6,
      mean: 0.4,
    })
  })

  it('of an uncalibrated model the one distance is both', () => {
    const thresholds = createThresholds(() => table, { uncalibrated: 0.8 })
    expect(thresholds.together(foreign)).toMatchObject({ each: 0.8, mean: 0.8 })
    expect(() => createThresholds(() => table).together(foreign)).toThrow()
  })
})
