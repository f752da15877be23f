/**
 * The directory as its readers see it: one list in the order of the identities' bytes, one log. Every question goes to all parts, and is
 * answered once all of them have answered: if one fails, so does the whole, because a list without a part would say that its
 * people are not enrolled.
 */
import { reachStore } from '../reach/reach-store.ts'
import type { DirectoryObject } from './directory-object.ts'
import { partNames } from './directory-parts.ts'
import type { DirectoryEntry, DirectoryPerson, PageOptions } from './directory-table.ts'
import type { LogPosition } from './log-position.ts'
import { mergeParts } from './merge-parts.ts'

/** Changes that a part gives at once: together about as many entries as are easily held. */
const changesAPart = 250

export interface DirectoryChanges {
  /** Those of a part in their order; a person who changed twice is listed once. */
  readonly changes: readonly DirectoryEntry[]
  /** Continue from there unless `isComplete`. */
  readonly position: LogPosition
  readonly isComplete: boolean
  /** After the newest change. */
  readonly last: LogPosition
}

/** Throws `store_unavailable`. */
export interface Directory {
  /** In the order of the identities' bytes, `limit` of them unless that is the end. */
  people(options: PageOptions): Promise<DirectoryPerson[]>
  /** The entries of everybody who is enrolled, in the same order. */
  entries(after: string, limit: number): Promise<DirectoryEntry[]>
  count(): Promise<number>
  /** Of everybody who is enrolled (people-sum.ts). */
  peopleSum(): Promise<number>
  /**
   * Null when requested deletions are no longer in the log, or it was restarted.
   *
   * @param known the reader holds no person deleted up to there: those deletions may be forgotten
   */
  changesSince(after: LogPosition, known: LogPosition): Promise<DirectoryChanges | null>
  /** What changed at or after a time, and everything not in KV yet. Null as above. @param after the `position` of the page before */
  changesSinceTime(sinceMs: number, after: LogPosition): Promise<DirectoryChanges | null>
}

type Part = ReturnType<DurableObjectNamespace<DirectoryObject>['getByName']>

export function createDirectory(namespace: DurableObjectNamespace<DirectoryObject>): Directory {
  const partCalled = (part: number): Part => namespace.getByName(partNames[part])

  async function ask<T>(action: string, question: (part: Part, i: number) => Promise<T>) {
    const all = () => Promise.all(partNames.map((_, i) => question(partCalled(i), i)))
    return await reachStore(action, all)
  }

  async function askLog(
    question: (part: Part, i: number) => ReturnType<DirectoryObject['changesSince']>,
  ): Promise<DirectoryChanges | null> {
    const answers = await ask('list', question)
    const parts = answers.flatMap((answer) => (answer.kind === 'changes' ? answer : []))
    if (parts.length < answers.length) return null
    return {
      changes: parts.flatMap(({ changes }) => changes),
      position: parts.map(({ seq }) => seq),
      isComplete: parts.every(({ isComplete }) => isComplete),
      last: parts.map(({ lastSeq }) => lastSeq),
    }
  }

  return {
    people: ({ prefix, after, limit }) =>
      reachStore('list', () =>
        mergeParts({ after, limit }, (part, page) => partCalled(part).people({ prefix, ...page })),
      ),

    entries: (after, limit) =>
      reachStore('list', () =>
        mergeParts({ after, limit }, (part, page) =>
          partCalled(part).entries(page.after, page.limit),
        ),
      ),

    count: async () => sumOf(await ask('read', (part) => part.count())),

    peopleSum: async () => sumOf(await ask('read', (part) => part.peopleSum())),

    changesSince: (after, known) =>
      askLog((part, i) => part.changesSince(after[i], known[i], changesAPart)),

    changesSinceTime: (sinceMs, after) =>
      askLog((part, i) => part.changesSinceTime(sinceMs, after[i], changesAPart)),
  }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
