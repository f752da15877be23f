/**
 * Which photos are learnt from, and which only tell how well that went. Always by person: nobody is on both sides. Pure.
 */

import type { LabelledPair } from '../../datasets/pairs.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'

/** Numbers of photos. */
export interface PhotoPair {
  readonly left: number
  readonly right: number
  readonly same: boolean
}

export interface Split {
  /** Numbers of the photos to learn from. */
  readonly train: readonly number[]
  /** Of people who are held back, for choosing when to stop. */
  readonly validation: readonly number[]
  /** Listed pairs of yet other people, looked at before and after; empty without a list. */
  readonly test: readonly PhotoPair[]
}

export interface SplitOptions {
  /** Share of the people, drawn, or their names. */
  readonly validation: number | readonly string[]
  readonly seed: number
  /** Only people of the train folds are learnt from, and none who is in a test fold. */
  readonly folds?: {
    /** Of photos by their names, as LabelledPhotos has them. */
    readonly pairs: readonly LabelledPair[]
    readonly train: readonly number[]
    readonly test: readonly number[]
  }
}

/**
 * @param names of the photos
 * @param people who is on each
 * @throws Error when a person or a fold is asked for that there is not, or nobody is left to learn from
 */
export function splitPhotos(
  names: readonly string[],
  people: readonly string[],
  { validation, seed, folds }: SplitOptions,
): Split {
  const numberOf = new Map(names.map((name, photo) => [name, photo]))
  if (folds && !folds.pairs.some(({ left, right }) => numberOf.has(left) || numberOf.has(right))) {
    throw new Error(
      `of the photos that the list of pairs names none is there: it says ${folds.pairs[0]?.left}, the photos are called ${names[0]}`,
    )
  }
  const inFolds = (wanted: readonly number[]): LabelledPair[] =>
    wanted.flatMap((fold) => {
      const pairs = folds!.pairs.filter((pair) => pair.fold === fold)
      if (pairs.length === 0) throw new Error(`the list of pairs has no fold ${fold}`)
      return pairs
    })
  const peopleOf = (pairs: readonly LabelledPair[]): Set<string> =>
    new Set(
      pairs.flatMap(({ left, right }) =>
        [left, right].flatMap((name) => people[numberOf.get(name) ?? -1] ?? []),
      ),
    )
  const tested = folds ? peopleOf(inFolds(folds.test)) : new Set<string>()
  const learnt = folds ? peopleOf(inFolds(folds.train)) : new Set(people)
  const candidates = [...learnt].filter((person) => !tested.has(person)).sort()
  const held = new Set(holdBack(candidates, validation, seed))
  const photosOf = (wanted: (person: string) => boolean): number[] =>
    people.flatMap((person, photo) => (wanted(person) ? [photo] : []))
  const isCandidate = new Set(candidates)
  const train = photosOf((person) => isCandidate.has(person) && !held.has(person))
  if (train.length === 0) throw new Error('nobody is left to learn from')
  return {
    train,
    validation: photosOf((person) => held.has(person)),
    test: folds ? toNumbers(inFolds(folds.test), numberOf) : [],
  }
}

/** Fewer make no pair of strangers. */
const leastHeld = 2

/** Of fewer people nobody is held back unless named: too few would be left to learn from. */
const leastPeople = 6

function holdBack(
  candidates: readonly string[],
  validation: number | readonly string[],
  seed: number,
): readonly string[] {
  if (typeof validation === 'number') {
    const share = Math.round(candidates.length * validation)
    const few = candidates.length < leastPeople || validation === 0 ? 0 : leastHeld
    const count = share < leastHeld ? few : share
    return new SeededRandom(seed, 'validation people').shuffled(candidates).slice(0, count)
  }
  const unknown = validation.filter((person) => !candidates.includes(person))
  if (unknown.length > 0) throw new Error(`there are no photos of ${unknown.join(', ')}`)
  if (validation.length < leastHeld) {
    throw new Error(
      `${validation.join()} alone makes no pair of strangers, expected two or more people`,
    )
  }
  return validation
}

/** Pairs with a photo in which no face was found are left out. */
function toNumbers(
  pairs: readonly LabelledPair[],
  numberOf: ReadonlyMap<string, number>,
): PhotoPair[] {
  return pairs.flatMap(({ left, right, same }) => {
    const [a, b] = [numberOf.get(left), numberOf.get(right)]
    return a === undefined || b === undefined ? [] : [{ left: a, right: b, same }]
  })
}
