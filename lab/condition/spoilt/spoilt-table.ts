/** Photos spoilt alike, as counts and as a table: strangers who match, people who are not enrolled, and what the right ones learn. Pure. */
import { toTable } from '../../../scripts/front/markdown-table.ts'
import { heldTo } from '../../../src/decision/doubt.ts'
import type { PreparedEncoding } from '../../../src/encoding/metrics/behaviour.ts'
import { distanceBetween } from '../../../src/encoding/metrics/metric.ts'

/** One person's photo, spoilt. */
export interface Try {
  /** Of another photo of the same person, as it is, enrolled; null where it shows no face. */
  readonly own: PreparedEncoding | null
  /** Null where no face was found. */
  readonly seen: { readonly probe: PreparedEncoding; readonly enrolled: PreparedEncoding } | null
  /** What it is refused with, null when it is not. */
  readonly probeCode: string | null
  readonly enrollmentCode: string | null
  /** Whether /verify compares it in doubt although it is refused. */
  readonly isInDoubt?: boolean
  /** Of one that passes: how strictly /verify holds it. */
  readonly suspicion?: number
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
      const near = pairs.filter(([enrolled, probe]) => isNear(enrolled, probe, threshold))
      const after = pairs.filter(
        ([enrolled, probe]) =>
          !enrolled.enrollmentCode &&
          !probe.probeCode &&
          isNear(enrolled, probe, limitOf(probe, threshold)),
      )
      const right = all.filter(({ own }) => own)
      const asked = right.filter(({ probeCode }) => !probeCode)
      const matched = asked.filter(
        (one) => distanceBetween(one.own!, one.seen!.probe) <= limitOf(one, threshold),
      )
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

/** For a probe that passes. */
export function limitOf(probe: Try, threshold: number): number {
  return heldTo({ threshold }, probe).threshold
}

function isNear(enrolled: Try, probe: Try, threshold: number): boolean {
  if (!enrolled.seen || !probe.seen) return false
  return distanceBetween(enrolled.seen.enrolled, probe.seen.probe) <= threshold
}

export function percent(count: number, of: number, digits = 1): string {
  return `${((100 * count) / of).toFixed(digits)} %`
}
