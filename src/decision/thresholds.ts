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
  calibratedRates,
  findIdentification,
  findMetric,
  findVerification,
  missedAmong,
} from './calibration.ts'
import { type CalibrationTable, calibrationOf, isCalibrated, ownFmr } from './calibration-table.ts'
import type { StrangersApart } from './crowd.ts'

/** A distance without a measured error rate. */
export interface UncalibratedThreshold {
  readonly calibrated: false
  readonly model: string
  readonly metric: Metric
  readonly threshold: number
}

/** Rarer rates follow the law of the tail; those of the right people in other poses would be refused too often. */
const rarestCounted = 0.0001

/** Relatives and look-alikes have to be enrolled side by side, and two enrolled encodings, both averaged with mirror images, lie nearer. */
const duplicateFmr = 0.00001
/** Share of new people whom a search for duplicates may mistake for somebody enrolled. */
const mostMistaken = 0.1
/** Of a search among so many that every rate of 1:1 would mistake more. */
const laxestSearch = 0.01

export type Threshold = CalibratedThreshold | UncalibratedThreshold

/** Up to which distances photos of one session show one person: each beside the first, and all that are turned in the mean. */
export interface TogetherLimits {
  readonly metric: Metric
  readonly each: number
  readonly mean: number
}

/** What answers say of it. Its metric holds what was fitted to thousands of faces, and stays here. */
export function tellThreshold({ metric: _, ...told }: Threshold) {
  return told
}

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
  /** For one person with so many stored encodings. @param at `crowd`: by what the rate is divided (crowd.ts); an uncalibrated model has none */
  verification(
    model: string,
    at: RateChoice & { readonly encodings: number; readonly crowd?: number },
  ): Threshold
  /** How far strangers with one encoding are apart; null where nobody measured it. */
  strangersApart(model: string): (StrangersApart & { readonly metric: Metric }) | null
  /**
   * For the photos of one session: each at the laxest calibrated rate, the mean at the strictest one that is counted, not extrapolated.
   */
  together(model: string): TogetherLimits
  /** For a search among so many people. */
  identification(model: string, at: RateChoice & { readonly people: number }): Threshold
  /**
   * For whether somebody new is enrolled already, among so many people: as in 1:1 at one in a hundred thousand, or at the service's own rate if
   * that is stricter, or, where that would mistake more than one new person in ten for somebody, at the laxest stricter one that does not.
   */
  duplicate(model: string, people: number): Threshold
  /** The service's own rate; null for a model without measured thresholds. */
  ownRate(model: string): number | null
  /**
   * Share of the searches among so many people, at the service's own rate, that do not find a person with one encoding, two, three, as
   * measured; null where nobody measured it.
   */
  missed(model: string, people: number): readonly number[] | null
}

export interface ThresholdOptions {
  /** Distance for models that are not in the table; without it they decide nothing (`not_configured`). */
  readonly uncalibrated?: number
  /** Of an encoding of the network that runs, as a vector; unknown unless given. */
  readonly norm?: number | undefined
  /** The service's own rate; that of the model's calibration unless given. */
  readonly fmr?: number | undefined
}

export function createThresholds(
  readTable: () => CalibrationTable,
  { uncalibrated, norm, fmr: given }: ThresholdOptions = {},
): Thresholds {
  /** Undefined for a model that is to be looked up in the table. */
  const bare = (model: string, { asked }: RateChoice) => {
    if (uncalibrated === undefined || isCalibrated(readTable(), model)) return undefined
    if (asked !== undefined) throw noRate(model)
    requireApart(uncalibrated, norm)
    return {
      calibrated: false,
      model,
      metric: uncalibratedMetric,
      threshold: uncalibrated,
    } as const
  }
  const chooseRate = (model: string, { asked, fmr: wanted }: RateChoice): number => {
    const rates = calibratedRates(readTable(), model)
    const own = given ?? ownFmr(readTable(), model)
    const fmr = wanted ?? own
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
  const identification: Thresholds['identification'] = (model, at) =>
    bare(model, at) ?? findIdentification(readTable(), model, { ...at, fmr: chooseRate(model, at) })
  const verification: Thresholds['verification'] = (model, at) =>
    bare(model, at) ?? findVerification(readTable(), model, { ...at, fmr: chooseRate(model, at) })
  return {
    verification,
    identification,
    duplicate(model, people) {
      if (bare(model, {}) !== undefined) return identification(model, { people })
      const own = chooseRate(model, {})
      const fmr = calibratedRates(readTable(), model).find(
        (rate) => rate <= Math.min(own, duplicateFmr) && rate * people <= mostMistaken,
      )
      return fmr === undefined
        ? identification(model, { fmr: laxestSearch, people })
        : findVerification(readTable(), model, { fmr, encodings: 1 })
    },
    covers: (model) => isCalibrated(readTable(), model),
    strangersApart(model) {
      const usual = calibrationOf(readTable(), model)?.usualDistance
      if (usual === undefined) return null
      const [fmr] = calibratedRates(readTable(), model)
      const { metric, threshold } = findVerification(readTable(), model, { fmr, encodings: 1 })
      // A network that nearly everybody passes tells nothing.
      return threshold < usual ? { metric, near: threshold, usual } : null
    },
    together(model) {
      const alike = bare(model, {})
      if (alike !== undefined) {
        const { metric, threshold } = alike
        return { metric, each: threshold, mean: threshold }
      }
      const counted = calibratedRates(readTable(), model).filter((rate) => rate >= rarestCounted)
      const at = (fmr: number) => findVerification(readTable(), model, { fmr, encodings: 1 })
      const [lax, strict] = [at(Math.max(...counted)), at(Math.min(...counted))]
      return { metric: strict.metric, each: lax.threshold, mean: strict.threshold }
    },
    ownRate: (model) =>
      isCalibrated(readTable(), model) ? (given ?? ownFmr(readTable(), model)) : null,
    missed: (model, people) => {
      const fmr = given ?? ownFmr(readTable(), model)
      return missedAmong(readTable(), model, { fmr, people })
    },
  }
}

/** The metric of the model. */
export function metricOf(table: CalibrationTable, model: string): Metric {
  return isCalibrated(table, model) ? findMetric(table, model) : uncalibratedMetric
}

/** Encodings at a right angle have nothing in common: up to their distance nearly everybody would match. */
function requireApart(uncalibrated: number, norm = Number.POSITIVE_INFINITY): void {
  const unlike = Math.SQRT2 * norm
  if (uncalibrated < unlike) return
  throw new FaceError(
    'not_configured',
    `UNCALIBRATED is ${uncalibrated}, expected less than ${unlike.toPrecision(3)}: so far apart are faces that have nothing in common, with this network.`,
  )
}

function noRate(model: string): FaceError {
  return new FaceError(
    'invalid_request',
    `field "fmr": expected none, because the model ${model} is not calibrated`,
  )
}
