/** Which distance opens the door with the network that is packed, and why it is not the exercise's 0.7. */

import { isCalibrated, readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { createThresholds, type Threshold, type Thresholds } from '../../src/decision/thresholds.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { grouped } from '../../src/lib/count-of.ts'
import type { NetworkTable } from '../../src/network/table.ts'
import type { Household } from './household.ts'
import { countNearPairs, tellsPeopleApart } from './near-pairs.ts'
import { notebookThreshold } from './notebook.ts'

export interface ThresholdChoice {
  readonly thresholds: Thresholds
  readonly origin: 'calibrated' | 'given' | 'notebook' | 'none'
}

/**
 * What is calibrated decides. Else the distance that was given, or the notebook's where encodings have length 1 as its own have;
 * any other network decides nothing, as in the Worker.
 */
export function chooseThresholds(
  table: NetworkTable,
  model: string,
  given: number | undefined,
): ThresholdChoice {
  const thresholds = (uncalibrated?: number) =>
    createThresholds(readCalibrationTable, { uncalibrated })
  if (isCalibrated(readCalibrationTable(), model)) {
    return { thresholds: thresholds(), origin: 'calibrated' }
  }
  if (given !== undefined) return { thresholds: thresholds(given), origin: 'given' }
  const isUnitLength = table.layers.at(-1)?.op === 'l2Normalise'
  return isUnitLength
    ? { thresholds: thresholds(notebookThreshold), origin: 'notebook' }
    : { thresholds: thresholds(), origin: 'none' }
}

/** The notebook's distance, which nobody asked for here, opens to nobody where it tells the people of the house not apart. */
export function keepClosed({ origin }: ThresholdChoice, house: Household): Household {
  if (origin !== 'notebook') return house
  const near = countNearPairs(house.people, thresholdOf(house))
  if (tellsPeopleApart(near)) return house
  return {
    ...house,
    keptClosed: `${near.near} of ${near.pairs} pairs of people in the database are as near`,
  }
}

function thresholdOf({ thresholds, model }: Household): Threshold {
  return thresholds.verification(model, { encodings: 1 })
}

export function describeThreshold(choice: ThresholdChoice, house: Household): string[] {
  const { model, people, keptClosed } = house
  const { thresholds, origin } = choice
  const notebook = `${notebookThreshold}  by the exercise's text: L2 distance of nn4.small2's encodings, which have length 1`
  switch (origin) {
    case 'calibrated':
      return [...calibratedLines(thresholds, model, people.size), notebook, ...whyTheyDiffer]
    case 'given':
      return [
        `${thresholds.verification(model, { encodings: 1 }).threshold}  by --uncalibrated: nobody measured how many strangers it lets in with ${model}`,
        notebook,
        advice,
      ]
    case 'notebook':
      return [
        notebook,
        keptClosed === undefined
          ? `Nobody calibrated ${model}, so that decided above.`
          : `Nobody calibrated ${model}, and that does not tell these people apart: ${keptClosed}. So nothing was decided; look whether all files are those that were published.`,
        advice,
      ]
    case 'none':
      return [
        `Nobody calibrated ${model}: the door stays closed for everybody, as in the Worker.`,
        notebook,
        `${advice} --uncalibrated DISTANCE decides until then.`,
      ]
  }
}

const advice =
  '"npm run calibrate -- <folder of people>" measures a threshold: how many strangers each distance lets in.'

const whyTheyDiffer = [
  "They differ because a threshold belongs to one network and one metric: ours to this one, the exercise's to another. Ours is",
  'measured, by how many strangers come that near; the exercise gives no such figure for its own (docs/model.md).',
]

function calibratedLines(thresholds: Thresholds, model: string, people: number): string[] {
  const lines: string[] = []
  const add = (what: (oneIn: string) => string, find: () => Threshold): void => {
    try {
      const found = find()
      if (!found.calibrated) return
      const oneIn = grouped(Math.round(1 / found.fmr))
      lines.push(`${found.threshold.toFixed(4)}  ${what(oneIn)}`)
    } catch (error) {
      if (!(error instanceof FaceError)) throw error
    }
  }
  add(
    (oneIn) => `ours for verify: 1 stranger in ${oneIn} comes nearer to one given person`,
    () => thresholds.verification(model, { encodings: 1 }),
  )
  add(
    (oneIn) =>
      `ours for who_is_it: 1 search in ${oneIn} for a stranger finds anybody among ${people}`,
    () => thresholds.identification(model, { people }),
  )
  const origin = readCalibrationTable().calibrations.find((entry) => entry.model === model)
  return [...lines, `        measured on ${origin?.data}`]
}
