/** Applies later changes to the gallery held by an isolate, page by page of the directory's log. */
import { hasReached, type LogPosition, laterOf } from '../../identity/directory/log-position.ts'
import type { ChangeLog, GalleryChange } from './change-log.ts'
import { applyChanges, type HeldGallery } from './held-gallery.ts'

export interface CatchUpOptions {
  /** Up to where deletions are known; any may have been forgotten unless given. */
  readonly known?: LogPosition
  /** Reading may stop there. */
  readonly until?: LogPosition
  readonly onChange?: (change: GalleryChange) => void
}

/** Changes that may still be read. */
export interface ChangeBudget {
  changes: number
}

/**
 * - `done`: everything is in it, or everything up to `until`
 * - `forgotten`: later deletions are forgotten, or the log was restarted
 * - `too_many`: the budget is used up
 */
export type CaughtUp = 'done' | 'forgotten' | 'too_many'

export async function catchUp(
  log: Pick<ChangeLog, 'page'>,
  held: HeldGallery,
  budget: ChangeBudget,
  { known, until, onChange }: CatchUpOptions = {},
): Promise<CaughtUp> {
  for (;;) {
    const page = await log.page(held.position, known && laterOf(known, held.position))
    if (page === null) return 'forgotten'
    budget.changes -= page.changes.length
    applyChanges(held, page)
    if (onChange !== undefined) page.changes.forEach(onChange)
    if (page.isComplete || (until && hasReached(page.position, until))) return 'done'
    if (budget.changes <= 0) return 'too_many'
  }
}
