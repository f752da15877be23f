/**
 * How well the shipped pipeline tells people apart: listed pairs (columns fold, left, right, same), or every two photos of one
 * person, against every cross pair of strangers. Metric and thresholds are those that ship; with cross-validation those of each
 * fold are fitted to the people of the other folds alone.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GivenKeys } from '../../scripts/photos/h5-dataset.ts'
import {
  type PeopleAndProbes,
  type PersonPhoto,
  readPeople,
  requireSomebody,
} from '../../scripts/photos/people.ts'
import { probeLabelsFile } from '../../scripts/photos/probe-labels.ts'
import {
  findMetric,
  findVerification,
  isCalibrated,
  readCalibrationTable,
} from '../../src/decision/calibration.ts'
import { type MetricKind, uncalibratedMetric } from '../../src/encoding/metrics/metric.ts'
import { asOnePerson } from '../datasets/one-person.ts'
import { genuinePairs, type LabelledPair, readPairs } from '../datasets/pairs.ts'
import { discardCurves, type QualityPair } from './discard.ts'
import { type EncodedPhotos, encodePhotos } from './encoded-photos.ts'
import { calibratedRates, type FittedThreshold, fitCalibration } from './fit-calibration.ts'
import { metricFor } from './fit-metric.ts'
import { leastErrorThreshold } from './least-error.ts'
import { type EvaluationSet, measure, type Scored } from './measure.ts'
import { type NamedProbe, nameProbes, probesMarkdown } from './name-probes.ts'
import { type Origin, reportMarkdown, reportPlots } from './report.ts'

export interface EvaluateOptions {
  readonly pairs?: string
  readonly images?: string
  readonly h5?: string
  /** Names of the datasets in the h5 file. */
  readonly keys?: GivenKeys
  readonly crossValidate?: boolean
  /** Names under which one person stands in the folder twice. */
  readonly onePerson?: readonly (readonly string[])[]
  /** For cross-validation; that which ships unless given. */
  readonly metric?: MetricKind
}

export interface Evaluation extends Scored {
  readonly sets: readonly FoldSet[]
  readonly encoded: EncodedPhotos
  readonly pairs: readonly LabelledPair[]
  /** Photos of cameras of which nothing says who is on them. */
  readonly probes: readonly NamedProbe[]
  /** What was not read, a line each. */
  readonly left: readonly string[]
}

/** @throws Error when there are no photos or no pairs, or no cross-validation can be done */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const source = options.h5 ?? options.images!
  const found = requireSomebody(source, await readPeople(source, options.keys))
  const known = [...found.photos, ...labelledProbes(found)]
  const pairs = options.pairs
    ? await readPairs(options.pairs, options.images!)
    : genuinePairs(known)
  const unknown = options.pairs ? [] : found.probes.filter(({ person }) => person === undefined)
  const photos = options.pairs ? photosOf(pairs, known, found) : known
  const everything = await encodePhotos([
    ...asOnePerson(photos, options.onePerson ?? []),
    ...unknown.map(({ file }): PersonPhoto => ({ person: file, file, isProbe: true })),
  ])
  const isUnknown = new Set(unknown.map(({ file }) => file))
  const encoded: EncodedPhotos = {
    ...everything,
    faces: everything.faces.filter(({ file }) => !isUnknown.has(file)),
    missed: everything.missed.filter(({ file }) => !isUnknown.has(file)),
  }
  const looked = [...everything.faces, ...everything.missed]
    .filter(({ file }) => isUnknown.has(file))
    .sort((one, other) => (one.file < other.file ? -1 : 1))
  const sets = options.crossValidate
    ? crossValidated(encoded, pairs, options.metric)
    : [shippedSet(encoded, pairs)]
  const { left } = found
  const probes = nameProbes(encoded, looked)
  return { ...measure(encoded, sets), sets, encoded, pairs, probes, left }
}

/** Somebody of whom there is no photo is a person of their own. */
export function labelledProbes({ probes }: PeopleAndProbes): PersonPhoto[] {
  return probes.flatMap(({ file, person }): PersonPhoto[] =>
    person === undefined ? [] : [{ person: person ?? file, file, isProbe: true }],
  )
}

/** The photos that the pairs name. A camera's photo that no list speaks of is of whom a pair says it is. */
function photosOf(
  pairs: readonly LabelledPair[],
  known: readonly PersonPhoto[],
  { probes }: PeopleAndProbes,
): PersonPhoto[] {
  const people = new Map(known.map(({ file, person }) => [file, person]))
  const cameras = probes
    .filter(({ file }) => !people.has(file))
    .map(({ file }): PersonPhoto => {
      const own = pairs.filter(({ same, left, right }) => same && (left === file || right === file))
      const others = own.map(({ left, right }) => people.get(left === file ? right : left))
      return { person: others.find((person) => person !== undefined) ?? file, file }
    })
  const named = new Set(pairs.flatMap(({ left, right }) => [left, right]))
  // Which side of a pair is enrolled, the list says itself.
  const photos = [...known, ...cameras]
    .filter(({ file }) => named.delete(file))
    .map(({ person, file }) => ({ person, file }))
  const [absent] = named
  if (absent) throw new Error(`${absent}: the pairs name this photo, but there is no such file`)
  return photos
}

function shippedSet(
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
function crossValidated(
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
    const fitted = fitCalibration(others, kind, { intervals: false })
    const { metric, identification, single, photoPairs } = fitted
    const thresholds = fitted.verification.filter(({ count }) => count === 1)
    const ownMissed = missed.filter(({ file }) => files.has(file))
    const leastError =
      leastErrorThreshold(single.genuine, single.impostors, photoPairs) ?? undefined
    const rules = { metric, thresholds, identification, leastError }
    return { faces: own, missed: ownMissed, pairs: tested, ...rules }
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

/** How metric and thresholds came about, as a sentence. */
export function describeMetric(
  { encoded }: Evaluation,
  { crossValidate = false }: EvaluateOptions,
): string {
  if (crossValidate) {
    return 'Metric and thresholds of each fold were fitted to people of the other folds alone.'
  }
  return isCalibrated(readCalibrationTable(), encoded.model)
    ? 'Metric and thresholds are those that ship.'
    : 'Nobody calibrated this model: the metric is the plain L2 distance, and there are no thresholds to hold against it.'
}

/** @param source where the photos are, and so a list of who is on those of cameras */
export function evaluationMarkdown(
  origin: Origin,
  { measurement, probes }: Evaluation,
  source: string,
): string {
  return [
    reportMarkdown(origin, measurement),
    probesMarkdown(probes, join(source, probeLabelsFile)),
  ]
    .filter((section) => section !== '')
    .join('\n')
}

/** report.md, report.json and plots. */
export async function writeReport(
  out: string,
  text: string,
  origin: Origin,
  evaluation: Evaluation,
): Promise<void> {
  const { measurement, encoded, probes } = evaluation
  const limit = measurement.rates.find(({ fmr }) => fmr === 0.001)?.threshold
  const discard = limit === undefined ? [] : discardCurves(qualityPairs(evaluation), limit)
  await mkdir(out, { recursive: true })
  await writeFile(join(out, 'report.md'), text)
  const missed = Object.fromEntries(
    [...Map.groupBy(encoded.missed, ({ code }) => code)].map(([code, all]) => [code, all.length]),
  )
  await writeFile(
    join(out, 'report.json'),
    `${JSON.stringify({ ...origin, ...measurement, missedByCode: missed, missed: encoded.missed.map(({ inDoubt, ...photo }) => ({ ...photo, inDoubt: inDoubt !== undefined })), discard, probes }, null, 2)}\n`,
  )
  for (const [name, svg] of reportPlots(evaluation, discard)) await writeFile(join(out, name), svg)
}
