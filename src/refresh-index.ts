/**
 * What the cron trigger does: brings the index by which people are found up to date with the directory, a bounded piece at each
 * call, and logs one line of counts. `kv` has nothing to do: enrollment itself writes it.
 */

import type { EncodingSource } from './encoding/encoding.ts'
import type { MetricKind } from './encoding/metrics/metric.ts'
import { type BuildReport, buildPacked, rowsASegment } from './gallery/packed/build-packed.ts'
import { createPackedStore } from './gallery/packed/packed-store.ts'
import { segmentName } from './gallery/packed/sweep-segments.ts'
import { createChangeLog } from './gallery/search/change-log.ts'
import { type FeedReport, feedVectorize } from './gallery/vectorize/feed-vectorize.ts'
import { createVectorizeIndex } from './gallery/vectorize/vectorize-index.ts'
import { createVault } from './identity/vault.ts'
import { loadSettings } from './settings/settings.ts'

export interface RefreshOptions {
  readonly now: Date
  /** The encoder that runs. */
  readonly source: EncodingSource
  /** What the model's faces are compared in. */
  readonly metric: MetricKind
}

/** Throws `store_unavailable` and `not_configured`; the previous index stays in use. */
export async function refreshIndex(
  env: unknown,
  { now, source, metric }: RefreshOptions,
): Promise<BuildReport | FeedReport | null> {
  const { identities: kv, persons, directory, templateKeys, index } = loadSettings(env)
  if (index.kind === 'kv') return null
  const vault = await createVault(templateKeys)
  const log = createChangeLog(directory, persons, vault)
  const nowMs = now.getTime()
  const report =
    index.kind === 'packed'
      ? await buildPacked(createPackedStore(kv, vault), log, {
          nowMs,
          newName: () => segmentName(nowMs),
          maxRows: rowsASegment(source.encodingLength),
        })
      : await feedVectorize(
          { kv, log, index: createVectorizeIndex(index.binding) },
          { nowMs, source, metric },
        )
  console.log(JSON.stringify({ level: 'info', event: `${index.kind}_refreshed`, ...report }))
  return report
}
