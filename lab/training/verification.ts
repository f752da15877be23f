/** How well a network in training tells people apart: encodings of pairs of photos, and the ROC curve of their distances. */

import { computeRoc, type Roc } from '../learning/roc.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import type { Learners } from './learners.ts'
import type { PhotoPair } from './photos/split.ts'

/** Same pairs that one person counts for at most, so that nobody decides alone. */
const pairsPerPerson = 20

/** Pairs of one person among these photos, and as many of two, drawn; none where one of the two kinds is lacking. */
export function drawPairs(
  photos: readonly number[],
  people: readonly string[],
  seed: number,
): PhotoPair[] {
  const random = new SeededRandom(seed, 'validation pairs')
  const same: PhotoPair[] = []
  for (const theirs of Map.groupBy(photos, (photo) => people[photo]!).values()) {
    const pairs = theirs.flatMap((left, i) =>
      theirs.slice(i + 1).map((right) => ({ left, right, same: true })),
    )
    same.push(...random.shuffled(pairs).slice(0, pairsPerPerson))
  }
  if (new Set(photos.map((photo) => people[photo])).size < 2) return []
  const different: PhotoPair[] = []
  while (different.length < same.length) {
    const left = photos[random.below(photos.length)]!
    const right = photos[random.below(photos.length)]!
    if (people[left] !== people[right]) different.push({ left, right, same: false })
  }
  return [...same, ...different]
}

/** @throws Error when there are no pairs of one of the two kinds */
export async function verify(learners: Learners, pairs: readonly PhotoPair[]): Promise<Roc> {
  const photos = [...new Set(pairs.flatMap(({ left, right }) => [left, right]))]
  const encodings = await learners.encode(photos.map((photo) => ({ photo, variant: 0 })))
  const length = encodings.length / photos.length
  const rowOf = new Map(photos.map((photo, row) => [photo, row]))
  const encodingOf = (photo: number): Float32Array => {
    const first = rowOf.get(photo)! * length
    return encodings.subarray(first, first + length)
  }
  return computeRoc(
    pairs.map(({ left, right, same }) => {
      const [a, b] = [encodingOf(left), encodingOf(right)]
      return { same, distance: Math.hypot(...a.map((value, i) => value - b[i]!)) }
    }),
  )
}
