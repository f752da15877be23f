/**
 * Photos of a session that matched, sent once more in another one, worked on by somebody who hopes that they are not known; and new photos of the
 * same head, which must not be taken for them.
 */
import { progressBar } from '../../scripts/front/progress.ts'
import type { Codecs } from '../../src/image/decode/codecs.ts'
import { wereSeen } from '../../src/liveness/copies.ts'
import { compress, startCompressing } from '../datasets/picture-files.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { type Alteration, alter, alterations } from './drawn/alter.ts'
import type { Counted } from './measure-active.ts'
import type { Observed, Observer } from './observe.ts'

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

/** How many of the sequences are known again. @param sessions the photos of each */
export async function sendAgain(
  observer: Observer,
  sessions: readonly (readonly Observed[])[],
  codecs: Codecs,
): Promise<(readonly [what: string, known: Counted])[]> {
  await startCompressing()
  const kinds = Object.entries(alterations)
  const bar = progressBar('sent again')
  bar.start(kinds.length * sessions.length)
  const rows: (readonly [string, Counted])[] = []
  for (const [what, how] of kinds) {
    let [count, of] = [0, 0]
    for (const [seed, shots] of sessions.entries()) {
      const again = await altered(observer, shots, how, new SeededRandom(seed, what), codecs)
      bar.step()
      if (again === null) continue
      of++
      if (areKnown(again, shots)) count++
    }
    rows.push([what, { count, of }])
  }
  bar.stop()
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
