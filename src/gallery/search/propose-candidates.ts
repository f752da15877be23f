/**
 * From a probe in a metric to candidates: everybody who may be within reach, with their least possible distance in that
 * metric. Pure except for what `scan` reads.
 */
import type { PreparedEncoding } from '../../encoding/metrics/behaviour.ts'
import { scanBounds } from '../../encoding/metrics/metric.ts'
import type { SearchOptions } from './gallery.ts'
import type { Candidate } from './template-matrix.ts'
import type { ScanOptions } from './template-rows.ts'

/** Gives everybody within reach by L2. */
export type Scan = (vector: Float32Array, options: ScanOptions) => readonly Candidate[]

/** The most promising first. @param place of the probe, in the metric of the options */
export function proposeCandidates(
  place: PreparedEncoding,
  { maxDistance, metric, except }: Pick<SearchOptions, 'maxDistance' | 'metric' | 'except'>,
  scan: Scan,
): Candidate[] {
  const { vector, rows, reach, atLeast } = scanBounds(metric, place, maxDistance)
  return scan(vector, { maxDistance: reach, rows })
    .filter(({ identity }) => identity !== except)
    .map((row) => ({ identity: row.identity, atLeast: atLeast(row.atLeast) }))
    .sort((a, b) => a.atLeast - b.atLeast)
}
