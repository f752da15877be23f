/**
 * A Vectorize index as a gallery uses it: the template of each person, compared by L2, under their key (64 characters, the
 * longest id that it takes), with the sealed gallery entry as metadata. It accepts changes at once and shows them later.
 * Limits are from Cloudflare's documentation, except the one for deletions, which only its error message states.
 */

import { z } from 'zod'
import { FaceError } from '../../errors/face-error.ts'
import { reachStore } from '../../identity/reach/reach-store.ts'

export interface IndexedPerson {
  /** person-key.ts */
  readonly key: string
  readonly values: Float32Array
  readonly sealedEntry: string
}

export type MatchedPerson = Pick<IndexedPerson, 'key' | 'sealedEntry'>

/** Up to where queries see what was sent: everything up to this mutation, or sent before this time. */
export interface Processed {
  readonly mutationId: string | null
  readonly atMs: number | null
}

/** Throws `store_unavailable`. */
export interface VectorizeIndex {
  /** Also `not_configured` when the index is not made for encodings of this length. */
  processed(encodingLength: number): Promise<Processed>
  /** @returns the last mutation; undefined when there was nothing to do */
  change(
    upserts: readonly IndexedPerson[],
    deletions: readonly string[],
  ): Promise<string | undefined>
  /** The nearest, at most 20. */
  query(probe: Float32Array): Promise<readonly MatchedPerson[]>
}

const upsertsACall = 1000
const deletionsACall = 100
/** Most that a query gives with values or metadata. */
const mostMatches = 20

const metadata = z.object({ entry: z.string() })

export function createVectorizeIndex(binding: Vectorize): VectorizeIndex {
  return {
    async processed(encodingLength) {
      const info = await reachStore('read', () => binding.describe())
      if (info.dimensions !== encodingLength) {
        throw new FaceError(
          'not_configured',
          `The Vectorize index has ${info.dimensions} dimensions; an encoding has ${encodingLength}.`,
        )
      }
      // Typed as numbers; documented, and sent, as texts, and null before the first mutation.
      const { processedUpToMutation: mutation, processedUpToDatetime: time } = info
      const atMs = time === null ? Number.NaN : new Date(time).getTime()
      return {
        mutationId: mutation === null ? null : `${mutation}`,
        atMs: Number.isNaN(atMs) ? null : atMs,
      }
    },

    async change(upserts, deletions) {
      let last: string | undefined
      for (let start = 0; start < upserts.length; start += upsertsACall) {
        const vectors = upserts.slice(start, start + upsertsACall).map(toVector)
        last = (await reachStore('write', () => binding.upsert(vectors))).mutationId
      }
      for (let start = 0; start < deletions.length; start += deletionsACall) {
        const ids = deletions.slice(start, start + deletionsACall)
        last = (await reachStore('delete', () => binding.deleteByIds(ids))).mutationId
      }
      return last
    },

    async query(probe) {
      const { matches } = await reachStore('read', () =>
        // With values the order is exact; without, it is that of compressed vectors.
        binding.query(probe, { topK: mostMatches, returnValues: true, returnMetadata: 'all' }),
      )
      return matches.flatMap(({ id, metadata: stored }) => {
        const parsed = metadata.safeParse(stored)
        return parsed.success ? [{ key: id, sealedEntry: parsed.data.entry }] : []
      })
    },
  }
}

function toVector({ key, values, sealedEntry }: IndexedPerson): VectorizeVector {
  return { id: key, values, metadata: { entry: sealedEntry } }
}
