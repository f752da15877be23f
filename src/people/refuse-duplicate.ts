/**
 * Prevents enrolling a person twice: each new encoding is searched among everybody else, and the refusal names the person on
 * each photo. Also refuses a person when the index is full: nobody could be found in it then. Two people enrolled at the same
 * moment may both pass, because the gallery shows a write to others only later.
 */
import type { EncodingSource } from '../encoding/encoding.ts'
import type { ImageOutcome } from '../errors/face-error.ts'
import { enrolledAs, openDuplicateSearch, type SearchSources } from './search-duplicates.ts'

/**
 * How many people were searched. Throws `duplicate_person` with the person's existing identity, `not_configured` when the index is full.
 *
 * @param encodings of all photos, in the order sent
 */
export async function refuseDuplicate(
  sources: SearchSources,
  source: EncodingSource,
  identity: string,
  encodings: readonly Float32Array[],
): Promise<number> {
  const search = await openDuplicateSearch(sources, source)
  const others: (string | undefined)[] = []
  for (const encoding of encodings) others.push(await search.findOther(identity, encoding))
  const other = others.find((found) => found !== undefined)
  if (other !== undefined) throw enrolledAs(other, others.map(report))
  search.requireRoomFor(identity)
  return search.people
}

function report(other: string | undefined): ImageOutcome {
  if (other === undefined) return { outcome: 'encoded' }
  return { outcome: 'duplicate_person', detail: `The photo shows ${other}, who is enrolled.` }
}
