/**
 * A search: the matrix says who may be near enough, the records say how far away they are. The result is that of comparing
 * with every record there is an entry for.
 */
import { isUsableEncoding } from '../identity/compare.ts'
import { leastScale, placeOf } from '../identity/metric.ts'
import type { SearchOptions, SearchResult } from './gallery.ts'
import type { EncodingMatrix } from './matrix.ts'
import { type RecordReader, rankPeople } from './rank-people.ts'

export async function searchMatrix(
  matrix: EncodingMatrix,
  model: string,
  probe: Float32Array,
  options: SearchOptions,
  reader: RecordReader,
): Promise<SearchResult> {
  if (!isUsableEncoding(probe)) return { people: [], unreadable: [] }
  const { maxDistance, metric } = options
  const { vector, shift, scale } = placeOf(metric, probe)
  // No place adds less than nothing to the squared distance, and none shortens it by more than the least scale.
  const shortest = metric.kind === 'l2' ? 1 : scale * leastScale
  const reach = Math.sqrt(Math.max(0, (maxDistance / shortest) ** 2 - shift))
  const scanned = matrix.scan(vector, reach, metric.kind === 'l2' ? 'as they are' : 'unit length')
  const candidates = scanned.map(({ identity, atLeast }) => ({
    identity,
    atLeast: Math.sqrt(atLeast ** 2 + shift) * shortest,
  }))
  return await rankPeople(candidates, model, probe, options, reader)
}
