/**
 * One structured line when a search skipped people: those of another model, and those whose record or index entry cannot be
 * read. They match nobody; the operator should know, the caller need not. Counts only.
 */
import type { GalleryView, SearchResult } from '../gallery/search/gallery.ts'

export function logSkipped(
  { peopleOfOtherModels, unreadableEntries }: GalleryView,
  { unreadable }: Pick<SearchResult, 'unreadable'>,
  requestId: string,
): void {
  const counts = { peopleOfOtherModels, unreadableEntries, unreadableRecords: unreadable.length }
  if (Object.values(counts).every((count) => count === 0)) return
  console.warn(JSON.stringify({ level: 'warn', requestId, event: 'people_passed_over', ...counts }))
}
