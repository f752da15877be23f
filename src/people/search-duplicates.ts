/**
 * Is a new person already enrolled under another identity? Each encoding is searched among everybody, at a 1:1 threshold
 * (`Thresholds.duplicate`), and compared with people whom the same search admitted before and who are in no gallery yet.
 */

import type { Thresholds } from '../decision/thresholds.ts'
import type { EncodingSource } from '../encoding/encoding.ts'
import { distanceToPerson } from '../encoding/metrics/metric.ts'
import { FaceError, type ImageOutcome } from '../errors/face-error.ts'
import type { Gallery } from '../gallery/search/gallery.ts'
import { logSkipped } from './log-skipped.ts'

/** Dependencies of a search among everybody. */
export interface SearchSources {
  readonly gallery: Gallery
  readonly thresholds: Thresholds
  /** For the log. */
  readonly requestId: string
}

export interface DuplicateSearch {
  /** Everybody who is searched, without those admitted. */
  readonly people: number
  /** The other identity under which the encoding's person is enrolled or was admitted. */
  findOther(identity: string, encoding: Float32Array): Promise<string | undefined>
  /** Throws `not_configured` when the index has no room for one more person besides those admitted. */
  requireRoomFor(identity: string): void
  /** Both: throws `duplicate_person` with the person's existing identity. */
  admit(identity: string, encodings: readonly Float32Array[]): Promise<void>
}

/** The person themselves, if already enrolled, and one other. */
const searched = 2

/** Searches everybody enrolled by now. Throws `not_configured` for more people than were calibrated. */
export async function openDuplicateSearch(
  { gallery, thresholds, requestId }: SearchSources,
  source: EncodingSource,
): Promise<DuplicateSearch> {
  const view = await gallery.open(source)
  const { threshold, metric } = thresholds.duplicate(source.model, view.people)
  const options = { limit: searched, maxDistance: threshold, metric }
  logSkipped(view, { unreadable: [] }, requestId)
  const passedOver = new Set<string>()
  const admitted = new Map<string, readonly Float32Array[]>()

  function admittedAs(identity: string, encoding: Float32Array): string | undefined {
    for (const [other, encodings] of admitted) {
      const distance = distanceToPerson(metric, encoding, encodings)
      if (other !== identity && distance <= threshold) return other
    }
    return undefined
  }

  async function findOther(identity: string, encoding: Float32Array): Promise<string | undefined> {
    const { people, unreadable } = await view.search(encoding, options)
    const unheardOf = unreadable.filter((person) => !passedOver.has(person))
    if (unheardOf.length > 0) logSkipped(view, { unreadable: unheardOf }, requestId)
    for (const person of unheardOf) passedOver.add(person)
    const other = people.find((person) => person.identity !== identity)
    return other?.identity ?? admittedAs(identity, encoding)
  }

  const requireRoomFor = (identity: string): void =>
    view.requireRoomFor([...admitted.keys(), identity])

  return {
    people: view.people,
    findOther,
    requireRoomFor,

    async admit(identity, encodings) {
      for (const encoding of encodings) {
        const other = await findOther(identity, encoding)
        if (other !== undefined) throw enrolledAs(other)
      }
      requireRoomFor(identity)
      admitted.set(identity, encodings)
    },
  }
}

/** @param images outcome of each photo, if any */
export function enrolledAs(other: string, images?: readonly ImageOutcome[]): FaceError {
  return new FaceError(
    'duplicate_person',
    `The person is enrolled as ${other} already; "allowDuplicate" enrolls them all the same.`,
    { ...(images && { images }) },
  )
}
