/**
 * Cloudflare Vectorize in memory, as its documentation describes it (there is no local one): writes go to a log and are seen by
 * queries only when they are processed, in their order; limits are enforced with the messages of the real one where they are
 * known. Metric euclidean, so that the lowest score is the nearest.
 */

const maxUpserts = 1000
const maxDeletions = 100
const maxIdBytes = 64
const maxMetadataBytes = 10_240

type Change =
  | { readonly kind: 'upsert'; readonly vectors: readonly VectorizeVector[] }
  | { readonly kind: 'delete'; readonly ids: readonly string[] }

export interface VectorizeDouble extends Vectorize {
  /** Makes queries see the next so many mutations; all unless given. */
  process(mutations?: number): void
  /** Mutations that queries do not see yet. */
  readonly waiting: number
  /** What queries see. */
  readonly vectors: ReadonlyMap<string, VectorizeVector>
  /** Every query fails from now on. */
  fail(): void
}

/** @param now by which mutations are dated */
export function createVectorizeDouble(dimensions = 128, now = () => new Date()): VectorizeDouble {
  const vectors = new Map<string, VectorizeVector>()
  const log: { readonly id: string; readonly at: Date; readonly change: Change }[] = []
  let processed: { readonly id: string; readonly at: Date } | null = null
  let mutations = 0
  let isDown = false

  async function write(change: Change): Promise<VectorizeAsyncMutation> {
    const id = `mutation-${++mutations}`
    log.push({ id, at: now(), change })
    return { mutationId: id }
  }

  function checkVector({ id, values, metadata }: VectorizeVector): void {
    if (values.length !== dimensions) {
      throw new Error(
        `VECTOR_UPSERT_ERROR: expected ${dimensions} dimensions, got ${values.length}`,
      )
    }
    if (![...values].every(Number.isFinite)) throw new Error('VECTOR_UPSERT_ERROR: not finite')
    if (new TextEncoder().encode(id).length > maxIdBytes) {
      throw new Error('VECTOR_UPSERT_ERROR: id is too long')
    }
    if (JSON.stringify(metadata ?? {}).length > maxMetadataBytes) {
      throw new Error('VECTOR_UPSERT_ERROR: metadata is too long')
    }
  }

  async function insert(): Promise<never> {
    throw new Error('not part of the double')
  }

  return {
    vectors,

    get waiting() {
      return log.length
    },

    process(count = log.length) {
      for (const { id, at, change } of log.splice(0, count)) {
        if (change.kind === 'upsert') {
          for (const vector of change.vectors) vectors.set(vector.id, vector)
        } else {
          for (const deleted of change.ids) vectors.delete(deleted)
        }
        processed = { id, at }
      }
    },

    fail() {
      isDown = true
    },

    async describe() {
      // Typed as numbers, documented as a UUID and an ISO 8601 datetime.
      const info: unknown = {
        vectorCount: vectors.size,
        dimensions,
        processedUpToDatetime: processed?.at.toISOString() ?? null,
        processedUpToMutation: processed?.id ?? null,
      }
      return info as VectorizeIndexInfo
    },

    async query(probe, { topK = 5, returnValues = false, returnMetadata = 'none' } = {}) {
      if (isDown) throw new Error('VECTOR_QUERY_ERROR: the index is down')
      if (probe.length !== dimensions) throw new Error('VECTOR_QUERY_ERROR: dimensions')
      const most = returnValues || returnMetadata === 'all' ? 20 : 100
      if (topK > most) throw new Error(`VECTOR_QUERY_ERROR (code = 40025): max top K is ${most}`)
      const matches = [...vectors.values()]
        .map(({ id, values, metadata }) => {
          const score = Math.sqrt(
            [...values].reduce((sum, value, i) => sum + (value - probe[i]!) ** 2, 0),
          )
          return {
            id,
            score,
            ...(returnValues && { values }),
            ...(returnMetadata === 'all' && { metadata }),
          }
        })
        .sort((a, b) => a.score - b.score)
        .slice(0, topK)
      return { count: matches.length, matches }
    },

    async upsert(upserted) {
      if (upserted.length > maxUpserts) {
        throw new Error(`VECTOR_UPSERT_ERROR: max batch is ${maxUpserts}, got ${upserted.length}`)
      }
      upserted.forEach(checkVector)
      return await write({ kind: 'upsert', vectors: [...upserted] })
    },

    async deleteByIds(ids) {
      if (ids.length > maxDeletions) {
        throw new Error(
          `VECTOR_DELETE_ERROR (code = 40007): too many ids in payload; max id count is ${maxDeletions}, got ${ids.length}`,
        )
      }
      return await write({ kind: 'delete', ids: [...ids] })
    },

    insert,
    queryById: insert,
    getByIds: insert,
  }
}
