/**
 * The threshold that a decision is made with: a calibrated one, or, for a model that nobody calibrated, the bare distance that
 * whoever runs the service has set. The two are different types, so that an answer cannot claim a rate of mistakes that was
 * never measured. A model in the table always gets its calibrated thresholds, at the service's own rate or, where a caller asks
 * for it, a stricter one: whoever may choose a laxer rate may try until somebody passes. Pure.
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

/** A distance that nobody measured the mistakes of. */
export interface UncalibratedThreshold {
  readonly calibrated: false
  readonly model: string
  readonly metric: Metric
  readonly threshold: number
}

export type Threshold = CalibratedThreshold | UncalibratedThreshold

/** At which rate to decide; at the service's own unless one is given. */
export interface RateChoice {
  /** As a caller asks for it: the service's own or a stricter one. */
  readonly asked?: number
  /** Any calibrated one, for what the service itself looks up; a model that has no rates has one threshold for all. */
  readonly fmr?: number
}

export interface Thresholds {
  /** Whether there are measured ones for this model. */
  covers(model: string): boolean
  /** For one person with so many stored encodings. */
  verification(model: string, at: RateChoice & { readonly encodings: number }): Threshold
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
    if (asked === undefined) return fmr
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
    identification: (model, at) =>
      bare(model, at) ??
      findIdentification(readTable(), model, { ...at, fmr: chooseRate(model, at) }),
  }
}

/** What the model's faces are compared in. */
export function metricOf(table: CalibrationTable, model: string): Metric {
  return isCalibrated(table, model) ? findMetric(table, model) : uncalibratedMetric
}

function noRate(model: string): FaceError {
  return new FaceError(
    'invalid_request',
    `field "fmr": expected none, because the model ${model} is not calibrated`,
  )
}
