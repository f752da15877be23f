/**
 * Appends changes to the existing segments. The last segment is rewritten under a new name until it is full, so that many
 * small builds do not leave many small segments.
 */

import type { LogPosition } from '../../identity/directory/log-position.ts'
import type { GalleryEntry } from '../../identity/gallery-entry.ts'
import { type GalleryChange, positionAfter } from '../search/change-log.ts'
import type { SegmentSet } from './manifest.ts'
import type { PackedStore } from './packed-store.ts'

export interface SegmentAppender {
  /** In the order of the log. */
  add(change: GalleryChange): Promise<void>
  /** Writes what is pending. @param seq up to where the log was read */
  finish(seq: LogPosition): Promise<SegmentSet>
}

export interface AppendOptions {
  /** A new, unique segment name. */
  readonly newName: () => string
  /** People and deletions of one segment. */
  readonly maxRows: number
}

interface Draft {
  readonly people: Map<string, GalleryEntry>
  readonly deleted: Set<string>
  readonly afterSeq: LogPosition
}

export function createAppender(
  store: Pick<PackedStore, 'readSegment' | 'writeSegment'>,
  before: SegmentSet,
  { newName, maxRows }: AppendOptions,
): SegmentAppender {
  const segments = [...before.segments]
  let writtenSeq = before.seq
  /** After the last change that was added. */
  let addedSeq = before.seq
  let draft: Draft | undefined

  async function openDraft(): Promise<Draft> {
    const last = segments.at(-1)
    const isFull = last === undefined || last.people + last.deletions >= maxRows
    const stored = isFull ? null : await store.readSegment(last.name)
    // An unreadable segment stays: the gallery gets its people from the directory.
    if (isFull || stored === null) {
      return { people: new Map(), deleted: new Set(), afterSeq: writtenSeq }
    }
    segments.pop()
    const people = new Map([...stored.segment.people].map((entry) => [entry.identity, entry]))
    return { people, deleted: new Set(stored.segment.deleted), afterSeq: last.afterSeq }
  }

  async function write({ people, deleted, afterSeq }: Draft, seq: LogPosition): Promise<void> {
    const name = newName()
    await store.writeSegment(name, { people: [...people.values()], deleted: [...deleted] })
    const counts = { people: people.size, deletions: deleted.size }
    segments.push({ name, ...counts, afterSeq, seq })
    writtenSeq = seq
  }

  return {
    async add(change) {
      const { identity, entry } = change
      draft ??= await openDraft()
      addedSeq = positionAfter(addedSeq, change)
      const { people, deleted } = draft
      people.delete(identity)
      deleted.delete(identity)
      if (entry === null) deleted.add(identity)
      else people.set(identity, entry)
      if (people.size + deleted.size < maxRows) return
      await write(draft, addedSeq)
      draft = undefined
    },

    async finish(seq) {
      if (draft !== undefined) await write(draft, seq)
      draft = undefined
      return { seq, begunSeq: before.begunSeq, begunAtMs: before.begunAtMs, segments }
    },
  }
}
