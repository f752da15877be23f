/**
 * Everybody who is enrolled, to be searched by face: what /recognize and enrollment need from an index, whatever its kind. An
 * index only proposes people; distances are computed exactly from the current records. So an index may be rounded and late,
 * and still a person whose record is gone, unreadable or of another model never matches. Writes reach an index by the change
 * log of the directory (change-log.ts).
 */
import type { EncodingSource } from '../../encoding/encoding.ts'
import type { Metric } from '../../encoding/metrics/metric.ts'

/** A person, with the distance from the probe to their template. */
export interface RankedPerson {
  readonly identity: string
  readonly distance: number
  /** How suspect their photos are (identity/record.ts). */
  readonly suspicion?: number | undefined
}

export interface SearchOptions {
  /** Most people in the result, at least 1. */
  readonly limit: number
  /** People farther away are not in it. */
  readonly maxDistance: number
  /** What the distance is measured in. */
  readonly metric: Metric
  /** Somebody who is not searched for. */
  readonly except?: string
  /**
   * False to take people as the index and the copies in KV have them; otherwise each person in the result is confirmed by their
   * object.
   */
  readonly isConfirmed?: boolean
}

export interface SearchResult {
  /** Nearest first, one entry a person, exact distances. Empty for a probe that is not an encoding. */
  readonly people: readonly RankedPerson[]
  /** Identities near the probe whose record could not be read; they are not among `people`. */
  readonly unreadable: readonly string[]
}

/** The gallery of one model as it was when it was opened. */
export interface GalleryView {
  /** Enrolled with this model. */
  readonly people: number
  /** Enrolled with another model: never compared, and not in `people`. */
  readonly peopleOfOtherModels: number
  /** Entries of the index that cannot be read; their people are not found until enrolled again. */
  readonly unreadableEntries: number
  search(probe: Float32Array, options: SearchOptions): Promise<SearchResult>
  /**
   * Templates of others enrolled with this model, as rounded as the index has them: the same people each time, as long as they are in it.
   * Empty for an index that holds nobody here.
   */
  sample(most: number, except: string): readonly Float32Array[]
  /** Throws `not_configured` when the index cannot hold these people in addition to those in it. */
  requireRoomFor(identities: readonly string[]): void
}

/** Throws `store_unavailable` when the index cannot be reached, `not_configured` when it is too small for its people. */
export interface Gallery {
  /** Includes every change acknowledged before. */
  open(source: EncodingSource): Promise<GalleryView>
}
