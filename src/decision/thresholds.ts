/**
 * The threshold that a decision is made with: a calibrated one, or, for an uncalibrated model, the bare distance that the
 * operator has set. The two are different types, so an answer cannot claim an error rate that was never measured. A model in
 * the table always gets its calibrated thresholds, at the service's own rate or, on request, a stricter one: a caller who
 * could choose a laxer rate could try until somebody passes. Pure.
 */

import { type Metric, uncalibratedMetric } from '../encoding/metrics/metric.ts'
import { FaceError } from '../errors/face-error.ts'
import {
  type CalibratedThreshold,
  type CalibrationTable,
  calibratedRates,
  defaultFmr,
  findIdentification,
  findMetric,
  findVerification,
  isCalibrated,
} from './calibration.ts'

/** A distance without a measured error rate. */
export interface UncalibratedThreshold {
  readonly calibrated: false
  readonly model: string
  readonly metric: Metric
  readonly threshold: number
}

export type Threshold = CalibratedThreshold | UncalibratedThreshold

/** The rate to decide at; the service's own unless given. */
export interface RateChoice {
  /** As requested by a caller: the service's own or a stricter one. */
  readonly asked?: number
  /**
   * For the service's own searches: the laxest calibrated rate up to this one decides, or the service's own if all are laxer.
   * An uncalibrated model has one threshold for all.
   */
  readonly fmr?: number
}

export interface Thresholds {
  /** Whether there are measured ones for this model. */
  covers(model: string): boolean
  /** For one person with so many stored encodings. */
  verification(model: string, at: RateChoice & { readonly encodings: number }): Threshold
  /** For one photo and another, at the strictest rate that is calibrated. */
  strictest(model: string): Threshold
  /** For a search among so many people. */
  identification(model: string, at: RateChoice & { readonly people: number }): Threshold
}

export interface ThresholdOptions {
  /** Distance for models that are not in the table; without it they decide nothing (`not_configured`). */
  readonly uncalibrated?: number
  /** The service's own rate. */
  readonly fmr?: number
}

export function createThresholds(
  readTable: () => CalibrationTable,
  { uncalibrated, fmr: own = defaultFmr }: ThresholdOptions = {},
): Thresholds {
  /** Undefined for a model that is to be looked up in the table. */
  const bare = (model: string, { asked }: RateChoice) => {
    if (uncalibrated === undefined || isCalibrated(readTable(), model)) return undefined
    if (asked !== undefined) throw noRate(model)
    return {
      calibrated: false,
      model,
      metric: uncalibratedMetric,
      threshold: uncalibrated,
    } as const
  }
  const chooseRate = (model: string, { asked, fmr = own }: RateChoice): number => {
    const rates = calibratedRates(readTable(), model)
    if (!rates.includes(own)) {
      throw new FaceError('not_configured', `FMR is ${own}, expected one of ${rates.join(', ')}.`)
    }
    if (asked === undefined) return rates.find((rate) => rate <= fmr) ?? own
    const allowed = rates.filter((rate) => rate <= own)
    if (allowed.includes(asked)) return asked
    throw new FaceError(
      'invalid_request',
      `field "fmr": expected one of ${allowed.join(', ')}, the service's own rate or a stricter one`,
    )
  }
  return {
    covers: (model) => isCalibrated(readTable(), model),
    verification: (model, at) =>
      bare(model, at) ??
      findVerification(readTable(), model, { ...at, fmr: chooseRate(model, at) }),
    strictest: (model) =>
      bare(model, {}) ??
      findVerification(readTable(), model, {
        fmr: Math.min(...calibratedRates(readTable(), model)),
        encodings: 1,
      }),
    identification: (model, at) =>
      bare(model, at) ??
      findIdentification(readTable(), model, { ...at, fmr: chooseRate(model, at) }),
  }
}

/** The metric of the model. */
export function metricOf(table: CalibrationTable, model: string): Metric {
  return isCalibrated(table, model) ? findMetric(table, model) : uncalibratedMetric
}

function noRate(model: string): FaceError {
  return new FaceError(
    'invalid_request',
    `field "fmr": expected none, because the model ${model} is not calibrated`,
  )
}
