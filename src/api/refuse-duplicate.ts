/**
 * Nobody is enrolled twice by mistake: new encodings are searched among everybody else, at the threshold that lets one search in a
 * thousand find somebody wrongly. Two people enrolled at the same moment may both pass, because the gallery shows a write
 * to others only later.
 */
import type { ImageOutcome } from '../errors.ts'
import type { Call } from './endpoint.ts'
import { logSkipped } from './log-skipped.ts'
import { enrolledAs, searched } from './search-duplicates.ts'

/**
 * Throws `duplicate_person` with the identity that the person is enrolled under.
 *
 * @param encodings of all photos, in the order sent
 */
export async function refuseDuplicate(
  { gallery, thresholds, requestId }: Pick<Call, 'gallery' | 'thresholds' | 'requestId'>,
  model: string,
  identity: string,
  encodings: readonly Float32Array[],
): Promise<void> {
  const view = await gallery.open(model)
  const { threshold, metric } = thresholds.identification(model, { people: view.people })
  const others: (string | undefined)[] = []
  const unreadable = new Set<string>()
  for (const encoding of encodings) {
    const found = await view.search(encoding, {
      limit: searched,
      maxDistance: threshold,
      metric,
    })
    for (const passedOver of found.unreadable) unreadable.add(passedOver)
    others.push(found.people.find((person) => person.identity !== identity)?.identity)
  }
  logSkipped(view, { unreadable: [...unreadable] }, requestId)
  const other = others.find((found) => found !== undefined)
  if (other === undefined) return
  throw enrolledAs(other, others.map(tell))
}

function tell(other: string | undefined): ImageOutcome {
  if (other === undefined) return { outcome: 'encoded' }
  return { outcome: 'duplicate_person', detail: `The photo shows ${other}, who is enrolled.` }
}
