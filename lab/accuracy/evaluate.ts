/**
 * How well the shipped pipeline tells people apart: listed pairs (columns fold, left, right, same), or every two photos of one
 * person, against every cross pair of strangers. Metric and thresholds are those that ship; with cross-validation those of each
 * fold are fitted to the people of the other folds alone.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findPersonPhotos, type PersonPhoto } from '../../scripts/photos/people.ts'
import {
  findMetric,
  findVerification,
  readCalibrationTable,
} from '../../src/decision/calibration.ts'
import type { Metric } from '../../src/encoding/metric.ts'
import { genuinePairs, type LabelledPair, readPairs } from '../datasets/pairs.ts'
import { photosOfH5 } from '../datasets/photos-of-h5.ts'
import { discardCurves, type QualityPair } from './discard.ts'
import { type EncodedPhotos, encodePhotos } from './encoded-photos.ts'
import { calibratedRates, fitCalibration } from './fit-calibration.ts'
import { type EvaluationSet, measure, type Scored } from './measure.ts'
import { type Origin, reportMarkdown, reportPlots } from './report.ts'

export interface EvaluateOptions {
  readonly pairs?: string
  readonly images?: string
  readonly h5?: string
  readonly crossValidate?: boolean
  /** For cross-validation; that which ships unless given. */
  readonly metric?: Metric['kind']
}

export interface Evaluation extends Scored {
  readonly encoded: EncodedPhotos
  readonly pairs: readonly LabelledPair[]
}

/** @throws Error when there are no photos, no pairs, or the packed weights are not calibrated */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const known = options.h5 ? await photosOfH5(options.h5) : await findPersonPhotos(options.images!)
  const pairs = options.pairs
    ? await readPairs(options.pairs, options.images!)
    : genuinePairs(known)
  const photos = options.pairs ? photosOf(pairs, known) : known
  const encoded = await encodePhotos(photos)
  const sets = options.crossValidate
    ? crossValidated(encoded, pairs, options.metric)
    : [shippedSet(encoded, pairs)]
  return { ...measure(encoded, sets), encoded, pairs }
}

function photosOf(pairs: readonly LabelledPair[], known: readonly PersonPhoto[]): PersonPhoto[] {
  const named = new Set(pairs.flatMap(({ left, right }) => [left, right]))
  const photos = known.filter(({ file }) => named.delete(file))
  const [absent] = named
  if (absent) throw new Error(`${absent}: the pairs name this photo, but there is no such file`)
  return photos
}

function shippedSet(
  { model, faces }: EncodedPhotos,
  pairs: readonly LabelledPair[],
): EvaluationSet {
  const table = readCalibrationTable()
  const thresholds = calibratedRates.map((fmr) => ({
    fmr,
    threshold: findVerification(table, model, { fmr, encodings: 1 }).threshold,
  }))
  return { metric: findMetric(table, model), faces, pairs, thresholds }
}

/** One set a fold: its photos, under metric and thresholds of people who are in none of its pairs. */
function crossValidated(
  { model, faces }: EncodedPhotos,
  pairs: readonly LabelledPair[],
  kind: Metric['kind'] = findMetric(readCalibrationTable(), model).kind,
): EvaluationSet[] {
  const folds = [...new Set(pairs.map(({ fold }) => fold))].sort((a, b) => a - b)
  if (folds.length < 2) throw new Error('cross-validation needs pairs in at least two folds')
  return folds.map((fold) => {
    const tested = pairs.filter((pair) => pair.fold === fold)
    const files = new Set(tested.flatMap(({ left, right }) => [left, right]))
    const own = faces.filter(({ file }) => files.has(file))
    const people = new Set(own.map(({ person }) => person))
    const others = faces.filter(({ person }) => !people.has(person))
    const { metric, verification } = fitCalibration(others, kind, { intervals: false })
    const thresholds = verification.filter(({ count }) => count === 1)
    return { metric, faces: own, pairs: tested, thresholds }
  })
}

/** Pairs of one person with the qualities of both photos, as the discard curves want them. */
export function qualityPairs({ encoded, pairs, genuine }: Evaluation): QualityPair[] {
  const faces = new Map(encoded.faces.map((face) => [face.file, face]))
  const same = pairs.filter((pair) => pair.same)
  return genuine.flatMap(({ distance }, i) => {
    const [left, right] = [faces.get(same[i].left), faces.get(same[i].right)]
    return distance !== null && left && right
      ? [{ distance, left: left.quality, right: right.quality }]
      : []
  })
}

/** report.md, report.json and plots. */
export async function writeReport(
  out: string,
  origin: Origin,
  evaluation: Evaluation,
): Promise<void> {
  const { measurement, encoded } = evaluation
  const limit = measurement.rates.find(({ fmr }) => fmr === 0.001)?.threshold
  const discard = limit === undefined ? [] : discardCurves(qualityPairs(evaluation), limit)
  await mkdir(out, { recursive: true })
  await writeFile(join(out, 'report.md'), reportMarkdown(origin, measurement))
  const missed = Object.fromEntries(
    [...Map.groupBy(encoded.missed, ({ code }) => code)].map(([code, all]) => [code, all.length]),
  )
  await writeFile(
    join(out, 'report.json'),
    `${JSON.stringify({ ...origin, ...measurement, missedByCode: missed, missed: encoded.missed, discard }, null, 2)}\n`,
  )
  for (const [name, svg] of reportPlots(evaluation, discard)) await writeFile(join(out, name), svg)
}
