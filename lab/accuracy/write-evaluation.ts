/** An evaluation as a report for people, as JSON and as plots. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { probeLabelsFile } from '../../scripts/photos/probe-labels.ts'
import { isCalibrated, readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { discardCurves, type QualityPair } from './discard.ts'
import type { EvaluateOptions, Evaluation } from './evaluate.ts'
import { probesMarkdown } from './name-probes.ts'
import { type Origin, reportMarkdown, reportPlots } from './report.ts'

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
