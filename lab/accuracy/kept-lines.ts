/** What is kept of a photo that was encoded: a line of JSON in a file, written as soon as it is there. What cannot be read is encoded again. */

import { appendFile, readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { EncodedFile } from '../../scripts/people/encode-files.ts'
import { encodingToText } from '../../src/encoding/encoding-text.ts'
import type { Condition } from '../../src/face/condition/condition.ts'
import type { Quality } from '../../src/face/quality.ts'
import type { Measures } from '../../src/gate/rule.ts'

const quality = {
  sharpness: z.number(),
  brightness: z.number(),
  contrast: z.number(),
  yaw: z.number(),
  pitch: z.number(),
  roll: z.number(),
  faceSize: z.number(),
} satisfies Record<keyof Quality, z.ZodNumber>

const condition = {
  eyesCovered: z.number(),
  eyesVeiled: z.number(),
  mouthCovered: z.number(),
  distorted: z.number(),
  grainy: z.number(),
  shaken: z.number(),
  drawn: z.number(),
  painted: z.number(),
} satisfies Record<keyof Condition, z.ZodNumber>

const measures = {
  ...quality,
  ...condition,
  disagreement: z.number(),
  whole: z.number(),
  shown: z.number(),
} satisfies Record<keyof Measures, z.ZodNumber>

const keptLine = z.union([
  z.object({
    /** SHA-256 of the file, in hexadecimal. */
    photo: z.string(),
    single: z.string(),
    encoding: z.string(),
    quality: z.object(quality),
    measures: z.object(measures),
  }),
  z.object({ photo: z.string(), code: z.string() }),
])
export type KeptLine = z.output<typeof keptLine>

/** @param photo SHA-256 of the file, in hexadecimal. @throws Error for a fault of the pipeline, which is not kept */
export function keptLineOf(photo: string, result: EncodedFile): KeptLine {
  if ('error' in result) {
    if (result.error.code === 'internal') throw new Error(`${result.file}: ${result.error.detail}`)
    return { photo, code: result.error.code }
  }
  return {
    photo,
    single: encodingToText(Float32Array.from(result.single!)),
    encoding: encodingToText(Float32Array.from(result.encoding)),
    quality: result.quality!,
    measures: result.measures!,
  }
}

/** By photo. The last line of the file may be torn by a kill. */
export async function readKept(cache: string): Promise<Map<string, KeptLine>> {
  const text = await readFile(cache, 'utf8').catch(() => '')
  const kept = new Map<string, KeptLine>()
  for (const line of text.split('\n')) {
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      continue
    }
    const parsed = keptLine.safeParse(value)
    if (parsed.success) kept.set(parsed.data.photo, parsed.data)
  }
  // A torn line must not swallow the one that is written next.
  if (text.length > 0 && !text.endsWith('\n')) await appendFile(cache, '\n')
  return kept
}
