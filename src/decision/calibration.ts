/**
 * Which distance is small enough. A threshold never travels alone: it belongs to one model (network and weights hash), one
 * metric and one false-match rate (`fmr`, the share of strangers it would let in), and the table says which evaluation
 * chose it. A caller may ask for another calibrated rate, never for a bare threshold; a model without calibration decides
 * nothing. Pure.
 */
import { z } from 'zod'
import { FaceError } from '../errors.ts'
import bundledTable from './calibration.json' with { type: 'json' }

/** One stranger in a thousand: what a caller gets who asks for nothing else. */
export const defaultFmr = 0.001

/** A threshold with all that it depends on. */
export interface Calibration {
  readonly model: string
  readonly metric: 'l2'
  readonly fmr: number
  readonly threshold: number
}

const calibrationTable = z.strictObject({
  format: z.literal(1),
  metric: z.literal('l2'),
  calibrations: z.array(
    z.strictObject({
      model: z.string().min(1),
      thresholds: z
        .array(z.strictObject({ fmr: z.number().gt(0).lt(1), threshold: z.number().positive() }))
        .min(1)
        .refine(isStricterForRarer, { error: 'a smaller fmr needs a smaller threshold' }),
      /** The labelled pairs, the day and the command of the evaluation. */
      data: z.string().min(1),
      date: z.iso.date(),
      command: z.string().min(1),
    }),
  ),
})

export type CalibrationTable = z.output<typeof calibrationTable>

/** Reads the table that ships with the Worker; one that does not hold together is refused as a whole. */
export function readCalibrationTable(table: unknown = bundledTable): CalibrationTable {
  const parsed = calibrationTable.safeParse(table)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]
  throw new FaceError('not_configured', `Calibration table, ${path.join('.')}: ${message}.`)
}

/** Throws `not_configured` for a model that nobody calibrated, `invalid_request` for a rate that nobody measured. */
export function findCalibration(
  table: CalibrationTable,
  model: string,
  fmr: number = defaultFmr,
): Calibration {
  const ofModel = table.calibrations.find((calibration) => calibration.model === model)
  if (ofModel === undefined) {
    throw new FaceError('not_configured', `The model ${model} has no calibrated threshold.`)
  }
  const found = ofModel.thresholds.find((entry) => entry.fmr === fmr)
  if (found === undefined) {
    const calibrated = ofModel.thresholds.map((entry) => entry.fmr).join(', ')
    throw new FaceError('invalid_request', `field "fmr": expected one of ${calibrated}`)
  }
  return { model, metric: table.metric, fmr: found.fmr, threshold: found.threshold }
}

function isStricterForRarer(thresholds: readonly { fmr: number; threshold: number }[]): boolean {
  const byFmr = [...thresholds].sort((a, b) => a.fmr - b.fmr)
  return byFmr.every((entry, i) => {
    const before = byFmr[i - 1]
    return i === 0 || (before.fmr < entry.fmr && before.threshold < entry.threshold)
  })
}
