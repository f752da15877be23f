/**
 * How often strangers match within one set of photos: a household or an office resembles itself more than strangers from everywhere do.
 * Decided by the calibration that ships, which has seen none of them. Photos of cameras count where a list says who is on them.
 */
import { basename, dirname, resolve } from 'node:path'
import type { EncoderFigures } from '../../scripts/encoder/encoder-figures.ts'
import { readPeople, requireSomebody } from '../../scripts/photos/people.ts'
import { findMetric, findVerification } from '../../src/decision/calibration.ts'
import { isCalibrated, readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { distanceBetween, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import { encodePhotos } from '../accuracy/encoded-photos.ts'
import { labelledProbes } from '../accuracy/evaluate.ts'

/** Named like the folder; pairs of an enrolled photo with a probe of somebody else. */
export type SetFigures = EncoderFigures['sets'][number]

/**
 * Of the encoder that is packed.
 *
 * @throws Error when nobody calibrated it, or the folder has no photo
 */
export async function strangersOfSet(
  folder: string,
  rates: readonly number[],
): Promise<SetFigures> {
  const found = requireSomebody(folder, await readPeople(folder))
  const { model, faces } = await encodePhotos([...found.photos, ...labelledProbes(found)])
  const table = readCalibrationTable()
  if (!isCalibrated(table, model)) {
    throw new Error(`nobody calibrated ${model}: run "npm run calibrate" first`)
  }
  const metric = findMetric(table, model)
  const enrolled = faces
    .filter(({ enrollable, isProbe }) => enrollable && !isProbe)
    .map(({ person, enrolled }) => ({ person, place: prepareEncoding(metric, enrolled) }))
  const probes = faces.map(({ person, probe }) => ({
    person,
    place: prepareEncoding(metric, probe),
  }))
  const distances = enrolled.flatMap((one) =>
    probes
      .filter(({ person }) => person !== one.person)
      .map(({ place }) => distanceBetween(one.place, place)),
  )
  return {
    set: nameOf(resolve(folder)),
    pairs: distances.length,
    matched: rates.map((fmr) => {
      const { threshold } = findVerification(table, model, { fmr, encodings: 1 })
      return { fmr, count: distances.filter((distance) => distance <= threshold).length }
    }),
  }
}

/** A folder that is called like all others says nothing: then the one around it. */
function nameOf(folder: string): string {
  return basename(folder) === 'images' ? basename(dirname(folder)) : basename(folder)
}
