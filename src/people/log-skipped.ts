/**
 * One structured line when a search passed people over: those of another model, and those whose record or index entry cannot
 * be read. They match nobody, and the caller need not know; whoever runs the service should. Counts only.
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
