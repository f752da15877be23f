/**
 * Encoders measured side by side on the same photos: each is packed in turn, measured fold by fold under metric and thresholds of people who
 * are in none of the fold's pairs, and its searches held against strangers. What was packed before is packed again at the end.
 */
import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { type EncoderFigures, encoderFiguresFile } from '../../scripts/encoder/encoder-figures.ts'
import { findEncoder } from '../../scripts/weights/packed-encoder.ts'
import type { Encoder } from '../../src/engine/encoders.ts'
import type { EvaluationSet } from '../accuracy/compare-faces.ts'
import { evaluate } from '../accuracy/evaluate.ts'
import { measurePairs } from '../accuracy/measure.ts'
import { crowdedRates } from './crowded.ts'
import { eitherEnrolled } from './either-enrolled.ts'
import { measureSearches } from './measure-searches.ts'
import { packedInTurn } from './packed-in-turn.ts'
import { rightlyLabelled } from './rightly-labelled.ts'
import { type SetFigures, strangersOfSet } from './sample-sets.ts'
import { timeEncoders } from './time-encoders.ts'
import { measureWithoutGate } from './without-gate.ts'

export interface CompareOptions {
  readonly names: readonly string[]
  readonly pairs: string
  readonly images: string
  /** Folders of people, each of which says how often strangers of one place match. */
  readonly sets: readonly string[]
  readonly onePerson: readonly (readonly string[])[]
  /** Folders of the images whose pairs of one person show two. */
  readonly mislabelled: readonly string[]
  /** As it was typed. */
  readonly command: string
}

/** Writes docs/accuracy/encoders.json. Returns what is in it. */
export async function compareEncoders(options: CompareOptions): Promise<EncoderFigures[]> {
  const rows: Encoder[] = []
  for (const name of options.names) rows.push(await findEncoder(name))
  const measured = await packedInTurn(rows, (encoder) => measureOne(encoder, options))
  const times = await timeEncoders(rows)
  const figures = measured.map((one, i) => ({ ...one, time: Math.round(times[i]! * 100) / 100 }))
  const file = {
    command: options.command,
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown'}`,
    encoders: figures,
  }
  await writeFile(encoderFiguresFile, `${JSON.stringify(file, null, 2)}\n`)
  return figures
}

async function measureOne(
  { name }: Encoder,
  { pairs, images, onePerson, mislabelled, sets: folders }: CompareOptions,
): Promise<Omit<EncoderFigures, 'time'>> {
  const { measurement, sets, encoded } = await evaluate({
    pairs,
    images,
    onePerson,
    crossValidate: true,
  })
  const { accuracy, rates, promises } = measurement
  if (accuracy === null) throw new Error('the list has no pairs of strangers')
  const listed = (chosen: readonly EvaluationSet[]) => measurePairs(encoded, chosen, measurement)
  const countOf = (chosen: readonly EvaluationSet[]): number =>
    chosen.reduce((sum, set) => sum + set.pairs.length, 0)
  const right = sets.map((set) => rightlyLabelled(set, mislabelled))
  const leftOut = countOf(sets) - countOf(right)
  const fmrs = rates.map(({ fmr }) => fmr)
  const ofSets: SetFigures[] = []
  for (const folder of folders) ofSets.push(await strangersOfSet(folder, fmrs))
  return {
    name,
    model: encoded.model,
    accuracy: accuracy.mean,
    fnmr: rates.map(({ fmr, fnmr, fnmrInterval: [low, high] }) => ({ fmr, fnmr, low, high })),
    withoutGate: await measureWithoutGate(encoded, sets),
    eitherEnrolled: listed(sets.map(eitherEnrolled)),
    rightlyLabelled: leftOut === 0 ? null : { leftOut, ...listed(right) },
    held: fmrs.map((fmr) => {
      const ratios = promises.flatMap((set) =>
        set.filter((row) => row.fmr === fmr).map((row) => row.measuredFmr / row.fmr),
      )
      return { fmr, least: Math.min(...ratios), most: Math.max(...ratios) }
    }),
    crowded: crowdedRates(sets).filter(({ fmr }) => fmrs.includes(fmr)),
    sets: ofSets,
    searches: measureSearches(sets),
  }
}
