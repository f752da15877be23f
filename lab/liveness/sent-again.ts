/**
 * Photos of a session that matched, sent once more in another one, worked on by somebody who hopes that they are not known; and new photos of the
 * same head, which must not be taken for them.
 */
import type { Codecs } from '../../src/image/decode/codecs.ts'
import { wereSeen } from '../../src/liveness/copies.ts'
import { compress, startCompressing } from '../datasets/picture-files.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { type Alteration, alter, alterations } from './drawn/alter.ts'
import type { Counted } from './measure-active.ts'
import type { Observed, Observer } from './observe.ts'

/** What was done to the photos of sequences, and how many of them are known. */
export type AgainRun = readonly (readonly [what: string, known: Counted])[]

/** @param runs at least one, with the same rows */
export function joinAgain(runs: readonly AgainRun[]): AgainRun {
  return runs[0]!.map(([what], row) => {
    const sum = (count: (known: Counted) => number): number =>
      runs.reduce((all, run) => all + count(run[row]![1]), 0)
    return [what, { count: sum(({ count }) => count), of: sum(({ of }) => of) }]
  })
}

/** @param pairs photos of one head, taken twice in the same poses */
export function newTakesSeen(
  pairs: readonly (readonly [first: Observed[], second: Observed[]])[],
): Counted {
  const seen = pairs.filter(([first, second]) => areKnown(second, first))
  return { count: seen.length, of: pairs.length }
}

function areKnown(again: readonly Observed[], earlier: readonly Observed[]): boolean {
  const prints = earlier.map(({ frame }) => frame.print)
  return wereSeen(
    again.map(({ frame }) => frame),
    [prints],
  )
}

/**
 * How many of the sequences are known again.
 *
 * @param sessions the photos of each
 * @param firstSeed of the first one; the others count on
 */
export async function sendAgain(
  observer: Observer,
  sessions: readonly (readonly Observed[])[],
  codecs: Codecs,
  firstSeed = 0,
): Promise<AgainRun> {
  await startCompressing()
  const rows: (readonly [string, Counted])[] = []
  for (const [what, how] of Object.entries(alterations)) {
    let [count, of] = [0, 0]
    for (const [place, shots] of sessions.entries()) {
      const random = new SeededRandom(firstSeed + place, what)
      const again = await altered(observer, shots, how, random, codecs)
      if (again === null) continue
      of++
      if (areKnown(again, shots)) count++
    }
    rows.push([what, { count, of }])
  }
  return rows
}

/** Null where a face can no longer be compared. */
async function altered(
  observer: Observer,
  shots: readonly Observed[],
  how: Alteration,
  random: SeededRandom,
  codecs: Codecs,
): Promise<Observed[] | null> {
  const again: Observed[] = []
  for (const { image } of shots) {
    const seen = observer.see(await compress(alter(image, how, random), how.quality, codecs))
    if (seen === null) return null
    again.push(seen)
  }
  return again
}
