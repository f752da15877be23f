/**
 * A gallery that is read without waiting for the directory, for a question that may be answered a little late: who is nearer than the
 * person matched or named. The last view is used for some seconds; then it is renewed in the background, and only an isolate that has not
 * searched for a minute waits. Whoever has something else to do first says so, and finds it renewed. A change that went through this isolate
 * counts at once.
 */
import type { EncodingSource } from '../../encoding/encoding.ts'
import type { Gallery, GalleryView } from './gallery.ts'
import type { KeepAlive } from './share-load.ts'

/** A view as young as this is used as it is. */
export const recentMs = 10_000
/** One that is older than this is not used. */
export const mostStaleMs = 60_000

export interface RecentGallery extends Gallery {
  /** Begins in the background what `open` would begin, for whoever opens it in a moment. */
  prepare(source: EncodingSource): void
  /** The next search waits for the directory. */
  forget(): void
}

export interface RecentOptions {
  readonly nowMs: () => number
  readonly keepAlive?: KeepAlive
}

export function createRecentGallery(
  gallery: Gallery,
  { nowMs, keepAlive = () => undefined }: RecentOptions,
): RecentGallery {
  let last:
    | { readonly model: string; readonly view: GalleryView; readonly atMs: number }
    | undefined
  let renewalMs = Number.NEGATIVE_INFINITY
  /** Counts changes: a view that was being read when one came is not kept. */
  let changes = 0

  async function renew(source: EncodingSource): Promise<GalleryView> {
    const [atMs, known] = [nowMs(), changes]
    const view = await gallery.open(source)
    if (known === changes) last = { model: source.model, view, atMs }
    return view
  }

  /** The last view, renewed in the background when it is due; null for none, or one too old. */
  function lastView(source: EncodingSource): GalleryView | null {
    const ageMs = last?.model === source.model ? Math.abs(nowMs() - last.atMs) : Number.NaN
    if (last === undefined || !(ageMs <= mostStaleMs)) return null
    // One renewal at a time; one that was stopped with its request is begun again.
    if (ageMs > recentMs && nowMs() - renewalMs > recentMs) {
      renewalMs = nowMs()
      // Whoever needs it next tries again, and waits once it is too old.
      keepAlive(renew(source).catch(() => undefined))
    }
    return last.view
  }

  return {
    open: async (source) => lastView(source) ?? (await renew(source)),

    prepare(source) {
      lastView(source)
    },

    forget() {
      changes++
      last = undefined
    },
  }
}
