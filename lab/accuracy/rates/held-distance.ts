/**
 * A distance as the Worker decides by it: where a probe would be held against a smaller threshold, it is farther away instead, so that one
 * threshold serves all pairs. Pure.
 */
import { heldTo } from '../../../src/decision/doubt.ts'
import type { PreparedEncoding } from '../../../src/encoding/metrics/behaviour.ts'
import { distanceBetween } from '../../../src/encoding/metrics/metric.ts'
import type { Suspicion } from '../../../src/gate/judge-face.ts'

export interface ComparedFace {
  readonly place: PreparedEncoding
  /** How suspect it is. A probe is not unless given; an enrolled photo may be. */
  readonly suspicion?: Partial<Suspicion> | undefined
  /** Of a probe: whether it is compared in doubt. */
  readonly isInDoubt?: boolean
}

export function heldDistance(enrolled: ComparedFace, probe: ComparedFace): number {
  const { threshold } = heldTo(
    { threshold: 1 },
    {
      ...(probe.isInDoubt && { doubt: true }),
      suspicion: probe.suspicion?.probe,
      enrolledSuspicion: enrolled.suspicion?.enrollment,
    },
  )
  return distanceBetween(enrolled.place, probe.place) / threshold
}
