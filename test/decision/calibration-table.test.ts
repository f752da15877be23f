import { describe, expect, it } from 'vitest'
import { findIdentification, findVerification } from '../../src/decision/calibration.ts'
import { defaultFmr, ownFmr, readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { directionFromText, directionToText } from '../../src/encoding/direction-text.ts'
import { randomNumbers } from '../support/random.ts'
import { entry, row, table } from './small-table.ts'

const read = readCalibrationTable(table)
const { model } = entry

describe('the rate of a service that sets none', () => {
  it('is that of the calibration, or one in a thousand', () => {
    const strict = readCalibrationTable({ ...table, calibrations: [{ ...entry, fmr: 0.01 }] })
    expect(ownFmr(strict, model)).toBe(0.01)
    expect(findVerification(strict, model, { encodings: 1 })).toMatchObject({ threshold: 0.6 })
    expect(ownFmr(read, model)).toBe(0.001)
    expect(ownFmr(strict, 'another@00000000')).toBe(0.001)
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
