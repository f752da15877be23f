/**
 * Batches of P people with K photos each, as triplets need them: with photos drawn at random, hardly any two of a batch
 * would show one person. People with a single photo fill up what is left, since they are good negatives. Pure.
 */
import type { SeededRandom } from './seeded-random.ts'

export interface BatchSize {
  /** P: people with two photos or more. */
  readonly people: number
  /** K: photos of each, at most; who has fewer comes with all. */
  readonly photos: number
}

/**
 * The batches of one epoch: every person with two photos or more is in one of them; the last people, fewer than P, come
 * with people drawn again. A batch has P * K photos, fewer only where there are not enough people with a single photo.
 *
 * @param labels who each photo shows
 * @returns indices of photos
 * @throws Error when fewer than two people can be told apart
 */
export function drawBatches(
  labels: readonly number[],
  { people, photos }: BatchSize,
  random: SeededRandom,
): number[][] {
  const byPerson = Map.groupBy(labels.keys(), (photo) => labels[photo]!)
  const several = [...byPerson.values()].filter((theirs) => theirs.length > 1)
  const singles = [...byPerson.values()].flatMap((theirs) => (theirs.length === 1 ? theirs : []))
  if (several.length === 0 || byPerson.size < 2) {
    throw new Error(
      `${byPerson.size} people, ${several.length} of them with two photos or more; expected two people, one with two photos`,
    )
  }
  const order = random.shuffled(several)
  // The last batch is filled up with people drawn again, none twice in it.
  const missing = Math.min((people - (order.length % people)) % people, order.length)
  const last = order.slice(order.length - (order.length % people))
  const again = random.shuffled(several.filter((theirs) => !last.includes(theirs)))
  order.push(...again.slice(0, missing))
  const batches: number[][] = []
  for (let first = 0; first < order.length; first += people) {
    const batch = order
      .slice(first, first + people)
      .flatMap((theirs) => random.shuffled(theirs).slice(0, photos))
    const left = people * photos - batch.length
    batches.push([...batch, ...random.shuffled(singles).slice(0, left)])
  }
  return batches
}
