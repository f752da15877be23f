import { beforeEach, describe, expect, it } from 'vitest'
import {
  type BuildOptions,
  type BuildReport,
  buildPacked,
} from '../../../src/gallery/packed/build-packed.ts'
import { segmentName } from '../../../src/gallery/packed/sweep-segments.ts'
import { beginning } from '../../../src/identity/directory/log-position.ts'
import { fakeEncoding } from '../../support/app/fake-engine.ts'
import { createFakeLog, type FakeLog } from '../../support/doubles/fake-log.ts'
import {
  createMemoryPackedStore,
  type MemoryPackedStore,
} from '../../support/doubles/memory-packed-store.ts'

const minute = 60_000
let now: number
let log: FakeLog
let store: MemoryPackedStore
beforeEach(() => {
  now = Date.UTC(2026, 10, 24)
  log = createFakeLog()
  store = createMemoryPackedStore()
})

function build(options: Partial<BuildOptions> = {}): Promise<BuildReport> {
  const newName = (): string => segmentName(now)
  return buildPacked(store, log, { nowMs: now, newName, maxRows: 16, ...options })
}

async function buildAll(options: Partial<BuildOptions> = {}): Promise<BuildReport> {
  for (;;) {
    const report = await build(options)
    if (report.isComplete && !report.isRebuilding) return report
    now += minute
  }
}

function enroll(count: number, first = 0): void {
  for (let i = first; i < first + count; i++) log.enroll(`p${i}`, fakeEncoding('a', i / 1000))
}

/** Versions by identity: what the segments say, in their order. */
async function inSegments(): Promise<Map<string, number>> {
  const people = new Map<string, number>()
  for (const { name } of store.manifest().segments) {
    const { segment } = (await store.readSegment(name))!
    for (const identity of segment.deleted) people.delete(identity)
    for (const { identity, version } of segment.people) people.set(identity, version)
  }
  return people
}

/** What a reader comes to: the segments, and what changed since. */
async function known(): Promise<Map<string, number>> {
  const people = await inSegments()
  for (let { seq } = store.manifest(); ; ) {
    const page = (await log.page(seq))!
    for (const { identity, version, kind } of page.changes) {
      people.delete(identity)
      if (kind === 'enrolled') people.set(identity, version)
    }
    if (page.isComplete) return people
    seq = page.position
  }
}

/** What the directory says. */
async function enrolled(): Promise<Map<string, number>> {
  const people = new Map<string, number>()
  for (let seq = beginning; ; ) {
    const page = (await log.page(seq))!
    for (const { identity, version, kind } of page.changes) {
      if (kind === 'enrolled') people.set(identity, version)
    }
    if (page.isComplete) return people
    seq = page.position
  }
}

const sorted = (people: Map<string, number>) => [...people].sort()
const served = () => store.manifest().segments.map(({ name }) => name)

describe('a build', () => {
  it('of nobody serves nobody', async () => {
    expect(await build()).toMatchObject({ generation: 1, segments: 0, people: 0, isComplete: true })
    expect(await inSegments()).toEqual(new Map())
  })

  it('holds everybody, in segments that are full but for the last', async () => {
    enroll(40)
    expect(await build()).toMatchObject({ segments: 3, people: 40, changes: 40, isComplete: true })
    expect(store.manifest().segments.map(({ people }) => people)).toEqual([16, 16, 8])
    expect(sorted(await inSegments())).toEqual(sorted(await enrolled()))
  })

  it('reads no more than it may at a call, and goes on where it was', async () => {
    enroll(45)
    const reports: BuildReport[] = []
    for (let call = 0; call < 3; call++) {
      reports.push(await build({ maxChanges: 20 }))
      expect(sorted(await known())).toEqual(sorted(await enrolled()))
    }
    expect(reports.map(({ changes }) => changes)).toEqual([20, 20, 5])
    expect(reports.map(({ generation }) => generation)).toEqual([1, 2, 3])
    expect(reports.map(({ isComplete }) => isComplete)).toEqual([false, false, true])
    expect(store.manifest().segments.map(({ people }) => people)).toEqual([16, 16, 13])
  })

  it('fills the last segment up before it begins another', async () => {
    for (let i = 0; i < 5; i++) {
      enroll(7, i * 7)
      await build()
    }
    expect(store.manifest().segments.map(({ people }) => people)).toEqual([16, 16, 3])
    expect(sorted(await inSegments())).toEqual(sorted(await enrolled()))
  })

  it('follows people who are replaced, deleted and enrolled again', async () => {
    enroll(40)
    await build()
    for (let i = 0; i < 40; i += 3) log.delete(`p${i}`)
    for (let i = 1; i < 40; i += 3) log.enroll(`p${i}`, fakeEncoding('b'))
    await build()
    expect(sorted(await inSegments())).toEqual(sorted(await enrolled()))
    for (let i = 0; i < 40; i += 6) log.enroll(`p${i}`, fakeEncoding('c'))
    await build()
    expect(sorted(await inSegments())).toEqual(sorted(await enrolled()))
    expect((await inSegments()).size).toBe(33)
  })

  it('leaves out people whose entry cannot be read, and counts them', async () => {
    enroll(3)
    log.damage('p1')
    expect(await build()).toMatchObject({ unreadable: 1 })
    expect([...(await inSegments()).keys()].sort()).toEqual(['p0', 'p2'])
  })

  it('writes nothing when nothing changed', async () => {
    enroll(5)
    await build()
    const { writes } = store
    now += minute
    expect(await build()).toMatchObject({ generation: 1, changes: 0, isComplete: true })
    expect(store.writes).toBe(writes)
  })
})

describe('a build that is killed', () => {
  it('leaves what was served before, at whichever write, and the next one completes it', async () => {
    for (let writes = 0; ; writes++) {
      log = createFakeLog()
      store = createMemoryPackedStore()
      enroll(20)
      await build()
      const before = served()
      enroll(30, 20)
      log.delete('p3')
      store.failAfter(writes)
      const outcome = await build().catch((error: Error) => error.message)
      if (outcome !== 'killed') {
        // Three segments and the manifest.
        expect(writes).toBe(4)
        break
      }
      expect(served()).toEqual(before)
      expect(sorted(await known())).toEqual(sorted(await enrolled()))
      store.failAfter(Number.POSITIVE_INFINITY)
      await build()
      expect(sorted(await inSegments())).toEqual(sorted(await enrolled()))
    }
  })

  it('leaves no segment behind for more than an hour', async () => {
    enroll(20)
    await build()
    enroll(30, 20)
    store.failAfter(2)
    await expect(build()).rejects.toThrow('killed')
    store.failAfter(Number.POSITIVE_INFINITY)
    await build()
    expect(store.segments.size).toBeGreaterThan(served().length)
    now += 61 * minute
    expect(await build()).toMatchObject({ swept: 3 })
    expect([...store.segments.keys()].sort()).toEqual(served().sort())
  })
})

describe('a segment that was replaced', () => {
  it('is kept while somebody may hold the manifest that names it', async () => {
    enroll(20)
    await build()
    const [, last] = served()
    now += 120 * minute
    enroll(1, 20)
    await build()
    expect(served()).not.toContain(last)
    now += 14 * minute
    expect(await build()).toMatchObject({ swept: 0 })
    expect(store.segments.has(last!)).toBe(true)
    now += 2 * minute
    expect(await build()).toMatchObject({ swept: 1 })
    expect([...store.segments.keys()].sort()).toEqual(served().sort())
  })
})

describe('everything is built anew', () => {
  /** 40 people, of whom 30 are gone. */
  async function wasteful(): Promise<void> {
    enroll(40)
    await build()
    for (let i = 0; i < 30; i++) log.delete(`p${i}`)
    await build()
    expect((await inSegments()).size).toBe(10)
  }

  it('a day after it was begun when it holds people who are gone, and is served when complete', async () => {
    await wasteful()
    now += 23 * 60 * minute
    expect(await build()).toMatchObject({ isRebuilding: false, people: 40 })
    now += 60 * minute
    log.forgetDeletions()
    const before = served()
    expect(await build({ maxChanges: 5 })).toMatchObject({ isRebuilding: false, people: 10 })
    for (const name of served()) expect(before).not.toContain(name)
    expect(sorted(await inSegments())).toEqual(sorted(await enrolled()))
  })

  it('over several calls, in which what was there is served and kept up to date', async () => {
    enroll(60)
    await build()
    log.delete('p0')
    await build()
    now += 25 * 60 * minute
    const old = served()[0]!
    for (let call = 0; call < 5; call++) {
      expect(await build({ maxChanges: 10 })).toMatchObject({ isRebuilding: true })
      expect(served()[0]).toBe(old)
      enroll(1, 100 + call)
      expect(sorted(await known())).toEqual(sorted(await enrolled()))
      now += minute
    }
    await buildAll({ maxChanges: 10 })
    expect(served()).not.toContain(old)
    expect(store.manifest().rebuild).toBeUndefined()
    expect(sorted(await inSegments())).toEqual(sorted(await enrolled()))
  })

  it('when deletions were forgotten before they were read', async () => {
    enroll(40)
    await build()
    log.delete('p3')
    log.forgetDeletions()
    expect((await inSegments()).has('p3')).toBe(true)
    await buildAll()
    expect((await inSegments()).has('p3')).toBe(false)
    expect(sorted(await inSegments())).toEqual(sorted(await enrolled()))
  })

  it('not when deletions of before the first build are forgotten', async () => {
    enroll(30)
    log.delete('p29')
    log.forgetDeletions()
    await build({ maxChanges: 10 })
    const [first] = served()
    await buildAll({ maxChanges: 10 })
    expect(served()[0]).not.toBe(first)
    expect(served()).toHaveLength(2)
    expect(store.manifest().generation).toBe(3)
  })

  it('when the directory began anew', async () => {
    enroll(40)
    await build()
    log.beginAnew()
    enroll(5, 100)
    await buildAll()
    expect([...(await inSegments()).keys()].sort()).toEqual([
      'p100',
      'p101',
      'p102',
      'p103',
      'p104',
    ])
  })

  it.each<[string, (name: string) => void]>([
    ['is missing', (name) => store.segments.delete(name)],
    ['is damaged', (name) => store.segments.get(name)!.fill(0, 100)],
    ['is sealed with an old key', (name) => store.outdated.add(name)],
  ])('before long when one segment %s, whichever', async (_, spoil) => {
    for (let segment = 0; segment < 3; segment++) {
      log = createFakeLog()
      store = createMemoryPackedStore()
      enroll(40)
      await build()
      const spoiled = served()[segment]!
      spoil(spoiled)
      for (let call = 0; call < 12; call++) {
        now += 2 * minute
        await build()
      }
      expect(served()).not.toContain(spoiled)
    }
    expect(sorted(await inSegments())).toEqual(sorted(await enrolled()))
  })
})
