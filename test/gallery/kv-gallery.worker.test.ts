import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { KvGalleryOptions } from '../../src/gallery/kv-gallery.ts'
import { distanceToPerson } from '../../src/identity/metric.ts'
import { fakeEncoding, fakeModel } from '../support/fake-engine.ts'
import { faultyKv } from '../support/faulty-kv.ts'
import { staleKv } from '../support/stale-kv.ts'
import { damageRecord, entryKey, keysInKv, recordKey } from '../support/stored-people.ts'
import { isolate as isolateAt, person } from '../support/test-store.ts'

const otherModel = 'fake-network@ffffffff'
const metric = { kind: 'l2' } as const
const anybody = { limit: 50, maxDistance: 0.5, metric }

let now: number
beforeEach(async () => {
  await reset()
  now = Date.UTC(2026, 10, 24)
})

function isolate(options: Partial<KvGalleryOptions> & { kv?: KVNamespace } = {}) {
  return isolateAt({ now: () => new Date(now), ...options })
}

async function find(
  { gallery }: Pick<ReturnType<typeof isolate>, 'gallery'>,
  probe: Float32Array,
  options = anybody,
): Promise<string[]> {
  const { people } = await (await gallery.open(fakeModel)).search(probe, options)
  return people.map(({ identity }) => identity)
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

describe('a search', () => {
  it('finds nobody in an empty gallery', async () => {
    const view = await isolate().gallery.open(fakeModel)
    expect(view).toMatchObject({ people: 0, peopleOfOtherModels: 0 })
    expect(await view.search(fakeEncoding('a'), anybody)).toEqual({ people: [], unreadable: [] })
  })

  it('ranks people by the mean of their encodings, exactly, and each once', async () => {
    const one = isolate()
    const many = Array.from({ length: 10 }, (_, i) => fakeEncoding('a', 0.3 + i / 100))
    const near = [fakeEncoding('a', 0.25), fakeEncoding('a', 0.15)]
    await one.put(person('many', many))
    await one.put(person('near', near))
    await one.put(person('far', [fakeEncoding('b')]))
    const probe = fakeEncoding('a', 0.1)
    const exact = [
      { identity: 'near', distance: distanceToPerson(metric, probe, near) },
      { identity: 'many', distance: distanceToPerson(metric, probe, many) },
    ]
    expect(exact.map(({ distance }) => distance.toFixed(2))).toEqual(['0.10', '0.25'])
    for (const reader of [one, isolate()]) {
      const view = await reader.gallery.open(fakeModel)
      expect(view.people).toBe(3)
      expect((await view.search(probe, anybody)).people).toEqual(exact)
    }
  })

  it('gives the nearest of many, as many as asked for', async () => {
    const one = isolate()
    for (let i = 0; i < 130; i++) {
      await one.put(person(`p${i}`, [fakeEncoding('a', ((i * 37) % 130) / 1000)]))
    }
    const found = await find(isolate(), fakeEncoding('a', 0), { ...anybody, limit: 3 })
    expect(found).toEqual(['p0', 'p123', 'p116'])
    const all = await find(isolate(), fakeEncoding('a', 0), { ...anybody, limit: 1000 })
    expect(new Set(all).size).toBe(130)
  })

  it.each([
    ['NaN', fakeEncoding('a', Number.NaN)],
    ['infinity', fakeEncoding('a', Number.POSITIVE_INFINITY)],
    ['zeros', new Float32Array(128)],
    ['127 numbers', new Float32Array(127).fill(1)],
  ])('finds nobody for %s', async (_, probe) => {
    const one = isolate()
    await one.put(person('a', [fakeEncoding('a')]))
    expect(await find(one, probe, { ...anybody, maxDistance: Number.MAX_VALUE })).toEqual([])
  })
})

describe('who is not found', () => {
  it('has a record that cannot be read; the search says so', async () => {
    const one = isolate()
    await one.put(person('broken', [fakeEncoding('a')]))
    await one.put(person('whole', [fakeEncoding('a', 0.1)]))
    await damageRecord('broken')
    const view = await one.gallery.open(fakeModel)
    expect(await view.search(fakeEncoding('a'), anybody)).toMatchObject({
      people: [{ identity: 'whole' }],
      unreadable: ['broken'],
    })
  })

  it('has an entry that cannot be read; the view says so', async () => {
    const one = isolate()
    await one.put(person('whole', [fakeEncoding('a')]))
    const { metadata } = await env.IDENTITIES.getWithMetadata(entryKey('whole'))
    await env.IDENTITIES.put('gallery:strange', '', { metadata: { entry: 'damaged' } })
    await env.IDENTITIES.put('gallery:stranger', '')
    // Somebody else's, copied: it does not open here.
    await env.IDENTITIES.put(entryKey('copied'), '', { metadata })
    const view = await isolate().gallery.open(fakeModel)
    expect(view).toMatchObject({ people: 1, unreadableEntries: 3 })
  })

  it('was enrolled with another model', async () => {
    const one = isolate()
    await one.gallery.open(fakeModel)
    await one.put(person('other', [fakeEncoding('a')], otherModel))
    for (const reader of [one, isolate()]) {
      const view = await reader.gallery.open(fakeModel)
      expect(view).toMatchObject({ people: 0, peopleOfOtherModels: 1 })
      expect(await find(reader, fakeEncoding('a'))).toEqual([])
    }
    const theirs = await one.gallery.open(otherModel)
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
    expect((await two.gallery.open(fakeModel)).people).toBe(0)
    expect(list).toHaveBeenCalledTimes(1)
  })

  it('shows to searches that ask at once, whichever is answered first', async () => {
    const one = isolate()
    await one.gallery.open(fakeModel)
    const writes = Array.from({ length: 10 }, async (_, i) => {
      await one.put(person(`p${i}`, [fakeEncoding('a', i / 100)]))
      return await find(one, fakeEncoding('a'))
    })
    for (const [i, found] of (await Promise.all(writes)).entries()) expect(found).toContain(`p${i}`)
  })

  it('between opening and searching is too late to be named', async () => {
    const one = isolate()
    await one.put(person('a', [fakeEncoding('a')]))
    const view = await one.gallery.open(fakeModel)
    await one.store.delete('a')
    expect((await view.search(fakeEncoding('a'), anybody)).people).toEqual([])
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
    await one.gallery.open(fakeModel)
    await reset()
    await one.put(person('a', [fakeEncoding('a')]))
    await isolate().store.delete('a')
    await reset()
    await one.put(person('b', [fakeEncoding('b')]))
    expect(await find(one, fakeEncoding('b'))).toEqual(['b'])
    await reset()
    expect((await one.gallery.open(fakeModel)).people).toBe(0)
    expect(list).toHaveBeenCalledTimes(2)
  })

  it('is gathered over all pages of the list', async () => {
    const one = isolate()
    for (let i = 0; i < 7; i++) await one.put(person(`p${i}`, [fakeEncoding('a', i / 100)]))
    now += 3_600_000
    const { kv, list } = countingKv()
    list.mockImplementation((options) => env.IDENTITIES.list({ ...options, limit: 3 }))
    expect((await isolate({ kv }).gallery.open(fakeModel)).people).toBe(7)
    expect(list).toHaveBeenCalledTimes(3)
  })

  it('is bounded: more people are not_configured, and none of them is searched', async () => {
    const one = isolate()
    for (const id of ['a', 'b', 'c']) await one.put(person(id, [fakeEncoding(id)]))
    const two = isolate({ maxPeople: 2 })
    await expect(two.gallery.open(fakeModel)).rejects.toMatchObject({
      code: 'not_configured',
      message: 'The index in KV holds 2 people at most, and more are enrolled.',
    })
    const three = isolate({ maxPeople: 3 })
    expect((await three.gallery.open(fakeModel)).people).toBe(3)
    await one.put(person('d', [fakeEncoding('d')]))
    await expect(three.gallery.open(fakeModel)).rejects.toMatchObject({ code: 'not_configured' })
  })
})

describe('a KV that fails', () => {
  it('to list is store_unavailable, never an empty gallery', async () => {
    await isolate().put(person('a', [fakeEncoding('a')]))
    const { gallery } = isolate({ kv: faultyKv(env.IDENTITIES, 'list') })
    await expect(gallery.open(fakeModel)).rejects.toMatchObject({
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
