/**
 * How well the shipped pipeline tells people apart, from encoded photos and labelled pairs. The left photo of a pair is
 * enrolled, the right one is the probe, as at /verify. Strangers are not only the listed ones: every photo is compared
 * with every photo of everybody else. A photo without an encoding, or not good enough to be enrolled where it should be,
 * fails the pair. A probe in doubt is held against a stricter threshold, as at /verify: here it is farther away instead.
 */

import { inDoubt } from '../../src/decision/doubt.ts'
import type { PreparedEncoding } from '../../src/encoding/metrics/behaviour.ts'
import { distanceBetween, type Metric, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import type { LabelledPair } from '../datasets/pairs.ts'
import { computeRoc } from '../learning/roc.ts'
import type { EncodedPhotos, MeasuredFace, MissedPhoto } from './encoded-photos.ts'
import { bootstrap, drawImpostors, drawnThresholdAt, type Interval } from './rates/bootstrap.ts'
import {
  fmrAt,
  type Impostors,
  poolImpostors,
  scoreImpostors,
  thresholdAt,
} from './rates/impostors.ts'
import {
  equalErrorRate,
  type FoldedAccuracy,
  fnmrAt,
  foldedAccuracy,
  type GenuinePair,
  type LabelledDistance,
} from './rates/rates.ts'

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

export interface RateAt {
  readonly fmr: number
  readonly threshold: number
  readonly fnmr: number
  /** 95 %, by person. */
  readonly fnmrInterval: Interval
}

export interface PromiseKept {
  readonly fmr: number
  readonly threshold: number
  readonly measuredFmr: number
  /** Null without a pair of one person. */
  readonly measuredFnmr: number | null
}

export interface Measurement {
  readonly photos: number
  readonly people: number
  /** Photos that are never compared: no face, or not good enough for a probe. */
  readonly missed: number
  /** Photos with an encoding that are not good enough to be enrolled. */
  readonly notEnrollable: number
  readonly genuinePairs: number
  readonly impostorPairs: number
  /** Null without listed pairs of strangers in two folds. */
  readonly accuracy: FoldedAccuracy | null
  /** Of the listed pairs; null without listed strangers. */
  readonly auc: number | null
  readonly equalErrorRate: number | null
  /** Empty without a pair of one person. */
  readonly rates: readonly RateAt[]
  /** One list a set. */
  readonly promises: readonly (readonly PromiseKept[])[]
}

export interface Scored {
  readonly measurement: Measurement
  readonly genuine: readonly GenuinePair[]
  readonly impostors: Impostors
}

export const reportedRates = [0.01, 0.001, 0.0001] as const
const rounds = 300
const seed = 1
/** Beyond any distance of two unit vectors: where a pair that could not be compared is put for the AUC. */
const beyond = 10

export function measure({ faces, missed }: EncodedPhotos, sets: readonly EvaluationSet[]): Scored {
  const people = [...new Set([...faces, ...missed].map(({ person }) => person))].sort()
  const numbers = new Map(people.map((person, i) => [person, i]))
  const personOf = new Map([...faces, ...missed].map(({ file, person }) => [file, person]))
  const scored = sets.map((set) => scoreSet(set, numbers, personOf))
  const impostors = poolImpostors(scored.map((set) => set.impostors))
  const listed = scored.flatMap((set) => set.listed)
  const genuine = scored.flatMap((set) => set.genuine)
  const strangers = listed.filter(({ same }) => !same)
  const folds = new Set(listed.map(({ fold }) => fold)).size
  return {
    measurement: {
      photos: faces.length + missed.length,
      people: people.length,
      missed: missed.filter(({ inDoubt }) => inDoubt === undefined).length,
      notEnrollable: faces.filter(({ enrollable, isProbe }) => !enrollable && !isProbe).length,
      genuinePairs: genuine.length,
      impostorPairs: impostors.pairs,
      accuracy:
        strangers.length > 0 && folds > 1 ? foldedAccuracy(listed, leastErrors(sets)) : null,
      auc: strangers.length > 0 ? areaOf(listed) : null,
      equalErrorRate:
        genuine.length > 0 ? (equalErrorRate(genuine, impostors)?.rate ?? null) : null,
      rates: ratesOf(genuine, impostors),
      promises: scored.map((set) => set.promises),
    },
    genuine,
    impostors,
  }
}

/** By fold. */
function leastErrors(sets: readonly EvaluationSet[]): Map<number, number> {
  return new Map(
    sets.flatMap(({ pairs, leastError }) =>
      leastError === undefined ? [] : pairs.map(({ fold }) => [fold, leastError] as const),
    ),
  )
}

function scoreSet(
  { metric, faces, missed = [], pairs, thresholds }: EvaluationSet,
  numbers: ReadonlyMap<string, number>,
  personOf: ReadonlyMap<string, string>,
) {
  const number = (person: string): number => numbers.get(person)!
  const place = (taken: readonly MeasuredFace[], of: (face: MeasuredFace) => PreparedEncoding) =>
    taken.map((face) => ({ person: number(face.person), file: face.file, place: of(face) }))
  const enrolled = place(
    faces.filter(({ enrollable, isProbe }) => enrollable && !isProbe),
    ({ enrolled: encoding }) => prepareEncoding(metric, encoding),
  )
  const doubted = missed.flatMap(({ person, file, inDoubt: probe }) =>
    probe ? [{ person: number(person), file, place: fartherInDoubt(metric, probe) }] : [],
  )
  const passing = place(faces, ({ probe, isSuspect }) =>
    isSuspect ? fartherInDoubt(metric, probe) : prepareEncoding(metric, probe),
  )
  const probes = [...passing, ...doubted]
  const lefts = new Map<string, PreparedEncoding>(enrolled.map(({ file, place }) => [file, place]))
  const rights = new Map<string, PreparedEncoding>(probes.map(({ file, place }) => [file, place]))
  const impostors = scoreImpostors(enrolled, probes)
  const listed: LabelledDistance[] = []
  const genuine: GenuinePair[] = []
  for (const { fold, left, right, same } of pairs) {
    const [a, b] = [lefts.get(left), rights.get(right)]
    const distance = a && b ? distanceBetween(a, b) : null
    listed.push({ fold, same, distance })
    if (same) genuine.push({ person: number(personOf.get(left)!), distance })
  }
  const promises = thresholds.map(({ fmr, threshold }) => ({
    fmr,
    threshold,
    measuredFmr: fmrAt(impostors, threshold),
    measuredFnmr: genuine.length > 0 ? fnmrAt(genuine, threshold) : null,
  }))
  return { impostors, listed, genuine, promises }
}

/** Every distance from it grows as the threshold would shrink. */
function fartherInDoubt(metric: Metric, probe: Float32Array): PreparedEncoding {
  const place = prepareEncoding(metric, probe)
  return { ...place, scale: place.scale / inDoubt({ threshold: 1 }).threshold }
}

function ratesOf(genuine: readonly GenuinePair[], impostors: Impostors): RateAt[] {
  const rates = reportedRates.filter((fmr) => genuine.length > 0 && impostors.pairs * fmr >= 10)
  const people = [...new Set(impostors.people.flatMap((set) => [...set.keys()]))]
  const intervals = bootstrap(
    people,
    (draw) => {
      const drawn = drawImpostors(impostors, draw)
      return rates.map((fmr) => fnmrAt(genuine, drawnThresholdAt(drawn, fmr), draw))
    },
    { rounds, seed },
  )
  return rates.map((fmr, i) => {
    const threshold = thresholdAt(impostors, fmr)
    return { fmr, threshold, fnmr: fnmrAt(genuine, threshold), fnmrInterval: intervals[i] }
  })
}

function areaOf(listed: readonly LabelledDistance[]): number {
  return computeRoc(listed.map(({ same, distance }) => ({ same, distance: distance ?? beyond })))
    .area
}
