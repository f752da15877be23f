/**
 * npm run calibrate -- <folder of people> [--metric l2-cohort|l2] [--data "what the photos are"]
 *
 * Fits the metric and the thresholds of the packed weights to photos of known people, and writes them to
 * src/decision/calibration.json, which the Worker bundles. Other models in the file stay. The more people the better: a
 * thousand or more show a false-match rate of 1e-4. The metric is l2-cohort, and l2 for fewer than 300 people.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { findPersonPhotos } from '../scripts/photos/people.ts'
import { projectRoot } from '../scripts/weights/networks.ts'
import { directionToText } from '../src/encoding/direction-text.ts'
import type { Metric } from '../src/encoding/metric.ts'
import { encodePhotos } from './accuracy/encoded-photos.ts'
import { type FittedThreshold, fitCalibration } from './accuracy/fit-calibration.ts'

/** A cohort of fewer says little of how crowded it is among everybody; each centre is a mean of eight people. */
const leastPeopleOfCohort = 300

const calibrationFile = join(projectRoot, 'src', 'decision', 'calibration.json')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, metric: { type: 'string' } },
})
const [folder] = positionals
const { metric: wanted } = values
const isKnown = wanted === undefined || wanted === 'l2' || wanted === 'l2-cohort'
if (!folder || positionals.length > 1 || !isKnown) {
  console.error(
    'usage: npm run calibrate -- <folder of people> [--metric l2-cohort|l2] [--data "what the photos are"]',
  )
  process.exit(2)
}
const photos = await findPersonPhotos(folder)
const { model, faces } = await encodePhotos(photos)
const people = new Set(faces.map(({ person }) => person)).size
const kind = wanted ?? (people < leastPeopleOfCohort ? 'l2' : 'l2-cohort')
const { metric, verification, identification, impostors } = fitCalibration(faces, kind)
const calibration = {
  model,
  metric: metricJson(metric),
  data:
    `${values.data ?? basename(folder)}: ${faces.length} of ${photos.length} photos with a face, ` +
    `${people} people, ${impostors.pairs} impostor pairs${kind === 'l2' ? '' : ' scored by a metric fitted to others'}`,
  date: new Date().toISOString().slice(0, 10),
  command: `npm run calibrate -- ${process.argv.slice(2).join(' ')}`,
  verification: rows('encodings', verification),
  identification: rows('people', identification),
}
const table = JSON.parse(await readFile(calibrationFile, 'utf8'))
const others = table.calibrations.filter((other: { model: string }) => other.model !== model)
const text = JSON.stringify({ format: 2, calibrations: [...others, calibration] }, null, 2)
await writeFile(calibrationFile, `${text}\n`)
console.log(`${calibration.data}\n`)
console.table(calibration.verification)
console.table(calibration.identification)
console.log(`written to ${calibrationFile}`)

function rows(count: 'encodings' | 'people', fitted: readonly FittedThreshold[]) {
  return fitted.map((row) => ({
    fmr: row.fmr,
    [count]: row.count,
    threshold: row.threshold,
    interval: row.interval,
  }))
}

/** As src/decision/calibration.ts reads it. */
function metricJson(metric: Metric) {
  if (metric.kind === 'l2') return metric
  const { centres, ...rest } = metric.cohort
  const round = (value: number): number => Number(value.toPrecision(7))
  return {
    kind: metric.kind,
    cohort: {
      ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, round(value)])),
      centres: centres.map(directionToText),
    },
  }
}
