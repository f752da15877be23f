/**
 * Searches as /recognize makes them, fold by fold: everybody of a fold is enrolled with one photo, and each photo is searched among all
 * others. How often a search for a stranger finds somebody is held against the rate that was asked for. Pure.
 */
import { distanceBetween, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import type { FoldSet } from '../accuracy/evaluation-sets.ts'

export interface MeasuredSearch {
  /** Mean over the folds. */
  readonly people: number
  readonly fmr: number
  /** Share of searches for somebody who is not enrolled that find somebody. */
  readonly fpir: number
  /** Share of searches for somebody enrolled that do not find them first. */
  readonly fnir: number
}

const measuredRates = [0.01, 0.001] as const

export function measureSearches(sets: readonly FoldSet[]): MeasuredSearch[] {
  const folds = sets.map(searchFold)
  return measuredRates.map((fmr) => {
    let [strangers, found, own, missed, people] = [0, 0, 0, 0, 0]
    for (const [i, fold] of folds.entries()) {
      const threshold = thresholdAmong(sets[i]!, fmr, fold.people)
      strangers += fold.strangers.length
      found += fold.strangers.filter((distance) => distance <= threshold).length
      own += fold.own.length
      missed += fold.own.filter(({ mate, stranger }) => mate > threshold || stranger < mate).length
      people += fold.people / sets.length
    }
    return { people: Math.round(people), fmr, fpir: found / strangers, fnir: missed / own }
  })
}

interface Fold {
  readonly people: number
  /** Nearest other person, of every probe. */
  readonly strangers: readonly number[]
  /** Of probes of people with two photos: to their enrolled photo, and to the nearest other person. */
  readonly own: readonly { readonly mate: number; readonly stranger: number }[]
}

function searchFold({ metric, faces }: FoldSet): Fold {
  const first = new Map(
    faces
      .filter(({ enrollable }) => enrollable)
      .toReversed()
      .map((face) => [face.person, { face, place: prepareEncoding(metric, face.enrolled) }]),
  )
  const probes = faces.map((face) => ({ face, place: prepareEncoding(metric, face.probe) }))
  const strangers: number[] = []
  const own: { mate: number; stranger: number }[] = []
  for (const probe of probes) {
    let stranger = Number.POSITIVE_INFINITY
    for (const [person, enrolled] of first) {
      if (person === probe.face.person) continue
      stranger = Math.min(stranger, distanceBetween(enrolled.place, probe.place))
    }
    strangers.push(stranger)
    const mate = first.get(probe.face.person)
    if (mate && mate.face !== probe.face) {
      own.push({ mate: distanceBetween(mate.place, probe.place), stranger })
    }
  }
  return { people: first.size, strangers, own }
}

/** As decision/calibration.ts has it between two sizes. */
function thresholdAmong({ identification = [] }: FoldSet, fmr: number, people: number): number {
  const rows = identification.filter((row) => row.fmr === fmr).sort((a, b) => a.count - b.count)
  const above = rows.find(({ count }) => count >= people)!
  const below = rows.findLast(({ count }) => count < people) ?? above
  if (below === above) return above.threshold
  const at = Math.log(people / below.count) / Math.log(above.count / below.count)
  return below.threshold + (above.threshold - below.threshold) * at
}
