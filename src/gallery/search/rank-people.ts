/**
 * From candidates that an index proposes to the nearest people, exactly. Records are read in batches from their copies, the most promising
 * first, until no remaining candidate can be nearer than the last person in the result. Each person in the result is then confirmed by
 * their current record, so that a deleted or replaced face names nobody, however late a copy is, unless the caller does without this.
 */
import type { PreparedEncoding } from '../../encoding/metrics/behaviour.ts'
import { distanceBetween, prepareEncoding } from '../../encoding/metrics/metric.ts'
import { templateOf } from '../../encoding/template.ts'
import { type IdentityRecord, inModel } from '../../identity/record.ts'
import type { ManyRecords } from '../../identity/store.ts'
import type { RankedPerson, SearchOptions, SearchResult } from './gallery.ts'
import type { Candidate } from './template-matrix.ts'

/** Source of the records. */
export interface RecordReader {
  /** Possibly from a copy. */
  getMany(identities: readonly string[]): Promise<ManyRecords>
  /** As they are now. */
  getCurrent(identities: readonly string[]): Promise<ManyRecords>
}

/** Records that are read at once: as many as KV gives in one call. */
const recordsARead = 100

/**
 * @param candidates the most promising first; a person not among them is not found
 * @param place of the probe, in the metric of the options
 */
export async function rankPeople(
  candidates: readonly Candidate[],
  model: string,
  place: PreparedEncoding,
  { limit, maxDistance, metric, isConfirmed = true }: SearchOptions,
  reader: RecordReader,
): Promise<SearchResult> {
  let people: readonly RankedPerson[] = []
  const unreadable = new Set<string>()
  const confirmed = new Set<string>()

  /** Replaces earlier data of the same people. */
  function take(identities: readonly string[], { records, unreadable: broken }: ManyRecords): void {
    const others = people.filter(({ identity }) => !identities.includes(identity))
    people = [...others, ...records.flatMap(measure)].sort((a, b) => a.distance - b.distance)
    for (const identity of broken) unreadable.add(identity)
  }

  function measure(record: IdentityRecord): RankedPerson[] {
    const ours = inModel(record, model)
    if (ours === null) return []
    const distance = distanceBetween(place, prepareEncoding(metric, templateOf(ours.encodings)))
    // A template that cannot be measured matches nobody; its person counts as unknown, not as absent.
    if (Number.isNaN(distance)) unreadable.add(record.identity)
    const { identity, suspicion } = ours
    return distance <= maxDistance ? [{ identity, distance, suspicion }] : []
  }

  for (let next = 0; ; ) {
    while (next < candidates.length && mayBeTold(candidates[next])) {
      const batch = identitiesOf(candidates.slice(next, next + recordsARead))
      take(batch, await reader.getMany(batch))
      next += recordsARead
    }
    const doubtful = identitiesOf(people.slice(0, limit)).filter((id) => !confirmed.has(id))
    if (doubtful.length === 0 || !isConfirmed)
      return { people: people.slice(0, limit), unreadable: [...unreadable] }
    take(doubtful, await reader.getCurrent(doubtful))
    for (const identity of doubtful) confirmed.add(identity)
  }

  function mayBeTold({ atLeast }: Candidate): boolean {
    return people.length < limit || atLeast <= people[limit - 1].distance
  }
}

function identitiesOf(people: readonly { readonly identity: string }[]): string[] {
  return people.map(({ identity }) => identity)
}
