/**
 * How far a Vectorize index has come in the directory's log: which changes were sent, and which of them every query sees.
 * JSON text in one KV key, written by the feeder and read by the search.
 */
import { z } from 'zod'
import { metricKinds } from '../../encoding/metrics/metric.ts'
import { storedPosition } from '../../identity/directory/log-position.ts'
import { reachStore } from '../../identity/reach/reach-store.ts'
import { parseJson } from '../../lib/parse-json.ts'

const storedProgress = z.strictObject({
  format: z.literal(1),
  /** Whose templates are in it. */
  model: z.string().min(1),
  /** What they are compared in: as they are, or at unit length. */
  metric: z.enum(metricKinds),
  /** The last changes that were sent. */
  sentSeq: storedPosition,
  /** The last changes that every query sees. */
  shownSeq: storedPosition,
  /** Changes sent that may not be visible yet, oldest first. */
  pending: z.array(z.strictObject({ seq: storedPosition, mutationId: z.string(), atMs: z.int() })),
})

export type VectorizeProgress = Readonly<Omit<z.output<typeof storedProgress>, 'format'>>

const progressKey = 'vectorize:progress'

/** Null when nothing was sent yet. Throws `store_unavailable`. */
export async function readProgress(kv: KVNamespace): Promise<VectorizeProgress | null> {
  const text = await reachStore('read', () => kv.get(progressKey, 'text'))
  const parsed = storedProgress.safeParse(parseJson(text ?? ''))
  if (!parsed.success) return null
  const { format, ...progress } = parsed.data
  return progress
}

/** Throws `store_unavailable`. */
export async function writeProgress(kv: KVNamespace, progress: VectorizeProgress): Promise<void> {
  await reachStore('write', () => kv.put(progressKey, JSON.stringify({ format: 1, ...progress })))
}
