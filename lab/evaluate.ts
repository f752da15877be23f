/**
 * npm run evaluate -- --pairs pairs.csv --images DIR [--cross-validate [--metric l2|l2-cohort]] [--out DIR]
 * npm run evaluate -- --images DIR | --h5 FILE
 *
 * How well the shipped pipeline tells people apart: listed pairs (columns fold, left, right, same; paths below DIR), or
 * every two photos of one person, against every cross pair of strangers. Metric and thresholds are those that ship; with
 * --cross-validate those of each fold are fitted to the people of the other folds alone. Writes report.md, report.json
 * and plots to build/accuracy, or to --out.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findPersonPhotos, type PersonPhoto } from '../scripts/photos/people.ts'
import { buildDir } from '../scripts/weights/networks.ts'
import { findMetric, findVerification, readCalibrationTable } from '../src/decision/calibration.ts'
import type { Metric } from '../src/encoding/metric.ts'
import { discardCurves, type QualityPair } from './accuracy/discard.ts'
import { type EncodedPhotos, encodePhotos } from './accuracy/encoded-photos.ts'
import { calibratedRates, fitCalibration } from './accuracy/fit-calibration.ts'
import { type EvaluationSet, measure, type Scored } from './accuracy/measure.ts'
import { type Origin, reportMarkdown, reportPlots } from './accuracy/report.ts'
import { genuinePairs, type LabelledPair, readPairs } from './datasets/pairs.ts'
import { photosOfH5 } from './datasets/photos-of-h5.ts'

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

async function writeReport(out: string, origin: Origin, evaluation: Evaluation): Promise<void> {
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
    `${JSON.stringify({ ...origin, ...measurement, missedByCode: missed, discard }, null, 2)}\n`,
  )
  for (const [name, svg] of reportPlots(evaluation, discard)) await writeFile(join(out, name), svg)
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string' },
      images: { type: 'string' },
      h5: { type: 'string' },
      'cross-validate': { type: 'boolean', default: false },
      metric: { type: 'string' },
      out: { type: 'string', default: join(buildDir, 'accuracy') },
    },
  })
  const { metric } = values
  const isMetric = metric === undefined || metric === 'l2' || metric === 'l2-cohort'
  if (Boolean(values.images) === Boolean(values.h5) || !isMetric) {
    console.error(
      'usage: npm run evaluate -- [--pairs pairs.csv] --images DIR [--cross-validate [--metric l2|l2-cohort]] [--out DIR]\n' +
        '       npm run evaluate -- --h5 FILE [--out DIR]',
    )
    process.exit(2)
  }
  const crossValidate = values['cross-validate']
  const evaluation = await evaluate({ ...values, metric, crossValidate }).catch((error: Error) => {
    console.error(error.message)
    process.exit(1)
  })
  const origin: Origin = {
    title: 'Accuracy',
    command: `npm run evaluate -- ${process.argv.slice(2).join(' ')}`,
    date: new Date().toISOString().slice(0, 10),
    model: evaluation.encoded.model,
    metric: crossValidate
      ? 'Metric and thresholds of each fold were fitted to people of the other folds alone.'
      : 'Metric and thresholds are those that ship.',
  }
  await writeReport(values.out, origin, evaluation)
  console.log(reportMarkdown(origin, evaluation.measurement))
  console.log(`report.md, report.json and plots are in ${values.out}`)
}
