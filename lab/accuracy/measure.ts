/**
 * How well the shipped pipeline tells people apart, from encoded photos and labelled pairs. The left photo of a pair is
 * enrolled, the right one is the probe, as at /verify (compare-faces.ts). Strangers are not only the listed ones: every photo is compared
 * with every photo of everybody else. A photo without an encoding, or not good enough to be enrolled where it should be,
 * fails the pair. A probe in doubt is held against a stricter threshold, as at /verify: here it is farther away instead.
 */

import { computeRoc } from '../learning/roc.ts'
import {
  comparePairs,
  type EvaluationSet,
  type People,
  peopleOf,
  placeFaces,
} from './compare-faces.ts'
import type { EncodedPhotos } from './encoded-photos.ts'
import { bootstrap, drawnThresholdAt, type Interval, impostorDrawer } from './rates/bootstrap.ts'
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

export function measure(encoded: EncodedPhotos, sets: readonly EvaluationSet[]): Scored {
  const { faces, missed } = encoded
  const people = peopleOf(encoded)
  const scored = sets.map((set) => scoreSet(set, people))
  const impostors = poolImpostors(scored.map((set) => set.impostors))
  const listed = scored.flatMap((set) => set.listed)
  const genuine = scored.flatMap((set) => set.genuine)
  const strangers = listed.filter(({ same }) => !same)
  const folds = new Set(listed.map(({ fold }) => fold)).size
  return {
    measurement: {
      photos: faces.length + missed.length,
      people: people.count,
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

function scoreSet(set: EvaluationSet, people: People) {
  const places = placeFaces(set, people)
  const impostors = scoreImpostors(places.enrolled, places.probes)
  const { listed, genuine } = comparePairs(places, set.pairs, people)
  const promises = set.thresholds.map(({ fmr, threshold }) => ({
    fmr,
    threshold,
    measuredFmr: fmrAt(impostors, threshold),
    measuredFnmr: genuine.length > 0 ? fnmrAt(genuine, threshold) : null,
  }))
  return { impostors, listed, genuine, promises }
}

/** What changes where other pairs of the same faces are listed. */
export interface ListedRates {
  readonly accuracy: number
  readonly fnmr: { fmr: number; fnmr: number }[]
}

/** Other pairs of faces that were measured, at the thresholds that their strangers gave: those are not compared again. */
export function measurePairs(
  encoded: EncodedPhotos,
  sets: readonly EvaluationSet[],
  { rates }: Pick<Measurement, 'rates'>,
): ListedRates {
  const people = peopleOf(encoded)
  const compared = sets.map((set) => comparePairs(placeFaces(set, people), set.pairs, people))
  const genuine = compared.flatMap((one) => one.genuine)
  const listed = compared.flatMap((one) => one.listed)
  return {
    accuracy: foldedAccuracy(listed, leastErrors(sets)).mean,
    fnmr: rates.map(({ fmr, threshold }) => ({ fmr, fnmr: fnmrAt(genuine, threshold) })),
  }
}

function ratesOf(genuine: readonly GenuinePair[], impostors: Impostors): RateAt[] {
  const rates = reportedRates.filter((fmr) => genuine.length > 0 && impostors.pairs * fmr >= 10)
  const people = [...new Set(impostors.people.flatMap((set) => [...set.keys()]))]
  const drawnBy = impostorDrawer(impostors)
  const intervals = bootstrap(
    people,
    (draw) => {
      const drawn = drawnBy(draw)
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
