/**
 * Photos of known people through the shipped pipeline, each as a probe and as enrolled. Results are kept in
 * build/encodings (kept-lines.ts) by content of the photo, weights and source of the pipeline, so that a second run, or one that goes on after
 * a kill, encodes only what is new.
 */

import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { progressBar } from '../../scripts/front/progress.ts'
import { encodeFiles } from '../../scripts/people/encode-files.ts'
import type { PersonPhoto } from '../../scripts/photos/people.ts'
import { pipelineHash } from '../../scripts/setup/pipeline-hash.ts'
import { buildDir } from '../../scripts/weights/networks.ts'
import { packedModel } from '../../scripts/weights/packed-model.ts'
import { encodingFromText } from '../../src/encoding/encoding-text.ts'
import type { Quality } from '../../src/face/quality.ts'
import { faultOf, isInDoubt, suspicionOf } from '../../src/gate/judge-face.ts'
import type { LabelledFace } from './fit/fit-cohort.ts'
import { keptLineOf, readKept } from './kept-lines.ts'

export interface MeasuredFace extends LabelledFace {
  readonly file: string
  readonly quality: Quality
  /** False when the photo is good enough for a probe, but not to be enrolled. */
  readonly enrollable: boolean
  /** A camera's photo, which is compared and never enrolled. */
  readonly isProbe?: true
}

export interface MissedPhoto {
  readonly file: string
  readonly person: string
  /** Why it is refused: a code of the list in src/errors/error-table.ts. */
  readonly code: string
  /** The encoding of a probe that /verify compares all the same, in doubt; it is refused everywhere else. */
  readonly inDoubt?: Float32Array
}

export interface EncodedPhotos {
  /** Encoder and pipeline. */
  readonly model: string
  readonly faces: readonly MeasuredFace[]
  readonly missed: readonly MissedPhoto[]
}

/**
 * @param isGated false takes every face for a sound one, whatever the gate says of it; true unless given
 * @throws Error when nothing is packed, or a photo cannot be read from disk
 */
export async function encodePhotos(
  photos: readonly PersonPhoto[],
  { isGated = true }: { readonly isGated?: boolean } = {},
): Promise<EncodedPhotos> {
  const model = await packedModel()
  const cache = join(buildDir, 'encodings', `${model}-${(await pipelineHash()).slice(0, 8)}.ndjson`)
  const kept = await readKept(cache)
  const hashes: string[] = []
  // One after the other: more files than a process may have open.
  for (const { file } of photos) hashes.push(await hashFile(file))
  const missing = photos.filter((_, i) => !kept.has(hashes[i]!))
  const hashOf = new Map(photos.map(({ file }, i) => [file, hashes[i]!]))
  await mkdir(dirname(cache), { recursive: true })
  const bar = progressBar('encoding photos')
  bar.start(missing.length)
  let written = Promise.resolve()
  await encodeFiles(
    missing.map(({ file }) => file),
    { mirror: true, faces: 'main' },
    (result) => {
      const line = keptLineOf(hashOf.get(result.file)!, result)
      kept.set(line.photo, line)
      written = written.then(() => appendFile(cache, `${JSON.stringify(line)}\n`))
      bar.step()
    },
  )
  await written
  bar.stop()
  const faces: MeasuredFace[] = []
  const missed: MissedPhoto[] = []
  for (const [i, { file, person, isProbe }] of photos.entries()) {
    const line = kept.get(hashes[i]!)!
    if ('code' in line) {
      missed.push({ file, person, code: line.code })
      continue
    }
    const { measures, quality } = line
    const fault = isGated && faultOf(measures, 'probe')?.code
    const probe = encodingFromText(line.single)!
    if (fault) {
      missed.push({ file, person, code: fault, ...(isInDoubt(measures) && { inDoubt: probe }) })
      continue
    }
    faces.push({
      file,
      person,
      probe,
      enrolled: encodingFromText(line.encoding)!,
      quality,
      enrollable: !isGated || faultOf(measures, 'enrollment') === null,
      ...(isProbe && { isProbe }),
      ...(isGated && { suspicion: suspicionOf(measures) }),
    })
  }
  return { model, faces, missed }
}

/** What is said of photos one by one, before the rest is counted. */
const maxMissedLines = 10

/** Which photos were passed over and why, a line each, and how many more. */
export function describeMissed(missed: readonly MissedPhoto[]): string[] {
  const more = missed.length - maxMissedLines
  return [
    ...missed.slice(0, maxMissedLines).map(({ file, code }) => `passed over: ${file}: ${code}`),
    ...(more > 0 ? [`passed over: ${more} more photos`] : []),
  ]
}

async function hashFile(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}
