/** One line for whoever starts the Worker: which encoder decides, how strictly, and what a better one would bring. */

import { isCalibrated, ownFmr, readCalibrationTable } from '../../src/decision/calibration.ts'
import { percent } from '../front/percent.ts'
import { packedEncoder } from '../weights/packed-encoder.ts'
import { packedModel } from '../weights/packed-model.ts'
import { type EncoderFigures, readEncoderFigures } from './encoder-figures.ts'

/** What encoders are compared at. */
const comparedFmr = 1e-4

/** @param uncalibrated distance that decides where nobody calibrated the model */
export async function describeChoice(uncalibrated: number | undefined): Promise<string> {
  const { name } = await packedEncoder()
  const [table, model] = [readCalibrationTable(), await packedModel()]
  if (!isCalibrated(table, model)) return describeUncalibrated(name, uncalibrated)
  const rate = ownFmr(table, model)
  const figures = await readEncoderFigures()
  const own = figures.find((one) => one.name === name)
  const best = figures.toSorted((a, b) => fnmrOf(a) - fnmrOf(b))[0]
  const now = `The encoder is ${name}; unless FMR says otherwise it lets one stranger in ${count(1 / rate)} in.`
  if (own === undefined || best === undefined || best === own) return now
  return (
    `${now} "npm run encoder -- ${best.name}" makes it ${best.name}: where one stranger in ${count(1 / comparedFmr)} is let in, it refuses ` +
    `${percent(fnmrOf(best))} of the right people, ${name} ${percent(fnmrOf(own))}.`
  )
}

export function describeUncalibrated(name: string, distance: number | undefined): string {
  const rule = distance === undefined ? 'a distance' : `a distance of ${distance}`
  return (
    `The encoder is ${name}, which nobody calibrated: ${rule} decides, and nobody knows how many strangers it lets in. ` +
    '"npm run calibrate -- <folder of people>" measures that.'
  )
}

function fnmrOf({ fnmr }: EncoderFigures): number {
  return fnmr.find(({ fmr }) => fmr === comparedFmr)?.fnmr ?? 1
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}
