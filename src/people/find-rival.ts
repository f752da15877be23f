/** Whether somebody else enrolled is clearly nearer to a probe that matches: the search behind decision/rival.ts. */
import { rivalFmr, rivalReach } from '../decision/rival.ts'
import type { Threshold } from '../decision/thresholds.ts'
import { logSkipped } from './log-skipped.ts'
import type { SearchSources } from './search-duplicates.ts'

/** The claimed person, who is among those found, and one other. */
const searched = 2

/** Throws like `Gallery.open`: where it cannot be looked, nobody is let in. */
export async function hasRival(
  { gallery, thresholds, requestId }: SearchSources,
  threshold: Threshold,
  probe: Float32Array,
  claimed: { readonly identity: string; readonly distance: number },
): Promise<boolean> {
  const { model } = threshold
  const view = await gallery.open({ model, encodingLength: probe.length })
  if (view.people < searched) return false
  const fmr = threshold.calibrated ? Math.max(threshold.fmr, rivalFmr) : undefined
  const among = thresholds.identification(model, { fmr, people: view.people })
  const maxDistance = rivalReach(claimed.distance, threshold, among)
  if (maxDistance === 0) return false
  const found = await view.search(probe, { limit: searched, maxDistance, metric: among.metric })
  logSkipped(view, found, requestId)
  return found.people.some(({ identity }) => identity !== claimed.identity)
}
