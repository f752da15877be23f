/**
 * The table of calibrations that ships with the Worker, as measured by `npm run calibrate` for each model: thresholds by rate and count, in one
 * metric. A table that contradicts itself is refused as a whole. Pure.
 */

import { z } from 'zod'
import { metricSchema } from '../encoding/metrics/metric.ts'
import { FaceError } from '../errors/face-error.ts'
import bundledTable from './calibration.json' with { type: 'json' }

/** One stranger in a thousand: the rate of a service that sets no other, for a model whose calibration has no stricter one. */
export const defaultFmr = 0.001

/** One row of the table, whatever its count counts. */
export interface Row {
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

/** The rate of a service that sets none. */
export function ownFmr(table: CalibrationTable, model: string): number {
  return calibrationOf(table, model)?.fmr ?? defaultFmr
}

export function byEncodings({ encodings, ...row }: z.output<typeof verificationRow>): Row {
  return { ...row, count: encodings }
}

export function byPeople({ people, ...row }: z.output<typeof identificationRow>): Row {
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
