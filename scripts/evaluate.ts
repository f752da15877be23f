/**
 * npm run evaluate -- --pairs pairs.csv --images DIR
 *
 * The shipped pipeline on labelled pairs of photos (columns fold,left,right,same; paths below DIR): in how many photos a
 * face is found, and what share of the pairs the best single threshold decides rightly. A pair with a photo that has no
 * face is a wrong answer.
 */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'csv-parse'
import { distance } from '../src/identity/compare.ts'
import { encodeFiles } from './encode-files.ts'
import { findPhotos } from './photos.ts'
import { progressBar } from './progress.ts'

export interface LabelledPair {
  /** Paths below the folder of images. */
  readonly left: string
  readonly right: string
  readonly same: boolean
}

export interface Evaluation {
  readonly photos: number
  /** Photos in which a face was found. */
  readonly found: number
  readonly pairs: number
  /** 0..1 */
  readonly bestAccuracy: number
  readonly bestThreshold: number
}

export async function readPairs(file: string): Promise<LabelledPair[]> {
  const pairs: LabelledPair[] = []
  for await (const row of createReadStream(file).pipe(parse({ columns: true, trim: true }))) {
    const { left, right, same } = row as Partial<Record<string, string>>
    if (!left || !right || (same !== '0' && same !== '1')) {
      throw new Error(`${file}: expected the columns left, right and same (0 or 1)`)
    }
    pairs.push({ left, right, same: same === '1' })
  }
  return pairs
}

/**
 * The threshold at which most pairs are decided rightly; a pair matches when its distance is at most the threshold.
 *
 * @param scored distance null: no face, wrong at every threshold
 */
export function bestThreshold(
  scored: readonly { readonly distance: number | null; readonly same: boolean }[],
): { accuracy: number; threshold: number } {
  const known = scored
    .flatMap(({ distance, same }) => (distance === null ? [] : [{ distance, same }]))
    .sort((left, right) => left.distance - right.distance)
  let right = known.filter(({ same }) => !same).length
  let best = { right, threshold: 0 }
  for (const [i, { distance, same }] of known.entries()) {
    right += same ? 1 : -1
    // Equal distances fall on the same side of every threshold.
    if (known[i + 1]?.distance === distance) continue
    if (right > best.right) best = { right, threshold: distance }
  }
  return { accuracy: best.right / scored.length, threshold: best.threshold }
}

export async function evaluate(pairsFile: string, imagesDir: string): Promise<Evaluation> {
  const pairs = await readPairs(pairsFile)
  const photos = await findPhotos([imagesDir])
  const encodings = new Map<string, Float32Array>()
  const bar = progressBar('encoding photos')
  bar.start(photos.length)
  await encodeFiles(photos, { faces: 'main' }, (result) => {
    if ('encoding' in result) encodings.set(result.file, Float32Array.from(result.encoding))
    bar.step()
  })
  bar.stop()
  const scored = pairs.map(({ left, right, same }) => {
    const [a, b] = [left, right].map((path) => encodings.get(join(imagesDir, path)))
    return { same, distance: a && b ? distance(a, b) : null }
  })
  const { accuracy, threshold } = bestThreshold(scored)
  return {
    photos: photos.length,
    found: encodings.size,
    pairs: pairs.length,
    bestAccuracy: accuracy,
    bestThreshold: threshold,
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { pairs: { type: 'string' }, images: { type: 'string' } },
  })
  if (!values.pairs || !values.images) {
    console.error('usage: npm run evaluate -- --pairs pairs.csv --images DIR')
    process.exit(2)
  }
  const result = await evaluate(values.pairs, values.images)
  console.log(`faces found: ${result.found} of ${result.photos} photos`)
  console.log(
    `best threshold ${result.bestThreshold.toFixed(4)}: ` +
      `${(result.bestAccuracy * 100).toFixed(2)} % of ${result.pairs} pairs decided rightly`,
  )
}
