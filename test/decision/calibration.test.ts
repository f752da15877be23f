import { describe, expect, it } from 'vitest'
import {
  defaultFmr,
  findCalibration,
  readCalibrationTable,
} from '../../src/decision/calibration.ts'

const entry = {
  model: 'fake-network@0123abcd',
  thresholds: [
    { fmr: 0.01, threshold: 0.6 },
    { fmr: 0.001, threshold: 0.5 },
  ],
  data: 'made up',
  date: '2026-11-24',
  command: 'none',
}
const table = { format: 1, metric: 'l2', calibrations: [entry] }
const read = readCalibrationTable(table)

describe('findCalibration', () => {
  it('gives the threshold with all that it depends on', () => {
    expect(findCalibration(read, entry.model, 0.01)).toEqual({
      model: entry.model,
      metric: 'l2',
      fmr: 0.01,
      threshold: 0.6,
    })
  })

  it('decides at one in a thousand unless asked otherwise', () => {
    expect(findCalibration(read, entry.model)).toMatchObject({ fmr: defaultFmr, threshold: 0.5 })
  })

  it.each([0, 0.002, 0.5, 1, -1, Number.NaN])(
    'refuses the rate %s and lists the calibrated ones',
    (fmr) => {
      expect(() => findCalibration(read, entry.model, fmr)).toThrow(
        expect.objectContaining({
          code: 'invalid_request',
          message: 'field "fmr": expected one of 0.01, 0.001',
        }),
      )
    },
  )

  it('guesses no threshold for a model that nobody calibrated', () => {
    for (const model of ['fake-network@ffffffff', 'fake-network', '']) {
      expect(() => findCalibration(read, model)).toThrow(
        expect.objectContaining({
          code: 'not_configured',
          message: expect.stringContaining(model),
        }),
      )
    }
  })
})

describe('readCalibrationTable', () => {
  it('reads the table that ships, which has the default rate for each model', () => {
    const shipped = readCalibrationTable()
    expect(shipped.calibrations.length).toBeGreaterThan(0)
    for (const { model } of shipped.calibrations) {
      expect(findCalibration(shipped, model).fmr).toBe(defaultFmr)
    }
  })

  it.each([
    ['another metric', { ...table, metric: 'cosine' }],
    ['another format', { ...table, format: 2 }],
    [
      'a threshold of 0',
      { ...table, calibrations: [{ ...entry, thresholds: [{ fmr: 0.001, threshold: 0 }] }] },
    ],
    [
      'a rate of 1',
      { ...table, calibrations: [{ ...entry, thresholds: [{ fmr: 1, threshold: 0.5 }] }] },
    ],
    ['no thresholds', { ...table, calibrations: [{ ...entry, thresholds: [] }] }],
    ['no origin', { ...table, calibrations: [{ ...entry, command: '' }] }],
    [
      'a rarer mistake at a larger distance',
      {
        ...table,
        calibrations: [
          {
            ...entry,
            thresholds: [
              { fmr: 0.01, threshold: 0.5 },
              { fmr: 0.001, threshold: 0.6 },
            ],
          },
        ],
      },
    ],
    [
      'one rate twice',
      {
        ...table,
        calibrations: [
          {
            ...entry,
            thresholds: [
              { fmr: 0.01, threshold: 0.5 },
              { fmr: 0.01, threshold: 0.6 },
            ],
          },
        ],
      },
    ],
  ])('refuses a table with %s', (_, broken) => {
    expect(() => readCalibrationTable(broken)).toThrow(
      expect.objectContaining({ code: 'not_configured' }),
    )
  })
})
