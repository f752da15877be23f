/**
 * Photos of known people -> metric and thresholds of the packed weights, as src/decision/calibration.json has them. People whom
 * the weights have learned from are left out: they are told apart better than anybody else will be.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from '../../scripts/files/write-whole.ts'
import { progressBar } from '../../scripts/front/progress.ts'
import { projectRoot } from '../../scripts/front/project-root.ts'
import type { PersonPhoto } from '../../scripts/photos/people.ts'
import { defaultFmr } from '../../src/decision/calibration-table.ts'
import { type MetricKind, metricToJson } from '../../src/encoding/metrics/metric.ts'
import { asOnePerson } from '../datasets/one-person.ts'
import { encodePhotos, type MissedPhoto } from './encoded-photos.ts'
import { fitCalibration } from './fit/fit-calibration.ts'
import { isFitted, metricFor } from './fit/fit-metric.ts'
import type { FittedThreshold } from './fit/fit-thresholds.ts'
import { supportedRows } from './supported-rows.ts'

export const calibrationFile = join(projectRoot, 'src', 'decision', 'calibration.json')

export interface CalibrateOptions {
  /** Names under which one person stands in the folder twice. */
  readonly onePerson: readonly (readonly string[])[]
  /** By the number of people unless given. */
  readonly metric: MetricKind | undefined
  /** What the photos are. */
  readonly data: string
  /** As it was typed. */
  readonly command: string
}

export type Calibration = Awaited<ReturnType<typeof calibrate>>['calibration']

/** Throws CommandFault when the people are too few. */
export async function calibrate(
  photos: readonly PersonPhoto[],
  { onePerson, metric: wanted, data, command }: CalibrateOptions,
) {
  const { model, faces, missed } = await encodePhotos(asOnePerson(photos, onePerson))
  const people = new Set(faces.map(({ person }) => person)).size
  const kind = wanted ?? metricFor(people)
  console.error(`fitting metric and thresholds to ${people} people, which takes minutes for many`)
  const bar = progressBar('fitting')
  const { metric, impostorPairs, ...fitted } = fitCalibration(faces, kind, {
    onStep(steps) {
      bar.start(steps)
      bar.step()
    },
  })
  bar.stop()
  const { verification, identification, leftOut } = supportedRows(fitted, people)
  const calibration = {
    model,
    fmr: ownRate(verification),
    ...(fitted.usualDistance !== null && { usualDistance: fitted.usualDistance }),
    metric: metricToJson(metric),
    data:
      `${data}: ${faces.length} of ${photos.length} photos with a face, ` +
      `${people} people, ${impostorPairs} impostor pairs${isFitted(kind) ? ' scored by a metric fitted to others' : ''}`,
    date: new Date().toISOString().slice(0, 10),
    command,
    verification: verification.map((row) => ({
      ...{ fmr: row.fmr, encodings: row.count },
      ...measured(row),
    })),
    identification: identification.map((row) => ({
      ...{ fmr: row.fmr, people: row.count },
      ...measured(row),
    })),
  }
  const notes: { readonly leftOut: readonly string[]; readonly missed: readonly MissedPhoto[] } = {
    leftOut,
    missed,
  }
  return { calibration, ...notes }
}

/** In place of what the file says of the model; other models in it stay. */
export async function writeCalibration(calibration: Calibration): Promise<void> {
  const table = JSON.parse(await readFile(calibrationFile, 'utf8'))
  const text = JSON.stringify(
    { format: 2, calibrations: inItsPlace(table.calibrations, calibration) },
    null,
    2,
  )
  await writeWhole(calibrationFile, `${text}\n`)
}

/** The calibration where that of its model was, or behind all others. */
export function inItsPlace<T extends { readonly model: string }>(
  calibrations: readonly T[],
  calibration: T,
): T[] {
  const isIts = ({ model }: T): boolean => model === calibration.model
  return calibrations.some(isIts)
    ? calibrations.map((other) => (isIts(other) ? calibration : other))
    : [...calibrations, calibration]
}

/** Of the right people, with one photo; a rate that refuses more is too strict for a service that does not ask for it. */
const mostRefused = 0.05
/** The strictest is NIST's bound for verification. */
const ownRates = [0.0001, defaultFmr] as const

/** The strictest rate that refuses few enough; `defaultFmr` where none does, or nobody has two photos. */
function ownRate(verification: readonly FittedThreshold[]): number {
  const single = verification.filter(({ count }) => count === 1)
  const isMild = (rate: number): boolean =>
    single.some(({ fmr, missed: [refused] }) => fmr === rate && refused! <= mostRefused)
  return ownRates.find(isMild) ?? defaultFmr
}

function measured({ threshold, interval, missed }: FittedThreshold) {
  return { threshold, interval, ...(missed.length > 0 && { missed }) }
}
