import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { KvGalleryOptions } from '../../../src/gallery/kv/kv-gallery.ts'
import { fakeEncoding, fakeSource } from '../../support/app/fake-engine.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { damageEntry, entryKey, keysInKv, recordKey } from '../../support/app/stored-people.ts'
import {
  isolate as isolateAt,
  person,
  type TestStoreOptions,
} from '../../support/app/test-store.ts'
import { faultyKv } from '../../support/doubles/faulty-kv.ts'
import { staleKv } from '../../support/doubles/stale-kv.ts'
import { describeIndex, find as findIn, otherModel } from '../index-suite.ts'

let now: number
beforeEach(async () => {
  await resetStore()
  now = Date.UTC(2026, 10, 24)
})

function isolate(options: Partial<KvGalleryOptions> & TestStoreOptions = {}) {
  return isolateAt({ now: () => new Date(now), ...options })
}

function find({ gallery }: Pick<ReturnType<typeof isolate>, 'gallery'>, probe: Float32Array) {
  return findIn(gallery, probe)
}

/** Counts the lists that are read from KV. */
function countingKv() {
  const list = vi.fn(env.IDENTITIES.list.bind(env.IDENTITIES))
  const kv = new Proxy(env.IDENTITIES, {
    get(target, property) {
      if (property === 'list') return list
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { kv, list }
}

describe('the index in KV', () => {
  describeIndex(() => ({
    isolate: (options) => isolate(options).gallery,
    // Enrollment itself writes it.
    refresh: async () => undefined,
  }))
})

describe('who is not found', () => {
  it('has an entry that cannot be read; the view says so', async () => {
    const one = isolate()
    await one.put(person('whole', [fakeEncoding('a')]))
    await one.put(person('damaged', [fakeEncoding('b')]))
    await damageEntry('damaged')
    const view = await isolate().gallery.open(fakeSource)
    expect(view).toMatchObject({ people: 1, unreadableEntries: 1 })
  })

  it('was enrolled with another model', async () => {
    const one = isolate()
    await one.gallery.open(fakeSource)
    await one.put(person('other', [fakeEncoding('a')], otherModel))
    for (const reader of [one, isolate()]) {
      const view = await reader.gallery.open(fakeSource)
      expect(view).toMatchObject({ people: 0, peopleOfOtherModels: 1 })
      expect(await find(reader, fakeEncoding('a'))).toEqual([])
    }
    const theirs = await one.gallery.open({ ...fakeSource, model: otherModel })
    expect(theirs).toMatchObject({ people: 1, peopleOfOtherModels: 0 })
  })
})

describe('a write', () => {
  it('shows at once in every isolate, without listing again', async () => {
    const { kv, list } = countingKv()
    const [one, two] = [isolate(), isolate({ kv })]
    expect(await find(two, fakeEncoding('a'))).toEqual([])
    await one.put(person('a', [fakeEncoding('a')]))
    expect(await find(two, fakeEncoding('a'))).toEqual(['a'])
    await one.put(person('a', [fakeEncoding('b')]))
    expect(await find(two, fakeEncoding('a'))).toEqual([])
    expect(await find(two, fakeEncoding('b'))).toEqual(['a'])
    expect(await one.store.delete('a')).toEqual({ kind: 'deleted' })
    expect(await find(two, fakeEncoding('b'))).toEqual([])
    expect((await two.gallery.open(fakeSource)).people).toBe(0)
    expect(list).toHaveBeenCalledTimes(1)
  })

  it('keeps two keys a person, however many photos, and none when they are deleted', async () => {
    const one = isolate()
    const ten = Array.from({ length: 10 }, (_, i) => fakeEncoding('a', i / 10))
    for (const encodings of [ten, ten.slice(0, 2)]) {
      await one.put(person('a', encodings))
      expect(await keysInKv()).toEqual([entryKey('a'), recordKey('a')])
    }
    await one.store.delete('a')
    expect(await keysInKv()).toEqual([])
  })
})

describe('a KV that is late', () => {
  it('hides nobody who was enrolled since', async () => {
    await isolate().put(person('a', [fakeEncoding('a')]))
    const late = staleKv(env.IDENTITIES)
    expect(await find(isolate({ kv: late.kv }), fakeEncoding('a'))).toEqual(['a'])
  })

  it('names nobody who was deleted since', async () => {
    const late = staleKv(env.IDENTITIES)
    await isolate().put(person('a', [fakeEncoding('a')]))
    await late.catchUp()
    await isolate().store.delete('a')
    expect(await find(isolate({ kv: late.kv }), fakeEncoding('a'))).toEqual([])
  })

  it('finds people by the face they have now, not by the one they had', async () => {
    const late = staleKv(env.IDENTITIES)
    await isolate().put(person('a', [fakeEncoding('old')]))
    await late.catchUp()
    await isolate().put(person('a', [fakeEncoding('new')]))
    const two = isolate({ kv: late.kv })
    expect(await find(two, fakeEncoding('old'))).toEqual([])
    expect(await find(two, fakeEncoding('new'))).toEqual(['a'])
  })

  it('does so though the log of changes no longer tells of a deletion', async () => {
    const late = staleKv(env.IDENTITIES)
    await isolate().put(person('a', [fakeEncoding('a')]))
    await late.catchUp()
    await isolate().store.delete('a')
    now += 3_600_000
    expect(await find(isolate({ kv: late.kv }), fakeEncoding('a'))).toEqual([])
  })
})

describe('a KV that is not what was written', () => {
  /** The entry of a as it was before the last change of them. */
  let before: unknown
  const harms: readonly (readonly [string, () => Promise<void>])[] = [
    ['has lost an entry', () => env.IDENTITIES.delete(entryKey('a'))],
    [
      'has a damaged entry',
      () => env.IDENTITIES.put(entryKey('a'), '', { metadata: { entry: 'damaged' } }),
    ],
    ['has an entry without metadata', () => env.IDENTITIES.put(entryKey('a'), '')],
    [
      "has another person's entry in its place",
      async () => {
        const { metadata } = await env.IDENTITIES.getWithMetadata(entryKey('b'))
        await env.IDENTITIES.put(entryKey('a'), '', { metadata })
      },
    ],
    [
      'has an entry of an earlier face',
      () => env.IDENTITIES.put(entryKey('a'), '', { metadata: before }),
    ],
    [
      'has the entries of people who were deleted long ago',
      () => env.IDENTITIES.put(entryKey('gone'), '', { metadata: before }),
    ],
  ]

  it.each(harms)('and %s hides nobody, and everybody is counted', async (_, harm) => {
    const one = isolate()
    await one.put(person('a', [fakeEncoding('old')]))
    before = (await env.IDENTITIES.getWithMetadata(entryKey('a'))).metadata
    await one.put(person('a', [fakeEncoding('a')]))
    await one.put(person('b', [fakeEncoding('b')]))
    await harm()
    // The log of changes no longer tells what KV should.
    now += 3_600_000
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const two = isolate()
    expect(await find(two, fakeEncoding('a'))).toEqual(['a'])
    expect(await find(two, fakeEncoding('b'))).toEqual(['b'])
    expect(await two.gallery.open(fakeSource)).toMatchObject({ people: 2, unreadableEntries: 0 })
    const lines = warn.mock.calls.map(([line]) => JSON.parse(line))
    warn.mockRestore()
    expect(lines).toEqual([
      {
        level: 'warn',
        event: 'kv_entries_differ',
        people: expect.any(Number),
        unreadableEntries: expect.any(Number),
      },
    ])
  })

  it('and has somebody who is gone in place of somebody who is there hides nobody', async () => {
    const one = isolate()
    await one.put(person('gone', [fakeEncoding('gone')]))
    const { metadata } = await env.IDENTITIES.getWithMetadata(entryKey('gone'))
    await one.store.delete('gone')
    await one.put(person('a', [fakeEncoding('a')]))
    await env.IDENTITIES.put(entryKey('gone'), '', { metadata })
    await env.IDENTITIES.delete(entryKey('a'))
    now += 3_600_000
    const two = isolate()
    expect(await find(two, fakeEncoding('a'))).toEqual(['a'])
    expect(await find(two, fakeEncoding('gone'))).toEqual([])
    expect((await two.gallery.open(fakeSource)).people).toBe(1)
  })

  it('and whose lost entry was written anew is whole, without a line in the log', async () => {
    const one = isolate()
    await one.put(person('a', [fakeEncoding('a')]))
    await env.IDENTITIES.delete(entryKey('a'))
    await one.put(person('a', [fakeEncoding('a')]))
    now += 3_600_000
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    expect(await find(isolate(), fakeEncoding('a'))).toEqual(['a'])
    const { calls } = warn.mock
    warn.mockRestore()
    expect(calls).toEqual([])
  })

  it('and holds too many for this index is not_configured', async () => {
    const one = isolate()
    for (const id of ['a', 'b', 'c']) await one.put(person(id, [fakeEncoding(id)]))
    await env.IDENTITIES.delete(entryKey('a'))
    now += 3_600_000
    await expect(isolate({ maxPeople: 2 }).gallery.open(fakeSource)).rejects.toMatchObject({
      code: 'not_configured',
    })
  })
})

describe('what is held', () => {
  it('is listed once for many searches', async () => {
    const { kv, list } = countingKv()
    const one = isolate({ kv })
    for (let i = 0; i < 5; i++) await find(one, fakeEncoding('a'))
    now += 3_600_000
    await find(one, fakeEncoding('a'))
    expect(list).toHaveBeenCalledTimes(1)
  })

  it('is listed anew when the log has forgotten too much', async () => {
    const { kv, list } = countingKv()
    const one = isolate({ kv })
    await one.gallery.open(fakeSource)
    await resetStore()
    await one.put(person('a', [fakeEncoding('a')]))
    await isolate().store.delete('a')
    await resetStore()
    await one.put(person('b', [fakeEncoding('b')]))
    expect(await find(one, fakeEncoding('b'))).toEqual(['b'])
    await resetStore()
    expect((await one.gallery.open(fakeSource)).people).toBe(0)
    expect(list).toHaveBeenCalledTimes(2)
  })

  it('is gathered over all pages of the list', async () => {
    const one = isolate()
    for (let i = 0; i < 7; i++) await one.put(person(`p${i}`, [fakeEncoding('a', i / 100)]))
    now += 3_600_000
    const { kv, list } = countingKv()
    list.mockImplementation((options) => env.IDENTITIES.list({ ...options, limit: 3 }))
    expect((await isolate({ kv }).gallery.open(fakeSource)).people).toBe(7)
    expect(list).toHaveBeenCalledTimes(3)
  })

  it('is bounded: more people are not_configured, and none of them is searched', async () => {
    const one = isolate()
    for (const id of ['a', 'b', 'c']) await one.put(person(id, [fakeEncoding(id)]))
    const two = isolate({ maxPeople: 2 })
    await expect(two.gallery.open(fakeSource)).rejects.toMatchObject({
      code: 'not_configured',
      message:
        'The index in KV holds 2 people at most, and more are enrolled; INDEX=packed holds more.',
    })
    const three = isolate({ maxPeople: 3 })
    expect((await three.gallery.open(fakeSource)).people).toBe(3)
    const full = await three.gallery.open(fakeSource)
    expect(() => full.requireRoomFor(['a', 'c'])).not.toThrow()
    expect(() => full.requireRoomFor(['a', 'd'])).toThrow(
      expect.objectContaining({
        code: 'not_configured',
        message:
          'The index in KV holds 3 people at most, and 3 are enrolled; INDEX=packed holds more.',
      }),
    )
    await one.put(person('d', [fakeEncoding('d')]))
    await expect(three.gallery.open(fakeSource)).rejects.toMatchObject({ code: 'not_configured' })
  })
})

describe('a KV that fails', () => {
  it('to list is store_unavailable, never an empty gallery', async () => {
    await isolate().put(person('a', [fakeEncoding('a')]))
    const { gallery } = isolate({ kv: faultyKv(env.IDENTITIES, 'list') })
    await expect(gallery.open(fakeSource)).rejects.toMatchObject({
      code: 'store_unavailable',
      cause: { message: 'KV is down' },
    })
  })

  it('to read costs time and nobody: their objects are asked', async () => {
    await isolate().put(person('a', [fakeEncoding('a')]))
    const one = isolate({ kv: faultyKv(env.IDENTITIES, 'get') })
    expect(await find(one, fakeEncoding('a'))).toEqual(['a'])
  })
})
