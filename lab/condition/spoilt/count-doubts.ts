/**
 * What probes in doubt let in and spare, counted: photos of people spoilt in every way, as probes of themselves and of every stranger, sound
 * ones at the threshold that was asked for and doubtful ones at the stricter one. Pure.
 */
import type { DoubtRates, RightPeople } from '../../../scripts/encoder/doubt-figures.ts'
import { inDoubt } from '../../../src/decision/doubt.ts'

/** One person's photo, spoilt in one way, and not refused. */
export interface SpoiltProbe {
  readonly person: string
  /** Index of the way. */
  readonly way: number
  readonly isInDoubt: boolean
  /** Distance to the person's own enrolled photo; of a probe that is not in doubt as far as it is held (held-distance.ts). */
  readonly own: number
  /** The same to each enrolled photo of the half, always in one order; NaN to the person's own. */
  readonly others: Float32Array
}

/** People to whom neither metric nor thresholds were fitted, compared with one another. */
export interface Half {
  readonly probes: readonly SpoiltProbe[]
  readonly thresholds: readonly { readonly fmr: number; readonly threshold: number }[]
}

export function countDoubts(halves: readonly Half[]): DoubtRates[] {
  return halves[0]!.thresholds.map(({ fmr }) => {
    const doubted = halves.flatMap((half) => {
      const threshold = thresholdFor(half, fmr)
      return half.probes
        .filter(({ isInDoubt }) => isInDoubt)
        .map((probe) => ({
          way: probe.way,
          strict: near(probe, inDoubt({ threshold }).threshold),
          full: near(probe, threshold),
          isRefused: !(probe.own <= inDoubt({ threshold }).threshold),
        }))
    })
    const ofWays = [...Map.groupBy(doubted, ({ way }) => way).values()]
    const shares = (of: (one: (typeof doubted)[number]) => Near) => ({
      all: shareOf(doubted.map(of)),
      worst: Math.max(...ofWays.map((ofWay) => shareOf(ofWay.map(of)))),
    })
    const [strict, full] = [shares((one) => one.strict), shares((one) => one.full)]
    return {
      fmr,
      strangers: strict.all,
      strangersOfWorstWay: strict.worst,
      strangersAtFull: full.all,
      strangersOfWorstWayAtFull: full.worst,
      strangersOfWorstProbe: Math.max(...doubted.map((one) => shareOf([one.strict]))),
      refused: doubted.filter(({ isRefused }) => isRefused).length / doubted.length,
      byTrying: {
        asIs: byTrying(halves, fmr, (threshold) => inDoubt({ threshold }).threshold),
        refused: byTrying(halves, fmr, () => Number.NEGATIVE_INFINITY),
        full: byTrying(halves, fmr, (threshold) => threshold),
      },
    }
  })
}

/** Photos that match their person at a rate, by index of the way. */
export function rightPeopleByWay(halves: readonly Half[], fmr: number): Map<number, RightPeople> {
  const probes = halves.flatMap((half) => {
    const threshold = thresholdFor(half, fmr)
    return half.probes.filter((probe) => {
      const limit = probe.isInDoubt ? inDoubt({ threshold }).threshold : threshold
      return probe.own <= limit
    })
  })
  return new Map(
    [...Map.groupBy(probes, ({ way }) => way)].map(([way, matched]) => {
      const doubted = matched.filter(({ isInDoubt }) => isInDoubt).length
      return [way, { sound: matched.length - doubted, doubted }]
    }),
  )
}

function thresholdFor({ thresholds }: Half, fmr: number): number {
  return thresholds.find((one) => one.fmr === fmr)!.threshold
}

interface Near {
  readonly matched: number
  readonly pairs: number
}

function near({ others }: SpoiltProbe, limit: number): Near {
  let [matched, pairs] = [0, 0]
  for (const distance of others) {
    if (Number.isNaN(distance)) continue
    pairs++
    if (distance <= limit) matched++
  }
  return { matched, pairs }
}

function shareOf(counts: readonly Near[]): number {
  const pairs = counts.reduce((sum, one) => sum + one.pairs, 0)
  return counts.reduce((sum, one) => sum + one.matched, 0) / pairs
}

/** Share of the pairs of a person and an enrolled stranger in which any of the person's photos matches. */
function byTrying(
  halves: readonly Half[],
  fmr: number,
  limitInDoubt: (threshold: number) => number,
): number {
  const counts = halves.flatMap((half): Near[] => {
    const threshold = thresholdFor(half, fmr)
    const limitFor = (probe: SpoiltProbe): number =>
      probe.isInDoubt ? limitInDoubt(threshold) : threshold
    return [...Map.groupBy(half.probes, ({ person }) => person).values()].map((photos) => {
      const nearest = photos[0]!.others.map((_, i) =>
        photos.reduce((least, photo) => {
          const over = photo.others[i]! - limitFor(photo)
          return Number.isNaN(over) ? over : Math.min(least, over)
        }, Number.POSITIVE_INFINITY),
      )
      return near({ ...photos[0]!, others: nearest }, 0)
    })
  })
  return shareOf(counts)
}
