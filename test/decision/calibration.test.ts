import { describe, expect, it } from 'vitest'
import {
  defaultFmr,
  findIdentification,
  findVerification,
  isCalibrated,
  missedAmong,
  ownFmr,
  readCalibrationTable,
} from '../../src/decision/calibration.ts'
import { directionFromText, directionToText } from '../../src/encoding/direction-text.ts'
import { randomNumbers } from '../support/random.ts'

const row = (fmr: number, threshold: number) => ({ fmr, threshold, interval: [fmr / 2, fmr * 2] })
const entry = {
  model: 'fake-network@0123abcd',
  metric: { kind: 'l2' },
  data: 'made up',
  date: '2026-11-24',
  command: 'none',
  verification: [
    { encodings: 5, ...row(0.001, 0.4) },
    { encodings: 1, ...row(0.001, 0.5) },
    { encodings: 2, ...row(0.001, 0.45) },
    { encodings: 1, ...row(0.01, 0.6) },
  ],
  identification: [
    { people: 1000, ...row(0.001, 0.2) },
    { people: 10, ...row(0.001, 0.3) },
    { people: 10, ...row(0.01, 0.4) },
  ],
}
const table = { format: 2, calibrations: [entry] }
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

describe('the rate of a service that sets none', () => {
  it('is that of the calibration, or one in a thousand', () => {
    const strict = readCalibrationTable({ ...table, calibrations: [{ ...entry, fmr: 0.01 }] })
    expect(ownFmr(strict, model)).toBe(0.01)
    expect(findVerification(strict, model, { encodings: 1 })).toMatchObject({ threshold: 0.6 })
    expect(ownFmr(read, model)).toBe(0.001)
    expect(ownFmr(strict, 'another@00000000')).toBe(0.001)
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

describe('readCalibrationTable', () => {
  const withRows = (
    verification: object[] = entry.verification,
    identification: object[] = entry.identification,
  ) => ({ ...table, calibrations: [{ ...entry, verification, identification }] })

  const centres = [1, 2].map((seed) => directionToText(randomNumbers(128, seed)))
  const cohort = {
    centres,
    nearest: 2,
    floor: 0.91,
    weight: 0.7,
    usualLength: 1.4,
    lengthPower: 0.5,
  }
  const withMetric = (metric: unknown) => ({ ...table, calibrations: [{ ...entry, metric }] })
  const withCohort = (changed: object) =>
    withMetric({ kind: 'l2-cohort', cohort: { ...cohort, ...changed } })

  it('reads the table that ships, which has the default rate for each model', () => {
    const shipped = readCalibrationTable()
    expect(shipped.calibrations.length).toBeGreaterThan(0)
    for (const calibration of shipped.calibrations) {
      const verification = findVerification(shipped, calibration.model, { encodings: 10 })
      const rate = calibration.model.startsWith('dlib-resnet@') ? defaultFmr : 0.0001
      expect(verification.fmr).toBe(rate)
      const identification = findIdentification(shipped, calibration.model, { people: 10 })
      expect(identification.fmr).toBe(rate)
    }
  })

  it('takes equal thresholds, which a coarse measurement may give', () => {
    const rows = [
      { encodings: 1, ...row(0.001, 0.5) },
      { encodings: 2, ...row(0.001, 0.5) },
    ]
    expect(readCalibrationTable(withRows(rows)).calibrations).toHaveLength(1)
  })

  it.each([
    ['another format', { ...table, format: 1 }],
    ['no metric', { ...table, calibrations: [{ ...entry, metric: undefined }] }],
    ['another metric', withMetric({ kind: 'cosine' })],
    ['a metric that is only named', withMetric('l2')],
    ['a cohort beside plain L2', withMetric({ kind: 'l2', cohort })],
    ['a cohort that is missing', withMetric({ kind: 'l2-cohort' })],
    ['a cohort without centres', withCohort({ centres: [] })],
    ['fewer centres than are to be near', withCohort({ nearest: 3 })],
    ['no centre that is to be near', withCohort({ nearest: 0 })],
    ['a centre that is no base64', withCohort({ centres: [centres[0], '*'] })],
    ['a centre cut short', withCohort({ centres: [centres[0], centres[1]!.slice(0, -4)] })],
    ['a centre of zeros', withCohort({ centres: [centres[0], btoa('\0'.repeat(128))] })],
    ['a weight above 20', withCohort({ weight: 20.1 })],
    ['a usual length of 0', withCohort({ usualLength: 0 })],
    ['no floor', withCohort({ floor: undefined })],
    ['a field of the cohort that it does not know', withCohort({ mean: 0.9 })],
    ['a model twice', { ...table, calibrations: [entry, entry] }],
    ['no origin', { ...table, calibrations: [{ ...entry, command: '' }] }],
    ['no thresholds for one person', withRows([])],
    ['no thresholds for everybody', withRows(undefined, [])],
    ['a threshold of 0', withRows([{ encodings: 1, ...row(0.001, 0) }])],
    ['a rate of 1', withRows([{ encodings: 1, ...row(1, 0.5) }])],
    ['a count of 0', withRows([{ encodings: 0, ...row(0.001, 0.5) }])],
    ['half a person', withRows(undefined, [{ people: 1.5, ...row(0.001, 0.5) }])],
    ['no interval', withRows([{ encodings: 1, fmr: 0.001, threshold: 0.5 }])],
    [
      'an interval that ends before it begins',
      withRows([{ encodings: 1, fmr: 0.001, threshold: 0.5, interval: [0.002, 0.001] }]),
    ],
    [
      'a rarer mistake at a larger distance',
      withRows([
        { encodings: 1, ...row(0.01, 0.5) },
        { encodings: 1, ...row(0.001, 0.6) },
      ]),
    ],
    [
      'more encodings at a larger distance',
      withRows([
        { encodings: 1, ...row(0.001, 0.5) },
        { encodings: 2, ...row(0.001, 0.51) },
      ]),
    ],
    [
      'more encodings and a rarer mistake at a larger distance',
      withRows([
        { encodings: 1, ...row(0.01, 0.5) },
        { encodings: 2, ...row(0.001, 0.51) },
      ]),
    ],
    [
      'more people at a larger distance',
      withRows(undefined, [
        { people: 10, ...row(0.001, 0.3) },
        { people: 100, ...row(0.001, 0.4) },
      ]),
    ],
    [
      'one rate twice for one count',
      withRows([
        { encodings: 1, ...row(0.01, 0.5) },
        { encodings: 1, ...row(0.01, 0.5) },
      ]),
    ],
  ])('refuses a table with %s', (_, broken) => {
    expect(() => readCalibrationTable(broken)).toThrow(
      expect.objectContaining({
        code: 'not_configured',
        message: expect.stringMatching(/^Calibration table, /),
      }),
    )
  })

  it('reads a cohort, its centres as they were written', () => {
    const { metric } = findVerification(
      readCalibrationTable(withMetric({ kind: 'l2-cohort', cohort })),
      model,
      { encodings: 1 },
    )
    expect(metric).toEqual({
      kind: 'l2-cohort',
      cohort: { ...cohort, centres: centres.map(directionFromText) },
    })
  })

  it('says which metric is wrong, and how', () => {
    expect(() => readCalibrationTable(withCohort({ nearest: 3 }))).toThrow(
      'Calibration table, calibrations.0.metric.cohort: there are fewer centres than are to be compared with.',
    )
    const shorter = directionToText(randomNumbers(64, 1))
    expect(() => readCalibrationTable(withCohort({ centres: [shorter, centres[1]] }))).toThrow(
      'Calibration table, calibrations.0.metric.cohort.centres: the centres are of different lengths.',
    )
    expect(() => readCalibrationTable(withCohort({ centres: ['AAAA', centres[1]] }))).toThrow(
      'Calibration table, calibrations.0.metric.cohort.centres.0: ' +
        'expected 4 to 1024 numbers, a multiple of 4, as whole numbers of one byte in base64.',
    )
  })

  it('says where the table is wrong, and how', () => {
    const rising = withRows(undefined, [
      { people: 10, ...row(0.001, 0.3) },
      { people: 100, ...row(0.001, 0.4) },
    ])
    expect(() => readCalibrationTable(rising)).toThrow(
      'Calibration table, calibrations.0.identification: ' +
        'a smaller fmr or a larger count cannot have a larger threshold, and none may come twice.',
    )
  })
})
