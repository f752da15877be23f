/**
 * The threshold that a decision is made with: a calibrated one, or, for a model that nobody calibrated, the bare distance that
 * whoever runs the service has set. The two are different types, so that an answer cannot claim a rate of mistakes that was
 * never measured. A model in the table always gets its calibrated thresholds. Pure.
 */

import { type Metric, uncalibratedMetric } from '../encoding/metrics/metric.ts'
import { FaceError } from '../errors/face-error.ts'
import {
  type CalibratedThreshold,
  type CalibrationTable,
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

export interface Thresholds {
  /** For one person with so many stored encodings. */
  verification(model: string, at: { readonly fmr?: number; readonly encodings: number }): Threshold
  /** For a search among so many people. */
  identification(model: string, at: { readonly fmr?: number; readonly people: number }): Threshold
}

/**
 * @param uncalibrated distance for models that are not in the table; without it they decide nothing (`not_configured`)
 */
export function createThresholds(
  readTable: () => CalibrationTable,
  uncalibrated?: number,
): Thresholds {
  /** Undefined for a model that is to be looked up in the table. */
  const bare = (model: string, fmr: number | undefined): UncalibratedThreshold | undefined => {
    if (uncalibrated === undefined || isCalibrated(readTable(), model)) return undefined
    if (fmr !== undefined) throw noRate(model)
    return { calibrated: false, model, metric: uncalibratedMetric, threshold: uncalibrated }
  }
  return {
    verification: (model, at) => bare(model, at.fmr) ?? findVerification(readTable(), model, at),
    identification: (model, at) =>
      bare(model, at.fmr) ?? findIdentification(readTable(), model, at),
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
