/**
 * From a probe in a metric to candidates: whoever may be within reach, with the least distance that they can have in that metric.
 * Pure but for what `scan` reads.
 */
import { leastScale, prepareEncoding } from '../../encoding/metric.ts'
import type { SearchOptions } from './gallery.ts'
import type { RankCandidate } from './rank-people.ts'
import type { ScanOptions } from './template-rows.ts'

/** Gives everybody within reach by L2. */
export type Scan = (vector: Float32Array, options: ScanOptions) => readonly RankCandidate[]

/** The most promising first. @param probe 128 finite numbers that are not all zero */
export function proposeCandidates(
  probe: Float32Array,
  { maxDistance, metric }: Pick<SearchOptions, 'maxDistance' | 'metric'>,
  scan: Scan,
): RankCandidate[] {
  const { vector, shift, scale } = prepareEncoding(metric, probe)
  // No place adds less than nothing to the squared distance, and none shortens it by more than the least scale.
  const shortest = metric.kind === 'l2' ? 1 : scale * leastScale
  const reach = Math.sqrt(Math.max(0, (maxDistance / shortest) ** 2 - shift))
  const rows = metric.kind === 'l2' ? 'as they are' : 'unit length'
  return scan(vector, { maxDistance: reach, rows })
    .map(({ identity, atLeast }) => ({
      identity,
      atLeast: Math.sqrt(atLeast ** 2 + shift) * shortest,
    }))
    .sort((a, b) => a.atLeast - b.atLeast)
}
