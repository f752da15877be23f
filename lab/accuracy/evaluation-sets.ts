/**
 * The sets that an evaluation measures: one under metric and thresholds that ship, or one a fold, under those fitted to the people of the other
 * folds alone.
 */
import { findMetric, findVerification } from '../../src/decision/calibration.ts'
import { isCalibrated, readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { type MetricKind, uncalibratedMetric } from '../../src/encoding/metrics/metric.ts'
import type { LabelledPair } from '../datasets/pairs.ts'
import type { EvaluationSet } from './compare-faces.ts'
import type { EncodedPhotos } from './encoded-photos.ts'
import { calibratedRates, fitCalibration } from './fit/fit-calibration.ts'
import { metricFor } from './fit/fit-metric.ts'
import type { FittedThreshold } from './fit/fit-thresholds.ts'
import { leastErrorThreshold } from './rates/least-error.ts'

/** Without thresholds where nobody calibrated the model. */
export function shippedSet(
  { model, faces, missed }: EncodedPhotos,
  pairs: readonly LabelledPair[],
): EvaluationSet {
  const table = readCalibrationTable()
  if (!isCalibrated(table, model))
    return { metric: uncalibratedMetric, faces, missed, pairs, thresholds: [] }
  const thresholds = calibratedRates.map((fmr) => ({
    fmr,
    threshold: findVerification(table, model, { fmr, encodings: 1 }).threshold,
  }))
  return { metric: findMetric(table, model), faces, missed, pairs, thresholds }
}

/** A set whose searches were fitted too. */
export interface FoldSet extends EvaluationSet {
  readonly identification?: readonly FittedThreshold[]
}

/** One set a fold: its photos, under metric and thresholds of people who are in none of its pairs. */
export function crossValidated(
  { model, faces, missed }: EncodedPhotos,
  pairs: readonly LabelledPair[],
  wanted: MetricKind | undefined,
): FoldSet[] {
  const table = readCalibrationTable()
  const people = new Set(faces.map(({ person }) => person)).size
  const kind =
    wanted ?? (isCalibrated(table, model) ? findMetric(table, model).kind : metricFor(people))
  const folds = [...new Set(pairs.map(({ fold }) => fold))].sort((a, b) => a - b)
  if (folds.length < 2) throw new Error('cross-validation needs pairs in at least two folds')
  return folds.map((fold) => {
    const tested = pairs.filter((pair) => pair.fold === fold)
    const files = new Set(tested.flatMap(({ left, right }) => [left, right]))
    const own = faces.filter(({ file }) => files.has(file))
    const ownPeople = new Set(own.map(({ person }) => person))
    const others = faces.filter(({ person }) => !ownPeople.has(person))
    const fitted = fitCalibration(others, kind, { intervals: false, several: false })
    const { metric, verification: thresholds, identification, single, photoPairs } = fitted
    const ownMissed = missed.filter(({ file }) => files.has(file))
    const leastError =
      leastErrorThreshold(single.genuine, single.impostors, photoPairs) ?? undefined
    const rules = { metric, thresholds, identification, leastError }
    return { faces: own, missed: ownMissed, pairs: tested, ...rules }
  })
}
