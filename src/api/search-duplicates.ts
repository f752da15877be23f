/**
 * Is somebody who is to be enrolled here already, under another identity? Each encoding is searched among everybody, at the
 * threshold that lets one search in a thousand find somebody wrongly, and compared with those who were admitted before by
 * the same search, who are in no gallery yet.
 */
import { FaceError, type ImageOutcome } from '../errors.ts'
import { distanceToPerson } from '../identity/metric.ts'
import type { Call } from './endpoint.ts'
import { logSkipped } from './log-skipped.ts'

export interface DuplicateSearch {
  /** Throws `duplicate_person` with the identity that the person is enrolled under. */
  admit(identity: string, encodings: readonly Float32Array[]): Promise<void>
}

/** The person themselves, when they are enrolled already, and one other. */
export const searched = 2

/** With everybody who is enrolled by now. Throws `not_configured` for more people than were calibrated. */
export async function openDuplicateSearch(
  { gallery, thresholds, requestId }: Pick<Call, 'gallery' | 'thresholds' | 'requestId'>,
  model: string,
): Promise<DuplicateSearch> {
  const view = await gallery.open(model)
  const { threshold, metric } = thresholds.identification(model, { people: view.people })
  logSkipped(view, { unreadable: [] }, requestId)
  const admitted = new Map<string, readonly Float32Array[]>()

  function admittedAs(encoding: Float32Array): string | undefined {
    for (const [identity, encodings] of admitted) {
      if (distanceToPerson(metric, encoding, encodings) <= threshold) return identity
    }
    return undefined
  }

  return {
    async admit(identity, encodings) {
      for (const encoding of encodings) {
        const found = await view.search(encoding, {
          limit: searched,
          maxDistance: threshold,
          metric,
        })
        const other = found.people.find((person) => person.identity !== identity)?.identity
        const known = other ?? admittedAs(encoding)
        if (known !== undefined) throw enrolledAs(known)
      }
      admitted.set(identity, encodings)
    },
  }
}

/** @param images what became of each photo, when there were any */
export function enrolledAs(other: string, images?: readonly ImageOutcome[]): FaceError {
  return new FaceError(
    'duplicate_person',
    `The person is enrolled as ${other} already; "allowDuplicate" enrols them all the same.`,
    { ...(images && { images }) },
  )
}
