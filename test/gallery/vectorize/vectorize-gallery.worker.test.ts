import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Gallery } from '../../../src/gallery/search/gallery.ts'
import {
  type FeedOptions,
  type FeedReport,
  feedVectorize,
} from '../../../src/gallery/vectorize/feed-vectorize.ts'
import { createVectorizeGallery } from '../../../src/gallery/vectorize/vectorize-gallery.ts'
import { createVectorizeIndex } from '../../../src/gallery/vectorize/vectorize-index.ts'
import { fakeEncoding, fakeSource } from '../../support/app/fake-engine.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { keyOf } from '../../support/app/stored-people.ts'
import { person, type TestStoreOptions, testStore } from '../../support/app/test-store.ts'
import { createFakeLog } from '../../support/doubles/fake-log.ts'
import {
  createVectorizeDouble,
  type VectorizeDouble,
} from '../../support/doubles/vectorize-double.ts'
import { anybody, describeIndex, find, type IndexUnderTest, otherModel } from '../index-suite.ts'

const minute = 60_000
let nowMs: number
let double: VectorizeDouble

function start(): void {
  nowMs = Date.UTC(2026, 10, 24)
  double = createVectorizeDouble(128, () => new Date(nowMs))
}

function isolate(options: TestStoreOptions = {}): Gallery {
  return createVectorizeGallery({ ...testStore(options), index: createVectorizeIndex(double) })
}

function feed(options: Partial<FeedOptions> = {}): Promise<FeedReport> {
  const { kv, log } = testStore()
  const sources = { kv, log, index: createVectorizeIndex(double) }
  return feedVectorize(sources, { nowMs, source: fakeSource, metric: 'l2', ...options })
}

/** Until queries see everything, and are known to. */
async function refresh(metric: FeedOptions['metric'] = 'l2'): Promise<void> {
  await feed({ metric })
  double.process()
  nowMs += 3 * minute
  await feed({ metric })
}

describe('the index in Vectorize, against a double written from its documentation', () => {
  describeIndex((): IndexUnderTest => {
    start()
    return { isolate, refresh }
  })
})

describe('the feed', () => {
  const { put, store } = testStore()
  beforeEach(async () => {
    await resetStore()
    start()
  })

  it('sends templates under keys that tell nothing, with the sealed entry and nothing else', async () => {
    await put({ ...person('ada.lovelace', [fakeEncoding('a')]), name: 'Augusta' })
    await refresh()
    const [vector, ...more] = double.vectors.values()
    expect(more).toEqual([])
    expect(vector!.id).toBe(keyOf('ada.lovelace'))
    expect(vector!.id).toMatch(/^[0-9a-f]{64}$/)
    expect(vector!.metadata).toEqual({ entry: expect.stringMatching(/^1\.test\.[\w+/=]+$/) })
    expect(JSON.stringify(vector)).not.toMatch(/lovelace|augusta/i)
    expect(vector!.values[0]).toBeCloseTo(fakeEncoding('a')[0]!, 2)
  })

  it('sends templates at unit length for a metric that compares them so', async () => {
    const encoding = fakeEncoding('a').map((value) => value * 3)
    await put(person('a', [encoding]))
    const lengths: number[] = []
    for (const metric of ['l2', 'l2-cohort'] as const) {
      await refresh(metric)
      lengths.push(Math.hypot(...double.vectors.get(keyOf('a'))!.values))
    }
    expect(lengths).toEqual([expect.closeTo(3, 2), expect.closeTo(1, 5)])
  })

  it('takes out who is deleted, and who is of another model now', async () => {
    await put(person('kept', [fakeEncoding('a')]))
    await put(person('gone', [fakeEncoding('a')]))
    await put(person('moved', [fakeEncoding('a')]))
    await refresh()
    expect(double.vectors.size).toBe(3)
    await store.delete('gone')
    await put(person('moved', [fakeEncoding('a')], otherModel))
    expect(await feed()).toMatchObject({ upserts: 0, deletions: 2, isComplete: true })
    double.process()
    expect([...double.vectors.keys()]).toEqual([keyOf('kept')])
  })

  it('sends everybody again when another model runs', async () => {
    await put(person('old', [fakeEncoding('a')]))
    await put(person('new', [fakeEncoding('a')], otherModel))
    await refresh()
    expect([...double.vectors.keys()]).toEqual([keyOf('old')])
    expect(await feed({ source: { ...fakeSource, model: otherModel } })).toMatchObject({
      upserts: 1,
      deletions: 1,
    })
    double.process()
    expect([...double.vectors.keys()]).toEqual([keyOf('new')])
  })

  it('sends everybody again when the index was made anew under its name, and then they are found', async () => {
    await put(person('a', [fakeEncoding('a')]))
    await refresh()
    double = createVectorizeDouble(128, () => new Date(nowMs))
    expect(await feed()).toMatchObject({ upserts: 1, isComplete: true, shownSeq: 0 })
    expect(await find(isolate(), fakeEncoding('a'))).toEqual(['a'])
    await refresh()
    expect(double.vectors.size).toBe(1)
    expect(await find(isolate(), fakeEncoding('a'))).toEqual(['a'])
  })

  it('sends everybody again when the index was made anew before it showed anybody', async () => {
    await put(person('a', [fakeEncoding('a')]))
    await feed()
    double = createVectorizeDouble(128, () => new Date(nowMs))
    expect(await feed()).toMatchObject({ upserts: 1, isComplete: true, shownSeq: 0 })
    await put(person('b', [fakeEncoding('b')]))
    await refresh()
    expect([...double.vectors.keys()].sort()).toEqual([keyOf('a'), keyOf('b')].sort())
    expect(await find(isolate(), fakeEncoding('a'))).toEqual(['a'])
  })

  it('sends each change once when the first is processed', async () => {
    await put(person('a', [fakeEncoding('a')]))
    expect(await feed()).toMatchObject({ upserts: 1, isComplete: true })
    double.process()
    expect(await feed()).toMatchObject({ upserts: 0, deletions: 0, isComplete: true })
  })

  it('that is killed is repeated by the next one', async () => {
    await put(person('a', [fakeEncoding('a')]))
    const { kv, log } = testStore()
    const index = { ...createVectorizeIndex(double), change: () => Promise.reject(new Error('x')) }
    await expect(
      feedVectorize({ kv, log, index }, { nowMs, source: fakeSource, metric: 'l2' }),
    ).rejects.toThrow('x')
    await refresh()
    expect(double.vectors.size).toBe(1)
  })

  it('takes a change for seen when it was processed and two minutes have passed', async () => {
    await double.deleteByIds(['somebody'])
    double.process()
    await put(person('a', [fakeEncoding('a')]))
    await feed()
    nowMs += 10 * minute
    expect(await feed()).toMatchObject({ shownSeq: 0 })
    double.process()
    expect(await feed()).toMatchObject({ shownSeq: 1 })
    await put(person('b', [fakeEncoding('b')]))
    await feed()
    double.process()
    nowMs += minute
    expect(await feed()).toMatchObject({ shownSeq: 1 })
    nowMs += minute
    expect(await feed()).toMatchObject({ shownSeq: 2 })
  })

  it('takes it for seen too when a later change of somebody else was processed', async () => {
    await put(person('a', [fakeEncoding('a')]))
    await feed()
    nowMs += 5 * minute
    await double.deleteByIds(['somebody'])
    double.process()
    expect(await feed()).toMatchObject({ shownSeq: 1 })
  })

  it('refuses an index that is not made for encodings', async () => {
    double = createVectorizeDouble(768)
    await expect(feed()).rejects.toMatchObject({
      code: 'not_configured',
      message: 'The Vectorize index has 768 dimensions; an encoding has 128.',
    })
  })
})

describe('what the index takes at a call', () => {
  it('is never exceeded', async () => {
    start()
    const index = createVectorizeIndex(double)
    const people = Array.from({ length: 2345 }, (_, i) => ({
      key: `${i}`.padStart(64, '0'),
      values: fakeEncoding('a'),
      sealedEntry: '',
    }))
    await index.change(people, [])
    expect(double.waiting).toBe(3)
    expect(
      await index.change(
        [],
        people.slice(0, 345).map(({ key }) => key),
      ),
    ).toBe('mutation-7')
    double.process()
    expect(double.vectors.size).toBe(2000)
    expect(await index.change([], [])).toBeUndefined()
  })
})

describe('a search in Vectorize', () => {
  const { put, store } = testStore()
  beforeEach(async () => {
    await resetStore()
    start()
  })

  it('asks the index for whoever it shows, and holds only who is newer', async () => {
    await put(person('older', [fakeEncoding('a')]))
    await refresh()
    await put(person('newer', [fakeEncoding('a', 0.1)]))
    const query = vi.spyOn(double, 'query')
    expect(await find(isolate(), fakeEncoding('a'))).toEqual(['older', 'newer'])
    expect(query).toHaveBeenCalledTimes(1)
    double.process()
    await double.deleteByIds([keyOf('older')])
    double.process()
    expect(await find(isolate(), fakeEncoding('a'))).toEqual(['newer'])
  })

  it('does not need the index as long as everybody is newer', async () => {
    await put(person('a', [fakeEncoding('a')]))
    await feed()
    const query = vi.spyOn(double, 'query')
    expect(await find(isolate(), fakeEncoding('a'))).toEqual(['a'])
    expect(query).not.toHaveBeenCalled()
  })

  it('believes what is newer, however long the index takes', async () => {
    await put(person('moved', [fakeEncoding('a')]))
    await put(person('gone', [fakeEncoding('a')]))
    await refresh()
    await put(person('moved', [fakeEncoding('b')]))
    await store.delete('gone')
    await feed()
    nowMs += 60 * minute
    await feed()
    expect(double.waiting).toBeGreaterThan(0)
    const gallery = isolate()
    expect(await find(gallery, fakeEncoding('a'))).toEqual([])
    expect(await find(gallery, fakeEncoding('b'))).toEqual(['moved'])
  })

  it('lets go of what the index shows by now', async () => {
    const held = isolate()
    for (let i = 0; i < 2; i++) {
      await put(person(`p${i}`, [fakeEncoding('a', i / 100)]))
      expect(await find(held, fakeEncoding('a'))).toHaveLength(i + 1)
      await refresh()
    }
    const query = vi.spyOn(double, 'query')
    expect(await find(isolate(), fakeEncoding('a'))).toEqual(['p0', 'p1'])
    expect(query).toHaveBeenCalledTimes(1)
  })

  it('is store_unavailable when too much is newer than the index shows', async () => {
    const log = createFakeLog()
    for (let i = 0; i < 30; i++) log.enroll(`p${i}`, fakeEncoding('a'))
    const sources = { ...testStore(), log, index: createVectorizeIndex(double) }
    await expect(
      createVectorizeGallery(sources, { maxNewer: 15 }).open(fakeSource),
    ).rejects.toMatchObject({
      code: 'store_unavailable',
      message: 'The index is being built: more than 15 changes are not in it yet.',
    })
    const view = await createVectorizeGallery(sources, { maxNewer: 30 }).open(fakeSource)
    expect(view.people).toBe(30)
  })

  it('is store_unavailable when the index cannot be asked', async () => {
    await put(person('a', [fakeEncoding('a')]))
    await refresh()
    double.fail()
    const view = await isolate().open(fakeSource)
    await expect(view.search(fakeEncoding('a'), anybody)).rejects.toMatchObject({
      code: 'store_unavailable',
    })
  })

  it('is store_unavailable while the index is made for another metric', async () => {
    await put(person('a', [fakeEncoding('a')]))
    await refresh('l2-cohort')
    const view = await isolate().open(fakeSource)
    await expect(view.search(fakeEncoding('a'), anybody)).rejects.toMatchObject({
      code: 'store_unavailable',
      message: 'The index is being built for another metric.',
    })
    await refresh('l2')
    expect(await find(isolate(), fakeEncoding('a'))).toEqual(['a'])
  })

  it('passes over vectors whose entry does not open', async () => {
    await put(person('a', [fakeEncoding('a')]))
    await put(person('b', [fakeEncoding('a', 0.1)]))
    await refresh()
    const { values } = double.vectors.get(keyOf('a'))!
    const metadata = double.vectors.get(keyOf('b'))!.metadata!
    await double.upsert([{ id: keyOf('a'), values, metadata }])
    await double.upsert([{ id: 'stranger', values }])
    double.process()
    expect(await find(isolate(), fakeEncoding('a'))).toEqual(['b'])
  })
})
