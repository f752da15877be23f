/** Photos of people -> the heads that the Worker runs, in src/face/condition/heads.json. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toTable } from '../../scripts/front/markdown-table.ts'
import { projectRoot } from '../../scripts/front/project-root.ts'
import type { PersonPhoto } from '../../scripts/photos/people.ts'
import { mapValues } from '../../src/lib/map-values.ts'
import { collectPictures, type Picture } from './collect-pictures.ts'
import type { LinearHead } from './fit/linear-head.ts'
import { headNames, learnHeads } from './learn-heads.ts'

export const headsFile = join(projectRoot, 'src', 'face', 'condition', 'heads.json')

/** Writes the heads; a table in Markdown of what each would refuse of people it was not fitted to. */
export async function learnCondition(
  photos: readonly PersonPhoto[],
  { spoilt, seed }: { readonly spoilt: number; readonly seed: number },
): Promise<string> {
  return writeHeads(await collectPictures(photos, spoilt, seed))
}

async function writeHeads(pictures: readonly Picture[]): Promise<string> {
  const { usual, heads, refused } = learnHeads(pictures)
  const written = {
    usual: { means: toBase64(usual.means), deviations: toBase64(usual.deviations) },
    heads: mapValues(heads, toJson),
  }
  await writeFile(headsFile, `${JSON.stringify(written, null, 2)}\n`)
  const people = new Set(pictures.map(({ person }) => person))
  return toTable([
    [`${pictures.length} pictures of ${people.size} people`, ...headNames],
    ...[...refused].map(([kind, shares]) => [
      kind,
      ...headNames.map((name) => `${(100 * shares[name]).toFixed(1)} %`),
    ]),
  ])
}

/** As src/face/condition/condition.ts reads it. */
function toJson({ weights, bias }: LinearHead): { weights: string; scale: number; bias: number } {
  const scale = Math.max(...weights.map(Math.abs)) / 32767
  const whole = Int16Array.from(weights, (weight) => Math.round(weight / scale))
  return { weights: toBase64(whole), scale, bias }
}

function toBase64({ buffer, byteOffset, byteLength }: Int16Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}
