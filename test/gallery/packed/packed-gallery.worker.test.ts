import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { buildPacked } from '../../../src/gallery/packed/build-packed.ts'
import {
  createPackedGallery,
  type PackedGalleryOptions,
  peopleHeld,
} from '../../../src/gallery/packed/packed-gallery.ts'
import { createPackedStore, type PackedStore } from '../../../src/gallery/packed/packed-store.ts'
import { segmentName } from '../../../src/gallery/packed/sweep-segments.ts'
import type { LogPosition } from '../../../src/identity/directory/log-position.ts'
import { fakeEncoding, fakeSource } from '../../support/app/fake-engine.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import {
  person,
  type TestStoreOptions,
  testStore,
  testVault,
} from '../../support/app/test-store.ts'
import { createFakeLog } from '../../support/doubles/fake-log.ts'
import { createMemoryPackedStore } from '../../support/doubles/memory-packed-store.ts'
import { staleKv } from '../../support/doubles/stale-kv.ts'
import { describeIndex, find, type IndexUnderTest } from '../index-suite.ts'

const minute = 60_000
let nowMs: number
let packed: PackedStore

function start(): void {
  nowMs = Date.UTC(2026, 10, 24)
  packed = createPackedStore(env.IDENTITIES, testVault)
}

function isolate({ maxPeople, ...rest }: TestStoreOptions & PackedGalleryOptions = {}) {
  return createPackedGallery({ ...testStore(rest), packed }, { maxPeople })
}

/** With segments of few people, so that there are several. */
async function build(): Promise<void> {
  nowMs += 2 * minute
  const options = { nowMs, newName: () => segmentName(nowMs), maxRows: 8 }
  await buildPacked(packed, testStore().log, options)
}

describe('the packed index', () => {
  describeIndex((): IndexUnderTest => {
    start()
    return { isolate, refresh: build }
  })
})

describe('a packed gallery', () => {
  const { put, store } = testStore()
  const enroll = (identity: string, face: string, offset = 0) =>
    put(person(identity, [fakeEncoding(face, offset)]))
  beforeEach(async () => {
    await resetStore()
    start()
  })

  async function enrollTwenty(): Promise<string[]> {
    const identities = Array.from({ length: 20 }, (_, i) => `p${i}`)
    for (const [i, identity] of identities.entries()) await enroll(identity, 'a', i / 1000)
    await build()
    return identities
  }
  const findAll = (gallery: ReturnType<typeof isolate>) =>
    find(gallery, fakeEncoding('a'), { limit: 50 })

  it('reads the segments once, and the log at each search', async () => {
    const identities = await enrollTwenty()
    const read = vi.spyOn(packed, 'readSegment')
    const gallery = isolate()
    for (let i = 0; i < 3; i++) expect(await findAll(gallery)).toEqual(identities)
    expect(read).toHaveBeenCalledTimes(3)
    await build()
    await enroll('p20', 'a', 20 / 1000)
    expect(await findAll(gallery)).toEqual([...identities, 'p20'])
    expect(await packed.readManifest()).toMatchObject({ segments: { length: 3 } })
  })

  it.each<[string, (name: string) => Promise<void>]>([
    ['is missing', (name) => packed.deleteSegment(name)],
    ['is damaged', (name) => env.IDENTITIES.put(`packed:segment:${name}`, 'damaged')],
    [
      'is another one',
      async (name) => {
        const other = (await packed.readManifest())!.segments[2]!
        const bytes = await env.IDENTITIES.get(`packed:segment:${other.name}`, 'arrayBuffer')
        await env.IDENTITIES.put(`packed:segment:${name}`, bytes!)
      },
    ],
  ])('finds everybody though a segment %s', async (_, spoil) => {
    const identities = await enrollTwenty()
    await enroll('p3', 'b')
    await store.delete('p4')
    await build()
    await enroll('p5', 'b')
    const { segments } = (await packed.readManifest())!
    expect(segments).toHaveLength(3)
    await spoil(segments[0]!.name)
    const gallery = isolate()
    const left = identities.filter((identity) => !['p3', 'p4', 'p5'].includes(identity))
    expect(await findAll(gallery)).toEqual(left)
    expect((await find(gallery, fakeEncoding('b'))).sort()).toEqual(['p3', 'p5'])
  })

  it('finds everybody without a manifest, and with one that cannot be read', async () => {
    const identities = await enrollTwenty()
    await env.IDENTITIES.put('packed:manifest', '{"format":2}')
    expect(await findAll(isolate())).toEqual(identities)
    await env.IDENTITIES.delete('packed:manifest')
    expect(await findAll(isolate())).toEqual(identities)
  })

  it('finds everybody when KV shows an old manifest and lacks new segments', async () => {
    await enrollTwenty()
    const late = staleKv(env.IDENTITIES)
    await late.catchUp()
    await enroll('p3', 'b')
    await build()
    packed = createPackedStore(late.kv, testVault)
    const gallery = isolate({ kv: late.kv })
    expect(await findAll(gallery)).toHaveLength(19)
    expect(await find(gallery, fakeEncoding('b'))).toEqual(['p3'])
  })

  it('names nobody who was deleted long ago, though a segment has them', async () => {
    await enrollTwenty()
    const manifest = await env.IDENTITIES.get('packed:manifest')
    await store.delete('p0')
    const log = { ...testStore().log, page: async (after: LogPosition) => page(after) }
    const page = async (after: LogPosition) => {
      const real = (await testStore().log.page(after))!
      return { ...real, changes: real.changes.filter(({ kind }) => kind !== 'deleted') }
    }
    await env.IDENTITIES.put('packed:manifest', manifest!)
    const gallery = createPackedGallery({ ...testStore(), log, packed })
    expect(await findAll(gallery)).not.toContain('p0')
    expect((await gallery.open(fakeSource)).people).toBe(20)
  })

  it('is bounded: more people are not_configured, and none of them is searched', async () => {
    await enrollTwenty()
    expect((await isolate({ maxPeople: 20 }).open(fakeSource)).people).toBe(20)
    const gallery = isolate({ maxPeople: 20 })
    const full = await gallery.open(fakeSource)
    expect(() => full.requireRoomFor(['p0', 'p19'])).not.toThrow()
    expect(() => full.requireRoomFor(['p20'])).toThrow(
      expect.objectContaining({
        code: 'not_configured',
        message:
          'The packed index holds 20 people at most, and 20 are enrolled; INDEX=vectorize holds more.',
      }),
    )
    await enroll('p20', 'a')
    for (const one of [gallery, isolate({ maxPeople: 20 }), isolate({ maxPeople: 7 })]) {
      await expect(one.open(fakeSource)).rejects.toMatchObject({
        code: 'not_configured',
        message: expect.stringMatching(/^The packed index holds (20|7) people at most, and more/),
      })
    }
  })

  it('is loaded once for all who ask meanwhile', async () => {
    await enrollTwenty()
    const read = vi.spyOn(packed, 'readManifest')
    const gallery = isolate()
    const views = await Promise.all([1, 2, 3, 4].map(() => gallery.open(fakeSource)))
    expect(views.map(({ people }) => people)).toEqual([20, 20, 20, 20])
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('is loaded by the next request when a load failed', async () => {
    await enrollTwenty()
    vi.spyOn(packed, 'readManifest').mockRejectedValueOnce(new Error('KV is down'))
    const gallery = isolate()
    await expect(gallery.open(fakeSource)).rejects.toMatchObject({ code: 'store_unavailable' })
    expect((await gallery.open(fakeSource)).people).toBe(20)
  })
})

describe('how many people it holds', () => {
  it('is 200,000 with 128 numbers or fewer, and what takes as much memory with more', () => {
    expect([64, 128, 512, 1024].map(peopleHeld)).toEqual([200_000, 200_000, 52_307, 26_356])
  })
})

describe('a packed gallery whose segments lag behind', () => {
  const crowd = (count: number) => {
    const log = createFakeLog()
    for (let i = 0; i < count; i++) log.enroll(`p${i}`, fakeEncoding('a', i / 1000))
    return log
  }

  const options = { nowMs: 0, newName: () => segmentName(0), maxRows: 8192 }

  it('is store_unavailable when too much is newer', async () => {
    const log = crowd(30)
    const memory = createMemoryPackedStore()
    const open = (maxNewer: number) =>
      createPackedGallery({ ...testStore(), log, packed: memory }, { maxNewer }).open(fakeSource)
    await expect(open(15)).rejects.toMatchObject({
      code: 'store_unavailable',
      message: 'The index is being built: more than 15 changes are not in it yet.',
    })
    expect((await open(30)).people).toBe(30)
    await buildPacked(memory, log, { ...options, maxChanges: 20 })
    expect((await open(15)).people).toBe(30)
  })

  it('reads the segments again when too much happened since', async () => {
    const log = crowd(30)
    const memory = createMemoryPackedStore()
    await buildPacked(memory, log, options)
    const sources = { ...testStore(), log, packed: memory }
    const gallery = createPackedGallery(sources, { maxNewer: 15 })
    await gallery.open(fakeSource)
    for (let i = 30; i < 60; i++) log.enroll(`p${i}`, fakeEncoding('a'))
    await expect(gallery.open(fakeSource)).rejects.toMatchObject({ code: 'store_unavailable' })
    await buildPacked(memory, log, options)
    expect((await gallery.open(fakeSource)).people).toBe(60)
  })

  it('reads the segments again when deletions are forgotten', async () => {
    const log = crowd(30)
    const memory = createMemoryPackedStore()
    await buildPacked(memory, log, options)
    const gallery = createPackedGallery({ ...testStore(), log, packed: memory })
    await gallery.open(fakeSource)
    log.delete('p3')
    await buildPacked(memory, log, options)
    log.forgetDeletions()
    expect((await gallery.open(fakeSource)).people).toBe(29)
  })

  it('is store_unavailable while the segments are of a directory that is no more', async () => {
    const log = crowd(30)
    const memory = createMemoryPackedStore()
    await buildPacked(memory, log, options)
    log.beginAnew()
    log.enroll('new', fakeEncoding('a'))
    const gallery = createPackedGallery({ ...testStore(), log, packed: memory })
    await expect(gallery.open(fakeSource)).rejects.toMatchObject({
      code: 'store_unavailable',
      message: 'The index is being built anew.',
    })
    await buildPacked(memory, log, options)
    expect((await gallery.open(fakeSource)).people).toBe(1)
  })
})
