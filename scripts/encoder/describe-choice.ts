/** One line for whoever starts the Worker: which encoder decides, how strictly, and what a better one would bring. */

import { ownFmr, readCalibrationTable } from '../../src/decision/calibration.ts'
import { percent } from '../front/percent.ts'
import { packedEncoder } from '../weights/packed-encoder.ts'
import { packedModel } from '../weights/packed-model.ts'
import { type EncoderFigures, readEncoderFigures } from './encoder-figures.ts'

/** What encoders are compared at. */
const comparedFmr = 1e-4

export async function describeChoice(): Promise<string> {
  const { name } = await packedEncoder()
  const rate = ownFmr(readCalibrationTable(), await packedModel())
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

function fnmrOf({ fnmr }: EncoderFigures): number {
  return fnmr.find(({ fmr }) => fmr === comparedFmr)?.fnmr ?? 1
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}
