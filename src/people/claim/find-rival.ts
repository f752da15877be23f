/**
 * Whether somebody else enrolled is clearly nearer to a probe that matches: the search behind decision/rival.ts. Unknown is not absent: a
 * person whose record or entry does not open, or is of another network, cannot be compared and may be the nearer one. Then the face must
 * pass as in a search among everybody, which lets in strangers no more often than the claim alone, whoever else is enrolled.
 */
import { decide } from '../../decision/decide.ts'
import { type Held, heldTo } from '../../decision/doubt.ts'
import { rivalFmr, rivalReach } from '../../decision/rival.ts'
import type { Threshold } from '../../decision/thresholds.ts'
import type { GalleryView, SearchResult } from '../../gallery/search/gallery.ts'
import { logSkipped } from '../log-skipped.ts'
import type { SearchSources } from '../search-duplicates.ts'

export type Standing =
  /** Nobody else is clearly nearer. */
  | { readonly kind: 'nearest' }
  | { readonly kind: 'rival'; readonly identity: string }
  /** Somebody who cannot be compared may be nearer. */
  | { readonly kind: 'unknown' }

/** Throws like `Gallery.open`: if the search is impossible, nobody is let in. */
export async function findRival(
  { gallery, thresholds, requestId }: SearchSources,
  threshold: Threshold,
  probe: Float32Array,
  claimed: Held & { readonly identity: string; readonly distance: number },
): Promise<Standing> {
  const { model } = threshold
  const fmr = threshold.calibrated ? threshold.fmr : rivalFmr
  const view = await gallery.open({ model, encodingLength: probe.length })
  const { people, peopleOfOtherModels, unreadableEntries } = view
  const among = thresholds.identification(model, { fmr: Math.max(fmr, rivalFmr), people })
  const maxDistance = rivalReach(claimed.distance, threshold, among)
  const found =
    maxDistance === 0 || people === 0
      ? { people: [], unreadable: [] }
      : await searchOthers(view, probe, claimed.identity, maxDistance, among)
  logSkipped(view, found, requestId)
  const [rival] = found.people
  if (rival !== undefined) return { kind: 'rival', identity: rival.identity }

  const unknown = peopleOfOtherModels + unreadableEntries + found.unreadable.length
  // So near that nobody can be clearly nearer, or everybody was compared.
  if (maxDistance === 0 || unknown === 0) return { kind: 'nearest' }
  const everybody = thresholds.identification(model, { fmr, people: people + unknown })
  return {
    kind: decide(claimed.distance, heldTo(everybody, claimed)) === 'match' ? 'nearest' : 'unknown',
  }
}

async function searchOthers(
  view: GalleryView,
  probe: Float32Array,
  except: string,
  maxDistance: number,
  { metric }: Threshold,
): Promise<SearchResult> {
  const options = { limit: 1, maxDistance, metric, except }
  const found = await view.search(probe, { ...options, isConfirmed: false })
  // Nobody is refused for somebody whose object does not confirm them; nobody in reach costs no call.
  return found.people.length === 0 ? found : await view.search(probe, options)
}
