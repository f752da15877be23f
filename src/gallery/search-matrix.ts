/**
 * A search: the matrix says who may be near enough, the records say how far away they are. Records are read in batches, the most
 * promising first, until nobody left can be nearer than the last who would be told of; so the result is that of comparing
 * with every record there is an entry for.
 */
import { isUsableEncoding } from '../identity/compare.ts'
import type { ManyRecords } from '../identity/kv-store.ts'
import { distanceToPerson, placeOf } from '../identity/metric.ts'
import type { RankedPerson, SearchOptions, SearchResult } from './gallery.ts'
import type { EncodingMatrix } from './matrix.ts'

/** Records that are read at once: as many as KV gives in one call. */
const recordsARead = 100

export async function searchMatrix(
  matrix: EncodingMatrix,
  model: string,
  probe: Float32Array,
  { limit, maxDistance, metric }: SearchOptions,
  getMany: (identities: readonly string[]) => Promise<ManyRecords>,
): Promise<SearchResult> {
  if (!isUsableEncoding(probe)) return { people: [], unreadable: [] }
  const { vector, shift } = placeOf(metric, probe)
  // Squared, the distance is that of the vectors plus at least this: no place adds less than nothing.
  const least = 2 * shift
  const reach = Math.sqrt(Math.max(0, maxDistance ** 2 - least))
  const candidates = matrix.scan(
    vector,
    reach,
    metric.kind === 'l2' ? 'as they are' : 'unit length',
  )
  const people: RankedPerson[] = []
  const unreadable: string[] = []
  for (let start = 0; start < candidates.length; start += recordsARead) {
    if (
      people.length >= limit &&
      candidates[start].atLeast ** 2 + least > people[limit - 1].distance ** 2
    )
      break
    const batch = candidates.slice(start, start + recordsARead)
    const many = await getMany(batch.map(({ identity }) => identity))
    unreadable.push(...many.unreadable)
    for (const record of many.records) {
      if (record.model !== model) continue
      const distance = distanceToPerson(metric, probe, record.encodings)
      if (distance <= maxDistance) people.push({ identity: record.identity, distance })
    }
    people.sort((a, b) => a.distance - b.distance)
  }
  return { people: people.slice(0, limit), unreadable }
}
