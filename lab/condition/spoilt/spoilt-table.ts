/** Photos spoilt alike, as counts and as a table: strangers who match, people who are not enrolled, and what the right ones learn. Pure. */
import { toTable } from '../../../scripts/front/markdown-table.ts'
import { distanceBetween } from '../../../src/encoding/metrics/metric.ts'
import { type ComparedFace, heldDistance } from '../../accuracy/rates/held-distance.ts'

/** One person's photo, spoilt. */
export interface Try {
  /** Another photo of the same person, as it is, enrolled; null where it shows no face. */
  readonly own: ComparedFace | null
  /** Null where no face was found. */
  readonly seen: { readonly probe: ComparedFace; readonly enrolled: ComparedFace } | null
  /** What it is refused with, null when it is not. */
  readonly probeCode: string | null
  readonly enrollmentCode: string | null
  /** Whether /verify compares it in doubt although it is refused. */
  readonly isInDoubt?: boolean
}

export interface KindResult {
  readonly kind: string
  readonly degree: string
  /** Strangers are compared within each half. */
  readonly halves: readonly (readonly Try[])[]
}

export function toSpoiltTable(rows: readonly KindResult[], threshold: number): string {
  return toTable([
    [
      'both photos',
      'degree',
      'strangers, no gate',
      'with the gate',
      'not enrolled',
      'right person matched',
      'told why',
      'refused as somebody else',
    ],
    ...rows.map(({ kind, degree, halves }) => {
      const all = halves.flat()
      const pairs = halves.flatMap((half) => pairsOf(half))
      const near = pairs.filter(
        ([{ seen: enrolled }, { seen: probe }]) =>
          enrolled &&
          probe &&
          distanceBetween(enrolled.enrolled.place, probe.probe.place) <= threshold,
      )
      const after = pairs.filter(
        ([enrolled, probe]) =>
          !enrolled.enrollmentCode &&
          !probe.probeCode &&
          heldDistance(enrolled.seen!.enrolled, probe.seen!.probe) <= threshold,
      )
      const right = all.filter(({ own }) => own)
      const asked = right.filter(({ probeCode }) => !probeCode)
      const matched = asked.filter((one) => heldDistance(one.own!, one.seen!.probe) <= threshold)
      return [
        kind,
        degree,
        percent(near.length, pairs.length, 2),
        percent(after.length, pairs.length, 2),
        percent(all.filter(({ enrollmentCode }) => enrollmentCode).length, all.length),
        percent(matched.length, right.length),
        percent(right.length - asked.length, right.length),
        percent(asked.length - matched.length, right.length),
      ]
    }),
  ])
}

function pairsOf(tries: readonly Try[]): (readonly [enrolled: Try, probe: Try])[] {
  return tries.flatMap((enrolled) =>
    tries.filter((probe) => probe !== enrolled).map((probe) => [enrolled, probe] as const),
  )
}

export function percent(count: number, of: number, digits = 1): string {
  return `${((100 * count) / of).toFixed(digits)} %`
}
