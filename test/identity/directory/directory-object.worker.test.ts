import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { deletionKeptMs } from '../../../src/identity/directory/directory-object.ts'
import { partName } from '../../../src/identity/directory/directory-parts.ts'
import type { DirectoryChange } from '../../../src/identity/directory/directory-table.ts'
import { sumOfPeople } from '../../../src/identity/directory/people-sum.ts'
import { resetStore } from '../../support/app/reset-store.ts'

beforeEach(() => resetStore())

const directory = () => env.DIRECTORY.getByName(partName(3))

function enrolled(
  identity: string,
  version = 1,
  more: Partial<DirectoryChange> = {},
): DirectoryChange {
  const at = '2026-11-24T03:33:00.000Z'
  const listing = { encodings: 2, model: 'm@0', createdAt: at, updatedAt: at }
  const person = { entry: `entry of ${identity} ${version}`, listing }
  return { identity, version, person, isCopied: true, nowMs: 1000, ...more }
}
const deleted = (identity: string, version: number, more: Partial<DirectoryChange> = {}) =>
  enrolled(identity, version, { person: null, ...more })

async function tell(...changes: DirectoryChange[]): Promise<void> {
  for (const change of changes) await directory().change(change)
}

async function identities(options: { prefix?: string; after?: string; limit?: number } = {}) {
  const people = await directory().people({ prefix: '', after: '', limit: 100, ...options })
  return people.map(({ identity }) => identity)
}

async function since(seq: number, knownSeq?: number) {
  const answer = await directory().changesSince(seq, knownSeq)
  return answer.kind === 'changes'
    ? answer.changes.map(({ identity, version, entry }) => [identity, version, entry !== null])
    : answer.kind
}

async function sinceTime(ms: number) {
  const answer = await directory().changesSinceTime(ms)
  return answer.kind === 'changes' ? answer.changes.map(({ identity }) => identity) : answer.kind
}

describe('the list', () => {
  it('is in the order of the bytes, and counts', async () => {
    await tell(...['b', 'a', 'B', '_', '-', '.', '0', 'ab'].map((id) => enrolled(id)))
    expect(await identities()).toEqual(['-', '.', '0', 'B', '_', 'a', 'ab', 'b'])
    expect(await directory().count()).toBe(8)
  })

  it('tells what a listing shows, and not the entry', async () => {
    await tell(enrolled('ada'))
    expect(await directory().people({ prefix: '', after: '', limit: 1 })).toEqual([
      {
        identity: 'ada',
        version: 1,
        encodings: 2,
        model: 'm@0',
        createdAt: '2026-11-24T03:33:00.000Z',
        updatedAt: '2026-11-24T03:33:00.000Z',
      },
    ])
  })

  it('begins after an identity, with a prefix, and ends at the limit', async () => {
    await tell(...['a', 'ab', 'abc', 'abd', 'b'].map((id) => enrolled(id)))
    expect(await identities({ after: 'ab' })).toEqual(['abc', 'abd', 'b'])
    expect(await identities({ prefix: 'ab' })).toEqual(['ab', 'abc', 'abd'])
    expect(await identities({ prefix: 'ab', after: 'abc' })).toEqual(['abd'])
    expect(await identities({ limit: 2 })).toEqual(['a', 'ab'])
    expect(await identities({ prefix: 'zz' })).toEqual([])
  })

  it('is without those who were deleted, and with those who came back', async () => {
    await tell(enrolled('a'), enrolled('b'), deleted('a', 2), deleted('b', 2), enrolled('b', 3))
    expect(await identities()).toEqual(['b'])
    expect(await directory().count()).toBe(1)
  })

  it('is not undone by an older version that comes late', async () => {
    await tell(enrolled('a'), deleted('a', 3), enrolled('a', 2))
    expect(await identities()).toEqual([])
    expect(await directory().count()).toBe(0)
    await tell(enrolled('b', 5), deleted('b', 4))
    expect(await identities()).toEqual(['b'])
    expect(await directory().count()).toBe(1)
  })

  it('is the same when a change is told twice', async () => {
    await tell(enrolled('a'), enrolled('a'))
    expect(await directory().count()).toBe(1)
    expect(await since(0)).toEqual([['a', 1, true]])
    expect(await since(1)).toEqual([])
  })
})

describe('the sum', () => {
  it('is that of who is enrolled, in their version', async () => {
    expect(await directory().peopleSum()).toBe(0)
    await tell(enrolled('a'), enrolled('b'), deleted('a', 2), enrolled('c'), enrolled('c', 2))
    const now: [string, number][] = [
      ['b', 1],
      ['c', 2],
    ]
    expect(await directory().peopleSum()).toBe(sumOfPeople(now))
  })
})

describe('the entries', () => {
  it('come in pages, without those who were deleted', async () => {
    await tell(enrolled('a'), enrolled('b'), deleted('a', 2), enrolled('c'))
    expect(await directory().entries('')).toMatchObject([
      { identity: 'b', version: 1, seq: 2, entry: 'entry of b 1' },
      { identity: 'c' },
    ])
    expect(await directory().entries('c')).toEqual([])
  })
})

describe('the log', () => {
  it('tells what changed after a change, each person once, deletions too', async () => {
    await tell(enrolled('a'), enrolled('b'), enrolled('a', 2), deleted('b', 2))
    expect(await since(0)).toEqual([
      ['a', 2, true],
      ['b', 2, false],
    ])
    expect(await since(3)).toEqual([['b', 2, false]])
    expect(await since(4)).toEqual([])
  })

  it('comes in pages of a thousand', async () => {
    const many = Array.from({ length: 1500 }, (_, i) => enrolled(`p${i}`))
    await runInDurableObject(directory(), async (instance) => {
      for (const change of many) await instance.change(change)
    })
    const first = await directory().changesSince(0)
    expect(first).toMatchObject({ kind: 'changes', seq: 1000, isComplete: false, lastSeq: 1500 })
    const second = await directory().changesSince(1000)
    expect(second).toMatchObject({ kind: 'changes', seq: 1500, isComplete: true, lastSeq: 1500 })
    const late = await directory().changesSinceTime(1, 1000)
    expect(late.kind === 'changes' && late.changes.length).toBe(500)
  })

  it('of a directory that began anew is too old', async () => {
    await tell(enrolled('a'))
    expect(await since(2)).toBe('too_old')
  })

  it('reaches back to a time, and further for what is not in KV yet', async () => {
    await tell(
      enrolled('old'),
      enrolled('uncopied', 1, { isCopied: false }),
      deleted('undeleted', 1, { isCopied: false }),
      enrolled('new', 1, { nowMs: 2000 }),
    )
    expect(await sinceTime(2000)).toEqual(['uncopied', 'undeleted', 'new'])
    expect(await sinceTime(1000)).toEqual(['old', 'uncopied', 'undeleted', 'new'])
  })

  it('does not take the copy of an older version for that of a newer one', async () => {
    await tell(enrolled('a', 2, { isCopied: false }), enrolled('a', 1))
    expect(await sinceTime(1001)).toEqual(['a'])
  })

  it('dates a copy that was late by when it was written', async () => {
    await tell(enrolled('a', 1, { isCopied: false }), enrolled('a', 1, { nowMs: 5000 }))
    expect(await sinceTime(5000)).toEqual(['a'])
    expect(await sinceTime(5001)).toEqual([])
    expect(await since(1)).toEqual([])
  })
})

describe('deletions', () => {
  it('are forgotten after a while, and whoever needed them is told', async () => {
    const longAgo = Date.now() - deletionKeptMs - 1000
    await tell(
      enrolled('stays', 1, { nowMs: longAgo }),
      deleted('gone', 2, { nowMs: longAgo }),
      deleted('in-kv-still', 2, { nowMs: longAgo, isCopied: false }),
      deleted('fresh', 2, { nowMs: Date.now() }),
    )
    await runInDurableObject(directory(), (instance) => instance.alarm())
    expect(await since(1)).toBe('too_old')
    expect(await sinceTime(longAgo)).toBe('too_old')
    // Who knows of nobody from before that does not need them.
    expect(await since(1, 2)).toEqual([
      ['in-kv-still', 2, false],
      ['fresh', 2, false],
    ])
    expect(await since(2)).toEqual([
      ['in-kv-still', 2, false],
      ['fresh', 2, false],
    ])
    expect(await sinceTime(longAgo + 1)).toEqual(['in-kv-still', 'fresh'])
    expect(await identities()).toEqual(['stays'])
  })

  it('set an alarm that forgets them in time', async () => {
    const alarm = () => runInDurableObject(directory(), (_, { storage }) => storage.getAlarm())
    await tell(enrolled('a'))
    expect(await alarm()).toBeNull()
    const now = Date.now()
    await tell(deleted('b', 1, { nowMs: now }))
    expect(await alarm()).toBeGreaterThanOrEqual(now + deletionKeptMs)
  })
})
