/** What was measured of the encoders, in one run with one command: docs/accuracy/encoders.json. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { projectRoot } from '../front/project-root.ts'

export const encoderFiguresFile = join(projectRoot, 'docs', 'accuracy', 'encoders.json')

const share = z.number().min(0).max(1)

/** Of listed pairs that were chosen in some way. */
const listedRates = z.object({
  accuracy: share,
  fnmr: z.array(z.object({ fmr: share, fnmr: share })),
})

const encoderFigures = z.object({
  name: z.string(),
  model: z.string(),
  accuracy: share,
  /** FNMR at FMR, with its 95 % interval by person. */
  fnmr: z.array(z.object({ fmr: share, fnmr: share, low: share, high: share })),
  /** The same where every photo is enrolled and compared, and none is held strictly. */
  withoutGate: listedRates,
  /** The same where the other photo of a pair is enrolled in place of one that enrollment refuses. */
  eitherEnrolled: listedRates,
  /** The same, in the list's own order, without pairs of one person that show two; null where none was named. */
  rightlyLabelled: listedRates.extend({ leftOut: z.number().int() }).nullable(),
  /** How many times the rate wanted was measured, on people to whom nothing was fitted: from the best fold to the worst. */
  held: z.array(z.object({ fmr: share, least: z.number(), most: z.number() })),
  /** FMR of two faces of the most crowded tenth, at the threshold for everybody. */
  crowded: z.array(z.object({ fmr: share, crowdedFmr: share })),
  /** Strangers who match within one set of photos, by the calibration that ships. */
  sets: z.array(
    z.object({
      set: z.string(),
      pairs: z.number(),
      matched: z.array(z.object({ fmr: share, count: z.number() })),
    }),
  ),
  searches: z.array(z.object({ people: z.number(), fmr: share, fpir: share, fnir: share })),
  /** Of encoding one face, as a share of the first encoder's in the same run. */
  time: z.number(),
})
export type EncoderFigures = z.output<typeof encoderFigures>

export const figuresFile = z.object({
  command: z.string(),
  date: z.iso.date(),
  machine: z.string(),
  encoders: z.array(encoderFigures),
})

export async function readEncoderFigures(): Promise<EncoderFigures[]> {
  const text = await readFile(encoderFiguresFile, 'utf8').catch(() => null)
  return text === null ? [] : figuresFile.parse(JSON.parse(text)).encoders
}
