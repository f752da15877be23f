/**
 * The directory as indexes see it: the changes since their last read, in pages, opened. An index that applies the log finds a
 * person as soon as their enrollment is acknowledged, and drops them as soon as they are deleted.
 */
import { FaceError } from '../../errors/face-error.ts'
import { directoryName } from '../../identity/directory/directory-name.ts'
import type { ChangesAnswer, DirectoryObject } from '../../identity/directory/directory-object.ts'
import type { DirectoryEntry } from '../../identity/directory/directory-table.ts'
import { type GalleryEntry, parseEntry } from '../../identity/gallery-entry.ts'
import { personKey } from '../../identity/person-key.ts'
import type { PersonObject } from '../../identity/person-object.ts'
import { reachStore } from '../../identity/reach-store.ts'
import type { Vault } from '../../identity/vault.ts'

/** A change of a person. */
export interface GalleryChange {
  readonly identity: string
  /** Their key in KV (person-key.ts). */
  readonly key: string
  readonly version: number
  /** Greater than that of every change before. */
  readonly seq: number
  readonly kind: 'enrolled' | 'deleted' | 'unreadable'
  /** Enrolled people only. */
  readonly entry: GalleryEntry | null
  /** The same in its stored form; null for a deleted person. */
  readonly sealedEntry: string | null
}

export interface Changes {
  /** In order; a person who changed twice is listed once. */
  readonly changes: readonly GalleryChange[]
  /** Continue after this change. */
  readonly seq: number
}

export interface ChangePage extends Changes {
  /** There are no more. */
  readonly isComplete: boolean
  /** The last change that happened. */
  readonly lastSeq: number
}

/** Throws `store_unavailable`. */
export interface ChangeLog {
  /**
   * At most 1,000 changes after one; from 0 on, everybody. Null when deletions after the change `knownSeq` are forgotten,
   * because the reader may still hold those people, and when the log was restarted. Without `knownSeq`, forgotten deletions
   * do not matter.
   */
  page(afterSeq: number, knownSeq?: number): Promise<ChangePage | null>
  /** All since a time, and whatever is not in KV yet. */
  sinceTime(ms: number): Promise<Changes>
  /** People who are enrolled, with any model. */
  count(): Promise<number>
}

export function createChangeLog(
  namespace: DurableObjectNamespace<DirectoryObject>,
  persons: DurableObjectNamespace<PersonObject>,
  vault: Vault,
): ChangeLog {
  const directory = () => namespace.getByName(directoryName)

  async function openEntry(row: DirectoryEntry): Promise<GalleryChange> {
    const { identity, version, seq, entry: sealedEntry } = row
    const key = personKey(persons, identity)
    const change = { identity, key, version, seq, entry: null, sealedEntry }
    if (sealedEntry === null) return { ...change, kind: 'deleted' }
    const entry = await openGalleryEntry(vault, key, sealedEntry)
    const isTheirs = entry?.identity === identity && entry.version === version
    return isTheirs ? { ...change, kind: 'enrolled', entry } : { ...change, kind: 'unreadable' }
  }

  async function ask(question: () => Promise<ChangesAnswer>): Promise<ChangePage | null> {
    const answer = await reachStore<ChangesAnswer>('list', question)
    if (answer.kind === 'too_old') return null
    return { ...answer, changes: await Promise.all(answer.changes.map(openEntry)) }
  }

  return {
    page: (afterSeq, knownSeq = Number.MAX_SAFE_INTEGER) =>
      ask(() => directory().changesSince(afterSeq, knownSeq)),

    async sinceTime(ms) {
      const changes: GalleryChange[] = []
      for (let seq = 0; ; ) {
        const page = await ask(() => directory().changesSinceTime(ms, seq))
        if (page === null) break
        changes.push(...page.changes)
        seq = page.seq
        if (page.isComplete) return { changes, seq }
      }
      throw new FaceError('store_unavailable', 'The log of changes does not reach back far enough.')
    },

    count: () => reachStore('read', () => directory().count()),
  }
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
