/**
 * Encoded faces in the places of a metric, and listed pairs of them: the left photo of a pair is enrolled, the right one is the probe. A pair
 * whose photos cannot be compared has no distance. A probe for which the threshold would shrink is farther away instead. Pure.
 */
import { type Held, heldTo } from '../../src/decision/doubt.ts'
import type { PreparedEncoding } from '../../src/encoding/metrics/behaviour.ts'
import { distanceBetween, type Metric, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import type { LabelledPair } from '../datasets/pairs.ts'
import type { EncodedPhotos, MeasuredFace, MissedPhoto } from './encoded-photos.ts'
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

interface Place {
  readonly person: number
  readonly file: string
  readonly place: PreparedEncoding
}

export interface Places {
  readonly enrolled: readonly Place[]
  readonly probes: readonly Place[]
}

export function placeFaces(
  { metric, faces, missed = [] }: EvaluationSet,
  { number }: People,
): Places {
  const place = (taken: readonly MeasuredFace[], of: (face: MeasuredFace) => PreparedEncoding) =>
    taken.map((face) => ({ person: number(face.person), file: face.file, place: of(face) }))
  const enrolled = place(
    faces.filter(({ enrollable, isProbe }) => enrollable && !isProbe),
    ({ enrolled: encoding }) => prepareEncoding(metric, encoding),
  )
  const doubted = missed.flatMap(({ person, file, inDoubt: probe }) =>
    probe
      ? [{ person: number(person), file, place: fartherWhenHeld(metric, probe, { doubt: true }) }]
      : [],
  )
  const passing = place(faces, (face) => fartherWhenHeld(metric, face.probe, face))
  return { enrolled, probes: [...passing, ...doubted] }
}

export function comparePairs(
  { enrolled, probes }: Places,
  pairs: readonly LabelledPair[],
  { numberOn }: People,
): { readonly listed: LabelledDistance[]; readonly genuine: GenuinePair[] } {
  const lefts = new Map(enrolled.map(({ file, place }) => [file, place]))
  const rights = new Map(probes.map(({ file, place }) => [file, place]))
  const listed: LabelledDistance[] = []
  const genuine: GenuinePair[] = []
  for (const { fold, left, right, same } of pairs) {
    const [a, b] = [lefts.get(left), rights.get(right)]
    const distance = a && b ? distanceBetween(a, b) : null
    listed.push({ fold, same, distance })
    if (same) genuine.push({ person: numberOn(left), distance })
  }
  return { listed, genuine }
}

/** Every distance from it grows as the threshold would shrink. */
function fartherWhenHeld(
  metric: Metric,
  probe: Float32Array,
  { doubt, suspicion }: Held,
): PreparedEncoding {
  const place = prepareEncoding(metric, probe)
  return { ...place, scale: place.scale / heldTo({ threshold: 1 }, { doubt, suspicion }).threshold }
}
