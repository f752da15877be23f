/**
 * Spoilt photos as probes in doubt, as a table: each is compared with photos of strangers that are enrolled as they are, and with those that
 * are spoilt alike and enrolled all the same, at the stricter threshold; and how many more of the right people match by it. Pure.
 */
import { toTable } from '../../../scripts/front/markdown-table.ts'
import { inDoubt } from '../../../src/decision/doubt.ts'
import { distanceBetween } from '../../../src/encoding/metrics/metric.ts'
import { type ComparedFace, heldDistance } from '../../accuracy/rates/held-distance.ts'
import { type KindResult, percent, type Try } from './spoilt-table.ts'

export function toDoubtTable(rows: readonly KindResult[], threshold: number): string {
  const strict = inDoubt({ threshold }).threshold
  return toTable([
    [
      'probe',
      'degree',
      'in doubt',
      'strangers, enrolled as they are',
      'spoilt alike',
      'right person matched',
      'if none were compared in doubt',
    ],
    ...rows.map(({ kind, degree, halves }) => {
      const all = halves.flat()
      const sound = halves.map((half) => shareNear(half, ({ own }) => own, strict))
      const alike = halves.map((half) =>
        shareNear(
          half,
          (one) => (one.enrollmentCode ? null : (one.seen?.enrolled ?? null)),
          strict,
        ),
      )
      const right = all.filter(({ own }) => own)
      const passing = right.filter(
        (one) => !one.probeCode && heldDistance(one.own!, one.seen!.probe) <= threshold,
      )
      const doubted = right.filter(
        (one) => one.isInDoubt && distanceBetween(one.own!.place, one.seen!.probe.place) <= strict,
      )
      return [
        kind,
        degree,
        percent(all.filter(({ isInDoubt }) => isInDoubt).length, all.length),
        shareOf(sound),
        shareOf(alike),
        percent(passing.length + doubted.length, right.length),
        percent(passing.length, right.length),
      ]
    }),
  ])
}

interface Share {
  readonly near: number
  readonly pairs: number
}

/** Of the pairs of an enrolled photo and a probe in doubt of somebody else. */
function shareNear(
  tries: readonly Try[],
  enrolled: (one: Try) => ComparedFace | null,
  limit: number,
): Share {
  const distances = tries
    .filter(({ isInDoubt }) => isInDoubt)
    .flatMap((probe) =>
      tries.flatMap((other) => {
        const face = other === probe ? null : enrolled(other)
        return face ? [distanceBetween(face.place, probe.seen!.probe.place)] : []
      }),
    )
  return { near: distances.filter((distance) => distance <= limit).length, pairs: distances.length }
}

function shareOf(shares: readonly Share[]): string {
  const pairs = shares.reduce((sum, share) => sum + share.pairs, 0)
  const near = shares.reduce((sum, share) => sum + share.near, 0)
  return pairs === 0 ? '' : `${percent(near, pairs, 2)} of ${pairs}`
}
