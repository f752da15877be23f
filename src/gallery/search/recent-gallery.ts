/**
 * A gallery that is read without waiting for the directory, for a question that may be answered a little late: who is nearer than the
 * person matched or named. The last view is used for some seconds; then it is renewed in the background, and only an isolate that has not
 * searched for a minute waits. Whoever has something else to do first can have it renewed meanwhile. A change that went through this isolate
 * counts at once.
 */
import type { EncodingSource } from '../../encoding/encoding.ts'
import { withinTime } from '../../identity/reach/reach-store.ts'
import type { Gallery, GalleryView } from './gallery.ts'
import type { KeepAlive } from './share-load.ts'

/** A view as young as this is used as it is. */
export const recentMs = 10_000
/** One that is older than this is not used. */
export const mostStaleMs = 60_000

/** Longest that a search waits for a renewal. After a photo was encoded its answers are there as a rule, and only have to be read. */
const renewalPatienceMs = 50

export interface RecentGallery extends Gallery {
  /**
   * Begins what `open` would begin, for whoever opens it in a while. Resolves once that has ended, well or not, or at once when nothing is
   * to be renewed or another request is at it.
   */
  renewIfDue(source: EncodingSource): Promise<void>
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

  const ageOf = ({ model }: EncodingSource): number =>
    last?.model === model ? Math.abs(nowMs() - last.atMs) : Number.NaN

  /** One renewal at a time; one that was stopped with its request is begun again. */
  async function renewIfDue(source: EncodingSource): Promise<void> {
    const ageMs = ageOf(source)
    const isDue = ageMs > recentMs && ageMs <= mostStaleMs && nowMs() - renewalMs > recentMs
    if (!isDue) return
    renewalMs = nowMs()
    // Whoever needs it next tries again, and waits once it is too old.
    const renewal = renew(source).catch(() => undefined)
    keepAlive(renewal)
    await renewal
  }

  return {
    async open(source) {
      if (last === undefined || !(ageOf(source) <= mostStaleMs)) return await renew(source)
      const { view } = last
      void renewIfDue(source)
      return view
    },

    renewIfDue,

    forget() {
      changes++
      last = undefined
    },
  }
}

/** The same gallery, whose first search waits a little for a renewal. @param renewed by `renewIfDue` */
export function afterRenewal(gallery: Gallery, renewed: Promise<void>): Gallery {
  let waited: Promise<unknown> | undefined
  return {
    async open(source) {
      waited ??= withinTime(renewed, renewalPatienceMs)
      await waited
      return await gallery.open(source)
    },
  }
}
