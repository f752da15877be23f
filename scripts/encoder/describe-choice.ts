/** One line for whoever starts the Worker: which encoder decides, how strictly, and what a better one would bring. */

import { isCalibrated, ownFmr, readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { grouped } from '../../src/lib/count-of.ts'
import { percent } from '../front/percent.ts'
import { packedEncoder } from '../weights/packed-encoder.ts'
import { packedModel } from '../weights/packed-model.ts'
import { type EncoderFigures, readEncoderFigures } from './encoder-figures.ts'

/** What encoders are compared at. */
const comparedFmr = 1e-4
/** Another encoder is better when it refuses at most this share of the people whom the running one refuses; less may be chance. */
const clearlyFewer = 0.75

export type Measured = Pick<EncoderFigures, 'name' | 'fnmr'>

/** @param uncalibrated distance that decides where nobody calibrated the model */
export async function describeChoice(uncalibrated: number | undefined): Promise<string> {
  const { name } = await packedEncoder()
  const [table, model] = [readCalibrationTable(), await packedModel()]
  if (!isCalibrated(table, model)) return describeUncalibrated(name, uncalibrated)
  const rate = ownFmr(table, model)
  const now = `The encoder is ${name}; unless FMR says otherwise it lets one stranger in ${grouped(Math.round(1 / rate))} in.`
  return `${now}${describeBetter(name, await readEncoderFigures())}`
}

/** Nothing where no other encoder is clearly better, or nobody measured this one. */
export function describeBetter(name: string, figures: readonly Measured[]): string {
  const own = figures.find((one) => one.name === name)
  const best = figures.toSorted((a, b) => fnmrOf(a) - fnmrOf(b))[0]
  if (own === undefined || best === undefined) return ''
  if (fnmrOf(best) > clearlyFewer * fnmrOf(own)) return ''
  return (
    ` "npm run encoder -- ${best.name}" makes it ${best.name}: where one stranger in ${grouped(Math.round(1 / comparedFmr))} is let in, it refuses ` +
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

function fnmrOf({ fnmr }: Measured): number {
  return fnmr.find(({ fmr }) => fmr === comparedFmr)?.fnmr ?? 1
}
