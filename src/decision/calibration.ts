/**
 * Which distance is small enough, as measured (calibration-table.ts). A threshold always belongs to one model (network and weights hash),
 * one metric, one rate of mistakes (`fmr`) and one number of chances for a mistake: a person's encodings, or the people searched. The more
 * chances, the nearer the nearest stranger. So a number of encodings that was not measured takes the threshold of the next larger one that
 * was; between two measured numbers of people the threshold follows the logarithm. Beyond the largest there is none. A caller may name a
 * calibrated rate, never a bare threshold. Pure.
 */

import type { Metric } from '../encoding/metrics/metric.ts'
import { FaceError } from '../errors/face-error.ts'
import { countOf } from '../lib/count-of.ts'
import {
  byEncodings,
  byPeople,
  type CalibrationTable,
  calibrationOf,
  type ModelCalibration,
  ownFmr,
  type Row,
} from './calibration-table.ts'

/** A measured threshold with all that it depends on. */
export interface CalibratedThreshold {
  readonly calibrated: true
  readonly model: string
  readonly metric: Metric
  /** The share of strangers, or of searches for a stranger, that it lets through by mistake. */
  readonly fmr: number
  /** Largest distance that matches. */
  readonly threshold: number
}

/** At which one person can be verified, the laxest first. Throws `not_configured` for an uncalibrated model. */
export function calibratedRates(table: CalibrationTable, model: string): readonly number[] {
  return ratesOf(ofModel(table, model).verification)
}

/**
 * The threshold for one person with so many stored encodings. Throws `not_configured` for an uncalibrated model and for more
 * encodings than were measured, `invalid_request` for a rate that is not in the table.
 *
 * @param at `crowd`: by what the rate is divided (crowd.ts). The threshold is then between those of two measured rates, by the logarithm, and
 * never stricter than that of the rarest.
 */
export function findVerification(
  table: CalibrationTable,
  model: string,
  { fmr = ownFmr(table, model), encodings, crowd = 1 }: VerificationAt,
): CalibratedThreshold {
  const calibration = ofModel(table, model)
  const rows = calibration.verification.map(byEncodings)
  const row = findRow(rows, fmr, encodings)
  if (row !== undefined) {
    const rarer = ratesOf(rows).flatMap((rate) =>
      rate < fmr ? [findRow(rows, rate, encodings) ?? row] : [],
    )
    return withOrigin(calibration, {
      fmr,
      threshold: thresholdBetween([row, ...rarer], fmr / crowd),
    })
  }
  throw new FaceError(
    'not_configured',
    `${model} has no threshold for an fmr of ${fmr} and a person with ${countOf(encodings, 'encoding')}.`,
  )
}

interface VerificationAt {
  readonly fmr?: number
  readonly encodings: number
  readonly crowd?: number
}

/**
 * Share of the searches for somebody enrolled that do not find them, with one encoding, two, three, as far as that was measured; null for
 * sizes and models without a measurement.
 */
export function missedAmong(
  table: CalibrationTable,
  model: string,
  { fmr, people }: { readonly fmr: number; readonly people: number },
): readonly number[] | null {
  const rows = calibrationOf(table, model)?.identification.map(byPeople) ?? []
  const [below, above, at] = neighbours(rows, fmr, people) ?? []
  if (!below?.missed || !above?.missed) return null
  const [from, to] = [below.missed, above.missed]
  return from.slice(0, to.length).map((missed, i) => missed + (to[i]! - missed) * at!)
}

/** The threshold for a search among so many people; throws like `findVerification`. */
export function findIdentification(
  table: CalibrationTable,
  model: string,
  { fmr = ownFmr(table, model), people }: { readonly fmr?: number; readonly people: number },
): CalibratedThreshold {
  const calibration = ofModel(table, model)
  const rows = calibration.identification.map(byPeople)
  requireRate(rows, fmr)
  const found = neighbours(rows, fmr, people)
  if (found !== undefined) {
    const [below, above, at] = found
    const threshold = below.threshold + (above.threshold - below.threshold) * at
    return withOrigin(calibration, { fmr, threshold })
  }
  throw new FaceError(
    'not_configured',
    `${model} has no threshold for an fmr of ${fmr} in a gallery of ${people}.`,
  )
}

/** Throws `not_configured` for an uncalibrated model. */
export function findMetric(table: CalibrationTable, model: string): Metric {
  return ofModel(table, model).metric
}

function ofModel(table: CalibrationTable, model: string): ModelCalibration {
  const found = calibrationOf(table, model)
  if (found !== null) return found
  throw new FaceError(
    'not_configured',
    `The model ${model} has no calibrated threshold; "npm run calibrate" measures one, UNCALIBRATED sets one ("npm start -- --uncalibrated DISTANCE" on this machine).`,
  )
}

/** The row of the smallest measured count that is not below `count`. */
function findRow(rows: readonly Row[], fmr: number, count: number): Row | undefined {
  requireRate(rows, fmr)
  return rows
    .filter((row) => row.fmr === fmr && row.count >= count)
    .sort((a, b) => a.count - b.count)[0]
}

function requireRate(rows: readonly Row[], fmr: number): void {
  if (rows.some((row) => row.fmr === fmr)) return
  const rates = ratesOf(rows).join(', ')
  throw new FaceError('invalid_request', `field "fmr": expected one of ${rates}`)
}

/**
 * The rows of the measured counts on both sides of `count`, and how far it is from the first to the second, 0..1, by the logarithm.
 * Undefined beyond the largest.
 */
function neighbours(
  rows: readonly Row[],
  fmr: number,
  count: number,
): readonly [below: Row, above: Row, at: number] | undefined {
  const ofRate = rows.filter((row) => row.fmr === fmr).sort((a, b) => a.count - b.count)
  const above = ofRate.find((row) => row.count >= count)
  if (above === undefined) return undefined
  const below = ofRate.findLast((row) => row.count < count)
  if (below === undefined || above.count === count) return [above, above, 0]
  return [below, above, Math.log(count / below.count) / Math.log(above.count / below.count)]
}

/** @param rows of one count, the laxest first, which is not rarer than `rate` */
function thresholdBetween(rows: readonly Row[], rate: number): number {
  const above = rows.findLast((row) => row.fmr >= rate)!
  const below = rows.find((row) => row.fmr < rate) ?? rows.at(-1)!
  if (above === below || above.fmr === rate) return above.threshold
  const at = Math.log(rate / above.fmr) / Math.log(below.fmr / above.fmr)
  return above.threshold + (below.threshold - above.threshold) * at
}

function ratesOf(rows: readonly { readonly fmr: number }[]): number[] {
  return [...new Set(rows.map(({ fmr }) => fmr))].sort((a, b) => b - a)
}

function withOrigin(
  { model, metric }: ModelCalibration,
  row: Pick<Row, 'fmr' | 'threshold'>,
): CalibratedThreshold {
  return { calibrated: true, model, metric, fmr: row.fmr, threshold: row.threshold }
}
