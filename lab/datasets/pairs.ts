/**
 * Labelled pairs of photos, as evaluation and training read them: from a CSV file with the columns fold, left, right and
 * same, such as LFW's list, or all pairs of one person.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { PersonPhoto } from '../../scripts/photos/people.ts'

export interface LabelledPair {
  readonly fold: number
  /** Path of the photo that is enrolled. */
  readonly left: string
  /** Path of the photo that is verified. */
  readonly right: string
  readonly same: boolean
}

/**
 * @param imagesDir folder below which the paths of the file lie; they stay as they are unless it is given
 * @throws Error when there is no such file, a column is missing or wrong, or there is no pair
 */
export async function readPairs(file: string, imagesDir = ''): Promise<LabelledPair[]> {
  const pairs: LabelledPair[] = []
  for (const { fold, left, right, same } of parseRows(file, await readFile(file))) {
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

function parseRows(file: string, text: Buffer): Partial<Record<string, string>>[] {
  try {
    return parse<Partial<Record<string, string>>>(text, { columns: true, trim: true })
  } catch (error) {
    const why = error instanceof Error ? error.message : `${error}`
    throw new Error(`${file}: this is no list of pairs in CSV: ${why}`)
  }
}

/** Every two photos of one person, each once, in no fold in particular; photos of a camera are on the right only. */
export function genuinePairs(photos: readonly PersonPhoto[]): LabelledPair[] {
  return [...Map.groupBy(photos, ({ person }) => person).values()].flatMap((own) =>
    own.flatMap(({ file: left, isProbe }, i) =>
      isProbe
        ? []
        : own.slice(i + 1).map(({ file: right }) => ({ fold: 0, left, right, same: true })),
    ),
  )
}
