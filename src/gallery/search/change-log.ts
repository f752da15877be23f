/**
 * The directory as indexes see it: the changes since their last read, in pages, opened. An index that applies the log finds a
 * person as soon as their enrollment is acknowledged, and drops them as soon as they are deleted.
 */
import { FaceError } from '../../errors/face-error.ts'
import { createDirectory, type DirectoryChanges } from '../../identity/directory/directory.ts'
import type { DirectoryObject } from '../../identity/directory/directory-object.ts'
import { partOf } from '../../identity/directory/directory-parts.ts'
import type { DirectoryEntry } from '../../identity/directory/directory-table.ts'
import {
  beginning,
  everywhere,
  type LogPosition,
  withChange,
} from '../../identity/directory/log-position.ts'
import { type GalleryEntry, parseEntry } from '../../identity/gallery-entry.ts'
import type { PersonObject } from '../../identity/objects/person-object.ts'
import { personKey } from '../../identity/person-key.ts'
import type { Vault } from '../../identity/vault.ts'

/** A change of a person. */
export interface GalleryChange {
  readonly identity: string
  /** Their key in KV (person-key.ts). */
  readonly key: string
  readonly version: number
  /** Greater than that of every change before in the person's part of the directory. */
  readonly seq: number
  readonly kind: 'enrolled' | 'deleted' | 'unreadable'
  /** Enrolled people only. */
  readonly entry: GalleryEntry | null
  /** The same in its stored form; null for a deleted person. */
  readonly sealedEntry: string | null
}

export interface Changes {
  /** In the order of each part; a person who changed twice is listed once. */
  readonly changes: readonly GalleryChange[]
  /** Continue from there. */
  readonly position: LogPosition
}

export interface ChangePage extends Changes {
  /** There are no more. */
  readonly isComplete: boolean
  /** After the last change that happened. */
  readonly last: LogPosition
}

/** Throws `store_unavailable`. */
export interface ChangeLog {
  /**
   * At most 2,000 changes after a place; from the beginning on, everybody. Null when deletions after `known` are forgotten,
   * because the reader may still hold those people, and when the log was restarted. Without `known`, forgotten deletions
   * do not matter.
   */
  page(after: LogPosition, known?: LogPosition): Promise<ChangePage | null>
  /** All since a time, and whatever is not in KV yet. */
  sinceTime(ms: number): Promise<Changes>
  /** People who are enrolled, with any model. */
  count(): Promise<number>
  /** Of a list of the same people in the same versions it is the same (people-sum.ts). */
  peopleSum(): Promise<number>
}

export function createChangeLog(
  namespace: DurableObjectNamespace<DirectoryObject>,
  persons: DurableObjectNamespace<PersonObject>,
  vault: Vault,
): ChangeLog {
  const directory = createDirectory(namespace)

  async function openEntry(row: DirectoryEntry): Promise<GalleryChange> {
    const { identity, version, seq, entry: sealedEntry } = row
    const key = personKey(persons, identity)
    const change = { identity, key, version, seq, entry: null, sealedEntry }
    if (sealedEntry === null) return { ...change, kind: 'deleted' }
    const entry = await openGalleryEntry(vault, key, sealedEntry)
    const isTheirs = entry?.identity === identity && entry.version === version
    return isTheirs ? { ...change, kind: 'enrolled', entry } : { ...change, kind: 'unreadable' }
  }

  async function open(answer: DirectoryChanges | null): Promise<ChangePage | null> {
    return answer && { ...answer, changes: await Promise.all(answer.changes.map(openEntry)) }
  }

  return {
    page: async (after, known = everywhere(Number.MAX_SAFE_INTEGER)) =>
      await open(await directory.changesSince(after, known)),

    async sinceTime(ms) {
      const changes: GalleryChange[] = []
      for (let position = beginning; ; ) {
        const page = await open(await directory.changesSinceTime(ms, position))
        if (page === null) break
        changes.push(...page.changes)
        position = page.position
        if (page.isComplete) return { changes, position }
      }
      throw new FaceError('store_unavailable', 'The log of changes does not reach back far enough.')
    },

    count: directory.count,

    peopleSum: directory.peopleSum,
  }
}

/** Where the log is after a change, if it was at `before`. */
export function positionAfter(before: LogPosition, { identity, seq }: GalleryChange): LogPosition {
  return withChange(before, partOf(identity), seq)
}

/** Null when it is not this person's entry, or cannot be read. @param key the person's (person-key.ts) */
export async function openGalleryEntry(
  vault: Vault,
  key: string,
  sealed: string,
): Promise<GalleryEntry | null> {
  const text = await vault.open('gallery', key, sealed)
  return text === null ? null : parseEntry(text)
}
