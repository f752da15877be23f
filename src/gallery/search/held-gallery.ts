/**
 * What an isolate holds of a gallery: the people of the model that runs, as one matrix, the people of other models, and the
 * place in the directory's log. Whichever index it came from, the log keeps it up to date.
 */
import type { EncodingSource } from '../../encoding/encoding.ts'
import { partOf } from '../../identity/directory/directory-parts.ts'
import { beginning, type LogPosition, laterOf } from '../../identity/directory/log-position.ts'
import { entryOf, type GalleryEntry } from '../../identity/gallery-entry.ts'
import type { IdentityStore, KnownPerson } from '../../identity/store.ts'
import { type Capacity, requireRoom } from './capacity.ts'
import type { Changes } from './change-log.ts'
import type { GalleryView } from './gallery.ts'
import type { RecordReader } from './rank-people.ts'
import { searchMatrix } from './search-matrix.ts'
import { createTemplateMatrix, type TemplateMatrix } from './template-matrix.ts'

export interface HeldGallery extends EncodingSource {
  readonly matrix: TemplateMatrix
  /** People without a template of this model; a template of another length counts as another network's, whatever its label. */
  readonly others: Set<string>
  /** Keys of the people whose entry cannot be read. */
  readonly unreadable: Set<string>
  /** All changes before it are included. */
  position: LogPosition
}

export function emptyGallery(
  { model, encodingLength }: EncodingSource,
  kernel: WebAssembly.Module,
): HeldGallery {
  const matrix = createTemplateMatrix(kernel, encodingLength)
  return {
    model,
    encodingLength,
    matrix,
    others: new Set(),
    unreadable: new Set(),
    position: beginning,
  }
}

/** Adds a person, or replaces what is held of them. */
export function hold(held: HeldGallery, entry: GalleryEntry): void {
  const { matrix, others } = held
  const { identity, version } = entry
  const ours = entryOf(entry, held)
  if (ours === null) {
    matrix.remove(identity)
    others.add(identity)
  } else {
    others.delete(identity)
    matrix.put(identity, version, ours.template)
  }
}

export function drop({ matrix, others }: HeldGallery, identity: string): void {
  matrix.remove(identity)
  others.delete(identity)
}

/** Two searches may fetch changes at once: an older answer must not undo a newer one. */
export function applyChanges(held: HeldGallery, { changes, position }: Changes): void {
  for (const change of changes) {
    if (change.seq <= held.position[partOf(change.identity)]) continue
    const { identity, key, entry, kind } = change
    held.unreadable.delete(key)
    if (entry === null) drop(held, identity)
    else hold(held, entry)
    if (kind === 'unreadable') held.unreadable.add(key)
  }
  held.position = laterOf(held.position, position)
}

/** @param mostRecords people whose records a search may read; no limit unless given */
export function viewHeld(
  { model, matrix, others, unreadable }: HeldGallery,
  store: Pick<IdentityStore, 'getMany' | 'getCurrent'>,
  capacity: Capacity,
  mostRecords?: number,
): GalleryView {
  const reader: RecordReader = {
    getMany: (identities) => store.getMany(identities.flatMap(known)),
    getCurrent: (identities) => store.getCurrent(identities),
  }

  function known(identity: string): KnownPerson[] {
    const version = matrix.versionOf(identity)
    // Removed by a later search: deleted in the meantime.
    return version === undefined ? [] : [{ identity, version }]
  }

  return {
    people: matrix.people,
    peopleOfOtherModels: others.size,
    unreadableEntries: unreadable.size,
    search: (probe, options) => searchMatrix(matrix, model, probe, options, reader, mostRecords),
    sample: (most, except) => matrix.sample(most, except),
    requireRoomFor(identities) {
      const added = identities.filter((identity) => matrix.versionOf(identity) === undefined)
      requireRoom(capacity, matrix.people, added.length)
    },
  }
}
