/**
 * How well the shipped pipeline tells people apart: listed pairs (columns fold, left, right, same), or every two photos of one
 * person, against every cross pair of strangers. Metric and thresholds are those that ship; with cross-validation those of each
 * fold are fitted to the people of the other folds alone.
 */
import type { GivenKeys } from '../../scripts/photos/h5-dataset.ts'
import {
  type PeopleAndProbes,
  type PersonPhoto,
  readPeople,
  requireSomebody,
} from '../../scripts/photos/people.ts'
import type { MetricKind } from '../../src/encoding/metrics/metric.ts'
import { asOnePerson } from '../datasets/one-person.ts'
import { genuinePairs, type LabelledPair, readPairs } from '../datasets/pairs.ts'
import { type EncodedPhotos, encodePhotos } from './encoded-photos.ts'
import { crossValidated, type FoldSet, shippedSet } from './evaluation-sets.ts'
import { measure, type Scored } from './measure.ts'
import { type NamedProbe, nameProbes } from './name-probes.ts'

export interface EvaluateOptions {
  readonly pairs?: string
  readonly images?: string
  readonly h5?: string
  /** Names of the datasets in the h5 file. */
  readonly keys?: GivenKeys
  readonly crossValidate?: boolean
  /** Names under which one person stands in the folder twice. */
  readonly onePerson?: readonly (readonly string[])[]
  /** For cross-validation; that which ships unless given. */
  readonly metric?: MetricKind
}

export interface Evaluation extends Scored {
  readonly sets: readonly FoldSet[]
  readonly encoded: EncodedPhotos
  readonly pairs: readonly LabelledPair[]
  /** Photos of cameras of which nothing says who is on them. */
  readonly probes: readonly NamedProbe[]
  /** What was not read, a line each. */
  readonly left: readonly string[]
}

/** @throws Error when there are no photos or no pairs, or no cross-validation can be done */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const source = options.h5 ?? options.images!
  const found = requireSomebody(source, await readPeople(source, options.keys))
  const known = [...found.photos, ...labelledProbes(found)]
  const pairs = options.pairs
    ? await readPairs(options.pairs, options.images!)
    : genuinePairs(known)
  const unknown = options.pairs ? [] : found.probes.filter(({ person }) => person === undefined)
  const photos = options.pairs ? photosOf(pairs, known, found) : known
  const everything = await encodePhotos([
    ...asOnePerson(photos, options.onePerson ?? []),
    ...unknown.map(({ file }): PersonPhoto => ({ person: file, file, isProbe: true })),
  ])
  const isUnknown = new Set(unknown.map(({ file }) => file))
  const encoded: EncodedPhotos = {
    ...everything,
    faces: everything.faces.filter(({ file }) => !isUnknown.has(file)),
    missed: everything.missed.filter(({ file }) => !isUnknown.has(file)),
  }
  const looked = [...everything.faces, ...everything.missed]
    .filter(({ file }) => isUnknown.has(file))
    .sort((one, other) => (one.file < other.file ? -1 : 1))
  const sets = options.crossValidate
    ? crossValidated(encoded, pairs, options.metric)
    : [shippedSet(encoded, pairs)]
  const { left } = found
  const probes = nameProbes(encoded, looked)
  return { ...measure(encoded, sets), sets, encoded, pairs, probes, left }
}

/** Somebody of whom there is no photo is a person of their own. */
export function labelledProbes({ probes }: PeopleAndProbes): PersonPhoto[] {
  return probes.flatMap(({ file, person }): PersonPhoto[] =>
    person === undefined ? [] : [{ person: person ?? file, file, isProbe: true }],
  )
}

/** The photos that the pairs name. A camera's photo that no list speaks of is of whom a pair says it is. */
function photosOf(
  pairs: readonly LabelledPair[],
  known: readonly PersonPhoto[],
  { probes }: PeopleAndProbes,
): PersonPhoto[] {
  const people = new Map(known.map(({ file, person }) => [file, person]))
  const cameras = probes
    .filter(({ file }) => !people.has(file))
    .map(({ file }): PersonPhoto => {
      const own = pairs.filter(({ same, left, right }) => same && (left === file || right === file))
      const others = own.map(({ left, right }) => people.get(left === file ? right : left))
      return { person: others.find((person) => person !== undefined) ?? file, file }
    })
  const named = new Set(pairs.flatMap(({ left, right }) => [left, right]))
  // Which side of a pair is enrolled, the list says itself.
  const photos = [...known, ...cameras]
    .filter(({ file }) => named.delete(file))
    .map(({ person, file }) => ({ person, file }))
  const [absent] = named
  if (absent) throw new Error(`${absent}: the pairs name this photo, but there is no such file`)
  return photos
}
