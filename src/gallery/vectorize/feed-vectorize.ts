/**
 * Brings a Vectorize index up to date with the directory's log, a bounded piece at each call: the templates of the model that
 * runs. Progress is written last, so that a killed call is repeated; sending the same changes twice is harmless. When the
 * model or the metric changes, or the index has processed nothing, as one made anew, everybody is sent again.
 */
import type { EncodingSource } from '../../encoding/encoding.ts'
import { type MetricKind, scannedRow } from '../../encoding/metrics/metric.ts'
import { beginning, changesBefore, isBeginning } from '../../identity/directory/log-position.ts'
import { entryOf } from '../../identity/gallery-entry.ts'
import type { ChangeLog, GalleryChange } from '../search/change-log.ts'
import type { IndexedPerson, Processed, VectorizeIndex } from './vectorize-index.ts'
import { readProgress, type VectorizeProgress, writeProgress } from './vectorize-progress.ts'

export interface FeedOptions {
  readonly nowMs: number
  /** Whose people are sent. */
  readonly source: EncodingSource
  readonly metric: MetricKind
  /** Pages of the log that one call sends, of at most 2,000 changes. */
  readonly maxPages?: number
}

export interface FeedReport {
  readonly upserts: number
  readonly deletions: number
  /** Nothing is left to send. */
  readonly isComplete: boolean
  /** How many changes of the log every query sees. */
  readonly shownSeq: number
}

/** A few seconds of CPU time. */
const maxPagesACall = 10
/** How long after it was sent a processed change is taken to be seen by every query. */
const settledAfterMs = 120_000
/** How far Vectorize's clock may be from ours. */
const clockSkewMs = 60_000

export async function feedVectorize(
  { kv, index, log }: { kv: KVNamespace; index: VectorizeIndex; log: Pick<ChangeLog, 'page'> },
  { nowMs, source, metric, maxPages = maxPagesACall }: FeedOptions,
): Promise<FeedReport> {
  const { model, encodingLength } = source
  const stored = await readProgress(kv)
  const nothing: VectorizeProgress = {
    model,
    metric,
    sentSeq: beginning,
    shownSeq: beginning,
    pending: [],
  }
  const processed = await index.processed(encodingLength)
  const isOurs = stored?.model === model && stored.metric === metric
  // Nothing of what was sent is processed: late, or sent to another index than is under the name now.
  const isAnew = processed.mutationId === null && stored && !isBeginning(stored.sentSeq)
  let progress = settle(isOurs && !isAnew ? stored : nothing, processed, nowMs)
  const report = { upserts: 0, deletions: 0, isComplete: false }
  for (let pages = 0; pages < maxPages && !report.isComplete; pages++) {
    // Forgotten deletions leave vectors that no record confirms.
    const page = await log.page(progress.sentSeq)
    if (page === null) {
      // The log was restarted: the next call sends everybody.
      progress = nothing
      break
    }
    const upserts = page.changes.flatMap((change) => toIndexed(change, { source, metric }))
    const upserted = new Set(upserts.map(({ key }) => key))
    const deletions = page.changes.map(({ key }) => key).filter((key) => !upserted.has(key))
    const mutationId = await index.change(upserts, deletions)
    const sent = mutationId === undefined ? [] : [{ seq: page.position, mutationId, atMs: nowMs }]
    progress = { ...progress, sentSeq: page.position, pending: [...progress.pending, ...sent] }
    report.upserts += upserts.length
    report.deletions += deletions.length
    report.isComplete = page.isComplete
  }
  await writeProgress(kv, progress)
  return { ...report, shownSeq: changesBefore(progress.shownSeq) }
}

/** Removes from the pending list what every query sees by now. */
function settle(
  before: VectorizeProgress,
  { mutationId, atMs }: Processed,
  nowMs: number,
): VectorizeProgress {
  const { pending } = before
  const upTo = pending.findIndex((sent) => sent.mutationId === mutationId)
  const shown = pending.filter(
    (sent, i) =>
      (i <= upTo || (atMs !== null && sent.atMs + clockSkewMs <= atMs)) &&
      sent.atMs + settledAfterMs <= nowMs,
  )
  const last = shown.at(-1)
  if (last === undefined) return before
  return { ...before, shownSeq: last.seq, pending: pending.slice(shown.length) }
}

/** Empty for a person who is deleted, unreadable, or of another model. */
function toIndexed(
  { key, entry, sealedEntry }: GalleryChange,
  { source, metric }: Pick<FeedOptions, 'source' | 'metric'>,
): IndexedPerson[] {
  const ours = entry && entryOf(entry, source)
  if (!ours || sealedEntry === null) return []
  const { scale, numbers } = ours.template
  const template = Float32Array.from(numbers, (number) => number * scale)
  return [{ key, values: scannedRow(metric, template), sealedEntry }]
}
