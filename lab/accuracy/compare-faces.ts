/**
 * Encoded faces in the places of a metric, and listed pairs of them: the left photo of a pair is enrolled, the right one is the probe. A pair
 * whose photos cannot be compared has no distance. Pure.
 */
import { type Metric, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import type { LabelledPair } from '../datasets/pairs.ts'
import type { EncodedPhotos, MeasuredFace, MissedPhoto } from './encoded-photos.ts'
import { heldDistance } from './rates/held-distance.ts'
import type { PlacedFace } from './rates/impostors.ts'
import type { GenuinePair, LabelledDistance } from './rates/rates.ts'

/** Faces that were all compared with one another in one metric. */
export interface EvaluationSet {
  readonly metric: Metric
  readonly faces: readonly MeasuredFace[]
  /** Photos that the gate does not pass; those in doubt are probes all the same. */
  readonly missed?: readonly MissedPhoto[]
  readonly pairs: readonly LabelledPair[]
  /** Thresholds by rate whose promise is to be held against this set; fitted to other people. */
  readonly thresholds: readonly { readonly fmr: number; readonly threshold: number }[]
  /** For the accuracy of its pairs, fitted to other people (least-error.ts); without one it is taken from the pairs of the other folds. */
  readonly leastError?: number
}

/** Everybody of whom there is a photo, by number. */
export interface People {
  readonly count: number
  number(person: string): number
  /** @param file of a photo, with a face or without */
  numberOn(file: string): number
}

export function peopleOf({ faces, missed }: EncodedPhotos): People {
  const photos = [...faces, ...missed]
  const people = [...new Set(photos.map(({ person }) => person))].sort()
  const numbers = new Map(people.map((person, i) => [person, i]))
  const personOn = new Map(photos.map(({ file, person }) => [file, person]))
  const number = (person: string): number => numbers.get(person)!
  return { count: people.length, number, numberOn: (file) => number(personOn.get(file)!) }
}

interface Place extends PlacedFace {
  readonly file: string
}

export interface Places {
  readonly enrolled: readonly Place[]
  readonly probes: readonly Place[]
}

export function placeFaces(
  { metric, faces, missed = [] }: EvaluationSet,
  { number }: People,
): Places {
  const place = (face: Pick<MeasuredFace, 'person' | 'file'>, encoding: Float32Array) => ({
    person: number(face.person),
    file: face.file,
    place: prepareEncoding(metric, encoding),
  })
  const placeFace = (face: MeasuredFace, encoding: Float32Array): Place => ({
    ...place(face, encoding),
    suspicion: face.suspicion,
  })
  const enrolled = faces
    .filter(({ enrollable, isProbe }) => enrollable && !isProbe)
    .map((face) => placeFace(face, face.enrolled))
  const passing = faces.map((face) => placeFace(face, face.probe))
  const doubted = missed.flatMap((face) =>
    face.inDoubt ? [{ ...place(face, face.inDoubt), isInDoubt: true }] : [],
  )
  return { enrolled, probes: [...passing, ...doubted] }
}

export function comparePairs(
  { enrolled, probes }: Places,
  pairs: readonly LabelledPair[],
  { numberOn }: People,
): { readonly listed: LabelledDistance[]; readonly genuine: GenuinePair[] } {
  const lefts = new Map(enrolled.map((face) => [face.file, face]))
  const rights = new Map(probes.map((face) => [face.file, face]))
  const listed: LabelledDistance[] = []
  const genuine: GenuinePair[] = []
  for (const { fold, left, right, same } of pairs) {
    const [a, b] = [lefts.get(left), rights.get(right)]
    const distance = a && b ? heldDistance(a, b) : null
    listed.push({ fold, same, distance })
    if (same) genuine.push({ person: numberOn(left), distance })
  }
  return { listed, genuine }
}
