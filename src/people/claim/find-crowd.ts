/** How much the others enrolled crowd the probes of a claim: the gallery's side of decision/crowd.ts. */
import { crowdOf, crowdSample } from '../../decision/crowd.ts'
import { distanceBetween, prepareEncoding } from '../../encoding/metrics/metric.ts'
import type { SearchSources } from '../search-duplicates.ts'

/**
 * Of the probe that is crowded most; 1 where nobody measured how far strangers are apart. Throws like `Gallery.open`.
 *
 * @param probes at least one
 * @param identity who is claimed
 */
export async function findCrowd(
  { gallery, thresholds }: Pick<SearchSources, 'gallery' | 'thresholds'>,
  model: string,
  probes: readonly Float32Array[],
  identity: string,
): Promise<number> {
  const apart = thresholds.strangersApart(model)
  if (apart === null) return 1
  const view = await gallery.open({ model, encodingLength: probes[0]!.length })
  const others = view
    .sample(crowdSample, identity)
    .map((template) => prepareEncoding(apart.metric, template))
  const crowds = probes.map((probe) => {
    const place = prepareEncoding(apart.metric, probe)
    return crowdOf(
      others.map((other) => distanceBetween(place, other)),
      apart,
    )
  })
  return Math.max(...crowds)
}
