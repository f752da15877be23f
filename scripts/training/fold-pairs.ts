/** Reads a list of pairs with folds: CSV with the columns fold, left, right and same (0 or 1), as of LFW. */
import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import type { FoldPair } from './split.ts'

/** @throws Error when there is no such file, or a column is missing */
export async function readFoldPairs(file: string): Promise<FoldPair[]> {
  const pairs: FoldPair[] = []
  for await (const row of createReadStream(file).pipe(parse({ columns: true, trim: true }))) {
    const { fold, left, right, same } = row as Partial<Record<string, string>>
    if (!fold || !left || !right || (same !== '0' && same !== '1')) {
      throw new Error(`${file}: expected the columns fold, left, right and same (0 or 1)`)
    }
    pairs.push({ fold, left, right, same: same === '1' })
  }
  return pairs
}
