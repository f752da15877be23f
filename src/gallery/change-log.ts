/**
 * The directory as indexes see it: what changed since they last looked, and everybody's entries in pages, opened. An index
 * that applies the log finds a person as soon as their enrolment is acknowledged, and forgets them as soon as they are deleted.
 */
import { FaceError } from '../errors.ts'
import { directoryName } from '../identity/directory-name.ts'
import type { ChangesAnswer, DirectoryObject } from '../identity/directory-object.ts'
import type { DirectoryEntry } from '../identity/directory-table.ts'
import { personKey } from '../identity/person-key.ts'
import type { PersonObject } from '../identity/person-object.ts'
import { reachStore } from '../identity/reach-store.ts'
import type { Vault } from '../identity/vault.ts'
import { type GalleryEntry, parseEntry } from './entry.ts'

/** What became of a person. */
export interface GalleryChange {
  readonly identity: string
  /** Their key in KV (person-key.ts). */
  readonly key: string
  readonly version: number
  /** Greater than that of every change before. */
  readonly seq: number
  readonly kind: 'enrolled' | 'deleted' | 'unreadable'
  /** Only of who is enrolled. */
  readonly entry: GalleryEntry | null
}

export interface Changes {
  /** In order; a person who changed twice is told of once. */
  readonly changes: readonly GalleryChange[]
  /** Ask for those after this one next time. */
  readonly seq: number
}

/** Throws `store_unavailable`. */
export interface ChangeLog {
  /** Null when too much was forgotten: whoever asks has to begin anew. */
  since(seq: number): Promise<Changes | null>
  /** All since a time, and whatever is not in KV yet. */
  sinceTime(ms: number): Promise<Changes>
  /** Everybody enrolled, a page of at most 1,000 a turn, in the order of the identities' bytes. */
  entries(): AsyncGenerator<readonly GalleryChange[]>
}

export function createChangeLog(
  namespace: DurableObjectNamespace<DirectoryObject>,
  persons: DurableObjectNamespace<PersonObject>,
  vault: Vault,
): ChangeLog {
  const directory = () => namespace.getByName(directoryName)

  async function openEntry(row: DirectoryEntry): Promise<GalleryChange> {
    const { identity, version, seq, entry: sealed } = row
    const key = personKey(persons, identity)
    const change = { identity, key, version, seq, entry: null }
    if (sealed === null) return { ...change, kind: 'deleted' }
    const entry = await openGalleryEntry(vault, key, sealed)
    const isTheirs = entry?.identity === identity && entry.version === version
    return isTheirs ? { ...change, kind: 'enrolled', entry } : { ...change, kind: 'unreadable' }
  }

  async function gather(
    ask: (afterSeq: number) => Promise<ChangesAnswer>,
    afterSeq: number,
  ): Promise<Changes | null> {
    const changes: GalleryChange[] = []
    for (let seq = afterSeq; ; ) {
      const answer = await reachStore<ChangesAnswer>('list', () => ask(seq))
      if (answer.kind === 'too_old') return null
      changes.push(...(await Promise.all(answer.changes.map(openEntry))))
      seq = answer.seq
      if (answer.isComplete) return { changes, seq }
    }
  }

  return {
    since: (seq) => gather((after) => directory().changesSince(after), seq),

    async sinceTime(ms) {
      const changes = await gather((after) => directory().changesSinceTime(ms, after), 0)
      if (changes !== null) return changes
      throw new FaceError('store_unavailable', 'The log of changes does not reach back far enough.')
    },

    async *entries() {
      for (let after = ''; ; ) {
        const rows = await reachStore('list', () => directory().entries(after))
        if (rows.length === 0) return
        after = rows[rows.length - 1].identity
        yield await Promise.all(rows.map(openEntry))
      }
    },
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
