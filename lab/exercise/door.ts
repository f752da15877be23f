/**
 * The door of a house without a server: people held in memory, and a face decided about by the functions that /verify and
 * /recognize decide with, rivals and crowded galleries included.
 */

import { type Decision, decide } from '../../src/decision/decide.ts'
import { type DecisionAmong, decideAmong } from '../../src/decision/decide-among.ts'
import type { Threshold, Thresholds } from '../../src/decision/thresholds.ts'
import { distanceToPerson, type Metric } from '../../src/encoding/metrics/metric.ts'
import { templateOf } from '../../src/encoding/template.ts'
import type { Gallery, RankedPerson } from '../../src/gallery/search/gallery.ts'
import { findCrowd } from '../../src/people/claim/find-crowd.ts'
import { findRival } from '../../src/people/claim/find-rival.ts'
import { identityNotFound } from '../../src/people/find-identity.ts'

export interface Door {
  readonly model: string
  readonly thresholds: Thresholds
  /** Everybody who is enrolled, with the encodings of their photos. */
  readonly people: ReadonlyMap<string, readonly Float32Array[]>
}

export interface Verdict {
  readonly decision: Decision
  readonly distance: number
  readonly threshold: Threshold
  /** Somebody else is clearly nearer, which alone turned a match into none. */
  readonly isNearerToAnother: boolean
}

export interface VerdictAmong {
  readonly decision: DecisionAmong
  readonly threshold: Threshold
  /** Everybody, nearest first, whatever was decided: more than the service ever tells. */
  readonly ranked: readonly RankedPerson[]
}

/** What stands in for the id of a request. */
const requestId = 'door'

/** @throws FaceError identity_not_found, not_configured */
export async function verifyAtDoor(
  door: Door,
  identity: string,
  encoding: Float32Array,
): Promise<Verdict> {
  const { model, thresholds, people } = door
  const encodings = people.get(identity)
  if (encodings === undefined) throw identityNotFound(identity)
  const sources = { gallery: galleryOf(people), thresholds, requestId }
  const crowd = await findCrowd(sources, model, [encoding], identity)
  const threshold = thresholds.verification(model, { encodings: encodings.length, crowd })
  const distance = distanceToPerson(threshold.metric, encoding, encodings)
  const isNear = decide(distance, threshold) === 'match'
  const isNearerToAnother =
    isNear &&
    (await findRival(sources, threshold, encoding, { identity, distance })).kind === 'rival'
  const decision = isNear && !isNearerToAnother ? 'match' : 'no_match'
  return { decision, distance, threshold, isNearerToAnother }
}

/** @throws FaceError not_configured */
export function recognizeAtDoor(
  { model, thresholds, people }: Door,
  encoding: Float32Array,
): VerdictAmong {
  const threshold = thresholds.identification(model, { people: people.size })
  const ranked = rankPeople(threshold.metric, encoding, people)
  return { decision: decideAmong(ranked, threshold).decision, threshold, ranked }
}

/** Everybody by their distance to a face, nearest first; without whom nothing can be measured of. */
export function rankPeople(
  metric: Metric,
  encoding: Float32Array,
  people: Door['people'],
): RankedPerson[] {
  return [...people]
    .map(([identity, encodings]) => ({
      identity,
      distance: distanceToPerson(metric, encoding, encodings),
    }))
    .filter(({ distance }) => Number.isFinite(distance))
    .sort((left, right) => left.distance - right.distance)
}

function galleryOf(people: Door['people']): Gallery {
  return {
    async open() {
      return {
        people: people.size,
        peopleOfOtherModels: 0,
        unreadableEntries: 0,
        async search(probe, { metric, maxDistance, limit }) {
          const near = rankPeople(metric, probe, people).filter(
            ({ distance }) => distance <= maxDistance,
          )
          return { people: near.slice(0, limit), unreadable: [] }
        },
        sample: (most, except) =>
          [...people]
            .filter(([identity]) => identity !== except)
            .slice(0, most)
            .map(([, encodings]) => templateOf(encodings)),
        requireRoomFor() {},
      }
    },
  }
}
