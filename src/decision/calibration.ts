/**
 * Which distance is small enough, as measured. A threshold always belongs to one model (network and weights hash), one metric, one rate
 * of mistakes (`fmr`) and one number of chances for a mistake: a person's encodings, or the people searched. The more chances, the nearer
 * the nearest stranger. So a number of encodings that was not measured takes the threshold of the next larger one that was; between two
 * measured numbers of people the threshold follows the logarithm. Beyond the largest there is none. A caller may name a calibrated rate,
 * never a bare threshold. Pure.
 */

import { z } from 'zod'
import { type Metric, metricSchema } from '../encoding/metrics/metric.ts'
import { FaceError } from '../errors/face-error.ts'
import { countOf } from '../lib/count-of.ts'
import bundledTable from './calibration.json' with { type: 'json' }

/** One stranger in a thousand: the rate of a service that sets no other, for a model whose calibration has no stricter one. */
export const defaultFmr = 0.001

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

/** One row of the table, whatever its count counts. */
interface Row {
  readonly fmr: number
  readonly threshold: number
  readonly count: number
  readonly missed?: readonly number[] | undefined
}

const share = z.number().min(0).max(1)

const measured = {
  fmr: z.number().gt(0).lt(1),
  threshold: z.number().positive(),
  /** 95 % interval of the measurement, low and high. */
  interval: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low <= high, { error: 'the interval ends before it begins' }),
  /**
   * Share of the photos of the right person that it refuses, as measured: of a person with so many encodings, or in a search for a
   * person with one encoding, two, three.
   */
  missed: z.array(share).optional(),
}

const atLeastAsStrict = {
  error: 'a smaller fmr or a larger count cannot have a larger threshold, and none may come twice',
}

const verificationRow = z.strictObject({
  ...measured,
  /** Stored encodings of the person who is verified. */
  encodings: z.int().positive(),
})

const identificationRow = z.strictObject({
  ...measured,
  /** Size of the gallery that is searched. */
  people: z.int().positive(),
})

const calibrationTable = z.strictObject({
  format: z.literal(2),
  calibrations: z
    .array(
      z.strictObject({
        model: z.string().min(1),
        metric: metricSchema,
        /** The photos, the day and the command of the evaluation. */
        data: z.string().min(1),
        date: z.iso.date(),
        command: z.string().min(1),
        /** The rate of a service that sets none; `defaultFmr` where it is absent. */
        fmr: z.number().gt(0).lt(1).optional(),
        /** Median distance of two strangers with one encoding each; without it nothing is known of crowded galleries (crowd.ts). */
        usualDistance: z.number().positive().optional(),
        /** 1:1. `fmr` is the share of strangers who would match one given person. */
        verification: z
          .array(verificationRow)
          .min(1)
          .refine((rows) => isStricterForRarer(rows.map(byEncodings)), atLeastAsStrict),
        /** 1:K. `fmr` is the share of searches for a stranger that would find somebody. */
        identification: z
          .array(identificationRow)
          .min(1)
          .refine((rows) => isStricterForRarer(rows.map(byPeople)), atLeastAsStrict),
      }),
    )
    .refine((entries) => new Set(entries.map(({ model }) => model)).size === entries.length, {
      error: 'a model is calibrated twice',
    }),
})

export type CalibrationTable = z.output<typeof calibrationTable>
export type ModelCalibration = CalibrationTable['calibrations'][number]

/** Reads the table that ships with the Worker; an inconsistent one is refused as a whole. */
export function readCalibrationTable(table: unknown = bundledTable): CalibrationTable {
  const parsed = calibrationTable.safeParse(table)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]
  throw new FaceError('not_configured', `Calibration table, ${path.join('.')}: ${message}.`)
}

export function isCalibrated(table: CalibrationTable, model: string): boolean {
  return calibrationOf(table, model) !== null
}

/** Null for an uncalibrated model. */
export function calibrationOf(table: CalibrationTable, model: string): ModelCalibration | null {
  return table.calibrations.find((calibration) => calibration.model === model) ?? null
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

/** The rate of a service that sets none. */
export function ownFmr(table: CalibrationTable, model: string): number {
  return calibrationOf(table, model)?.fmr ?? defaultFmr
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

function byEncodings({ encodings, ...row }: z.output<typeof verificationRow>): Row {
  return { ...row, count: encodings }
}

function byPeople({ people, ...row }: z.output<typeof identificationRow>): Row {
  return { ...row, count: people }
}

/** No row with a rarer or equal mistake and as many or more chances for it has a larger threshold. */
function isStricterForRarer(rows: readonly Row[]): boolean {
  return rows.every((strict, i) =>
    rows.every((lax, j) => {
      if (i === j) return true
      if (strict.fmr === lax.fmr && strict.count === lax.count) return false
      const shouldBeStricter = strict.fmr <= lax.fmr && strict.count >= lax.count
      return !shouldBeStricter || strict.threshold <= lax.threshold
    }),
  )
}
