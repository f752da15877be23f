/** What was measured of the encoders, in one run with one command: docs/accuracy/encoders.json. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { projectRoot } from '../weights/networks.ts'

export const encoderFiguresFile = join(projectRoot, 'docs', 'accuracy', 'encoders.json')

const share = z.number().min(0).max(1)

const encoderFigures = z.strictObject({
  name: z.string(),
  model: z.string(),
  accuracy: share,
  /** FNMR at FMR, by rate. */
  fnmr: z.array(z.strictObject({ fmr: share, fnmr: share })),
  /** Of encoding one face, as a share of dlib-resnet's in the same run. */
  time: z.number(),
})
export type EncoderFigures = z.output<typeof encoderFigures>

const figuresFile = z.looseObject({
  command: z.string(),
  date: z.iso.date(),
  machine: z.string(),
  encoders: z.array(encoderFigures.loose()),
})

export async function readEncoderFigures(): Promise<EncoderFigures[]> {
  const text = await readFile(encoderFiguresFile, 'utf8').catch(() => null)
  return text === null ? [] : figuresFile.parse(JSON.parse(text)).encoders
}
