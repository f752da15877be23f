/** The directory's log in memory, in pages of ten, with deletions that can be forgotten; its changes are numbered through all parts. */

import { toInt8 } from '../../../src/encoding/int8-encoding.ts'
import type {
  ChangeLog,
  ChangePage,
  GalleryChange,
} from '../../../src/gallery/search/change-log.ts'
import { partOf } from '../../../src/identity/directory/directory-parts.ts'
import { everywhere, laterOf } from '../../../src/identity/directory/log-position.ts'
import { fakeModel } from '../app/fake-engine.ts'

export interface FakeLog extends Pick<ChangeLog, 'page' | 'count'> {
  enroll(identity: string, encoding: Float32Array, model?: string): void
  /** Enrolls somebody whose entry cannot be read. */
  damage(identity: string): void
  delete(identity: string): void
  forgetDeletions(): void
  /** As if the directory had lost everything. */
  beginAnew(): void
  /** Calls so far. */
  readonly pages: number
}

const pageSize = 10

export function createFakeLog(): FakeLog {
  let changes = new Map<string, GalleryChange>()
  let lastSeq = 0
  let forgottenSeq = 0
  let pages = 0

  function change(
    identity: string,
    what: Pick<GalleryChange, 'kind' | 'entry' | 'sealedEntry'>,
  ): void {
    const version = (changes.get(identity)?.version ?? 0) + 1
    changes.delete(identity)
    const key = `key-of-${identity}`
    changes.set(identity, { identity, key, version, seq: ++lastSeq, ...what })
  }

  return {
    get pages() {
      return pages
    },

    enroll(identity, encoding, model = fakeModel) {
      const version = (changes.get(identity)?.version ?? 0) + 1
      const entry = { identity, version, model, template: toInt8(encoding) }
      change(identity, { kind: 'enrolled', entry, sealedEntry: JSON.stringify(entry) })
    },

    damage: (identity) => change(identity, { kind: 'unreadable', entry: null, sealedEntry: '' }),
    delete: (identity) => change(identity, { kind: 'deleted', entry: null, sealedEntry: null }),

    forgetDeletions() {
      for (const [identity, { kind, seq }] of changes) {
        if (kind !== 'deleted') continue
        changes.delete(identity)
        forgottenSeq = Math.max(forgottenSeq, seq)
      }
    },

    beginAnew() {
      changes = new Map()
      lastSeq = 0
      forgottenSeq = 0
    },

    async page(after, known = everywhere(Number.MAX_SAFE_INTEGER)): Promise<ChangePage | null> {
      pages++
      if (Math.min(...known) < forgottenSeq || Math.max(...after) > lastSeq) return null
      const later = [...changes.values()].filter(
        ({ identity, seq }) => seq > after[partOf(identity)],
      )
      const told = later.slice(0, pageSize)
      const isComplete = told.length === later.length
      const position = laterOf(after, everywhere(isComplete ? lastSeq : told.at(-1)!.seq))
      return { changes: told, position, isComplete, last: everywhere(lastSeq) }
    },

    count: async () => [...changes.values()].filter(({ kind }) => kind !== 'deleted').length,
  }
}
