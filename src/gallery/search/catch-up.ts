/** Applies later changes to the gallery held by an isolate, page by page of the directory's log. */
import type { ChangeLog, GalleryChange } from './change-log.ts'
import { applyChanges, type HeldGallery } from './held-gallery.ts'

export interface CatchUpOptions {
  /** The last change whose deletions are known; any may have been forgotten unless given. */
  readonly knownSeq?: number
  /** Reading may stop at this change. */
  readonly untilSeq?: number
  readonly onChange?: (change: GalleryChange) => void
}

/** Changes that may still be read. */
export interface ChangeBudget {
  changes: number
}

/**
 * - `done`: everything is in it, or everything up to `untilSeq`
 * - `forgotten`: later deletions are forgotten, or the log was restarted
 * - `too_many`: the budget is used up
 */
export type CaughtUp = 'done' | 'forgotten' | 'too_many'

export async function catchUp(
  log: Pick<ChangeLog, 'page'>,
  held: HeldGallery,
  budget: ChangeBudget,
  { knownSeq, untilSeq = Number.POSITIVE_INFINITY, onChange }: CatchUpOptions = {},
): Promise<CaughtUp> {
  for (;;) {
    const known = knownSeq === undefined ? undefined : Math.max(knownSeq, held.seq)
    const page = await log.page(held.seq, known)
    if (page === null) return 'forgotten'
    budget.changes -= page.changes.length
    applyChanges(held, page)
    if (onChange !== undefined) page.changes.forEach(onChange)
    if (page.isComplete || page.seq >= untilSeq) return 'done'
    if (budget.changes <= 0) return 'too_many'
  }
}
