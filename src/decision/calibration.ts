/**
 * Which distance is small enough, as measured. A threshold always belongs to one model (network and weights hash), one
 * metric, one rate of mistakes (`fmr`) and one number of chances for a mistake: the encodings that a person has, or the
 * people that are searched. The nearest of many comes nearer, so a count that was not measured takes the threshold of the
 * next larger one that was, and beyond the largest there is none. A caller may name a calibrated rate, never a bare
 * threshold. Pure.
 */

import { z } from 'zod'
import { type Metric, metricSchema } from '../encoding/metrics/metric.ts'
import { FaceError } from '../errors/face-error.ts'
import bundledTable from './calibration.json' with { type: 'json' }

/** One stranger in a thousand: the rate of a service that sets no other. */
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
}

const measured = {
  fmr: z.number().gt(0).lt(1),
  threshold: z.number().positive(),
  /** 95 % interval of the measurement, low and high. */
  interval: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low <= high, { error: 'the interval ends before it begins' }),
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
 */
export function findVerification(
  table: CalibrationTable,
  model: string,
  { fmr = defaultFmr, encodings }: { readonly fmr?: number; readonly encodings: number },
): CalibratedThreshold {
  const calibration = ofModel(table, model)
  const row = findRow(calibration.verification.map(byEncodings), fmr, encodings)
  if (row !== undefined) return withOrigin(calibration, row)
  throw new FaceError(
    'not_configured',
    `${model} has no threshold for an fmr of ${fmr} and a person with ${encodings} encodings.`,
  )
}

/** The threshold for a search among so many people; throws like `findVerification`. */
export function findIdentification(
  table: CalibrationTable,
  model: string,
  { fmr = defaultFmr, people }: { readonly fmr?: number; readonly people: number },
): CalibratedThreshold {
  const calibration = ofModel(table, model)
  const row = findRow(calibration.identification.map(byPeople), fmr, people)
  if (row !== undefined) return withOrigin(calibration, row)
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
    `The model ${model} has no calibrated threshold; "npm run calibrate" measures one, UNCALIBRATED sets one.`,
  )
}

/** The row of the smallest measured count that is not below `count`. */
function findRow(rows: readonly Row[], fmr: number, count: number): Row | undefined {
  const ofRate = rows.filter((row) => row.fmr === fmr)
  if (ofRate.length === 0) {
    const rates = ratesOf(rows).join(', ')
    throw new FaceError('invalid_request', `field "fmr": expected one of ${rates}`)
  }
  return ofRate.filter((row) => row.count >= count).sort((a, b) => a.count - b.count)[0]
}

function ratesOf(rows: readonly { readonly fmr: number }[]): number[] {
  return [...new Set(rows.map(({ fmr }) => fmr))].sort((a, b) => b - a)
}

function withOrigin({ model, metric }: ModelCalibration, row: Row): CalibratedThreshold {
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
