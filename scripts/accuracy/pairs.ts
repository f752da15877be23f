/** Labelled pairs of photos: from a CSV file with the columns fold, left, right, same, or all pairs of one person. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import type { PersonPhoto } from '../people.ts'

export interface LabelledPair {
  readonly fold: number
  /** Path of the photo that is enrolled. */
  readonly left: string
  /** Path of the photo that is verified. */
  readonly right: string
  readonly same: boolean
}

/** @param imagesDir folder below which the paths of the file lie. @throws Error when a column is missing or wrong */
export async function readPairs(file: string, imagesDir: string): Promise<LabelledPair[]> {
  const pairs: LabelledPair[] = []
  for await (const row of createReadStream(file).pipe(parse({ columns: true, trim: true }))) {
    const { fold, left, right, same } = row as Partial<Record<string, string>>
    const number = Number(fold)
    if (!left || !right || (same !== '0' && same !== '1') || !fold || !Number.isInteger(number)) {
      throw new Error(
        `${file}: expected the columns fold (a number), left, right and same (0 or 1) in every line`,
      )
    }
    pairs.push({
      fold: number,
      left: join(imagesDir, left),
      right: join(imagesDir, right),
      same: same === '1',
    })
  }
  if (pairs.length === 0) throw new Error(`${file}: there is no pair in it`)
  return pairs
}

/** Every two photos of one person, each once, in no fold in particular. */
export function genuinePairs(photos: readonly PersonPhoto[]): LabelledPair[] {
  return [...Map.groupBy(photos, ({ person }) => person).values()].flatMap((own) =>
    own.flatMap(({ file: left }, i) =>
      own.slice(i + 1).map(({ file: right }) => ({ fold: 0, left, right, same: true })),
    ),
  )
}
