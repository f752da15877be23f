import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createIndexedStore } from '../../src/gallery/indexed-store.ts'
import { createKvGallery, type KvGalleryOptions } from '../../src/gallery/kv-gallery.ts'
import { createKvStore } from '../../src/identity/kv-store.ts'
import { distanceToPerson } from '../../src/identity/metric.ts'
import type { IdentityRecord } from '../../src/identity/record.ts'
import { fakeEncoding, fakeModel } from '../support/fake-engine.ts'
import { faultyKv } from '../support/faulty-kv.ts'

const otherModel = 'fake-network@ffffffff'
const metric = { kind: 'l2' } as const
const anybody = { limit: 50, maxDistance: 0.5, metric }

let now: number
beforeEach(async () => {
  now = Date.UTC(2026, 10, 24)
  for (const { name } of (await env.IDENTITIES.list()).keys) await env.IDENTITIES.delete(name)
})

/** What one isolate has: a store whose writes reach its gallery. */
function isolate(kv: KVNamespace = env.IDENTITIES, options: Partial<KvGalleryOptions> = {}) {
  const records = createKvStore(kv)
  const gallery = createKvGallery(kv, records, { now: () => new Date(now), ...options })
  return { gallery, store: createIndexedStore(records, gallery) }
}

function person(identity: string, encodings: readonly Float32Array[], model = fakeModel) {
  const at = '2026-11-24T00:00:00.000Z'
  const record: IdentityRecord = { identity, model, encodings, createdAt: at, updatedAt: at }
  return record
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
    await one.store.put(person('many', many))
    await one.store.put(person('near', near))
    await one.store.put(person('far', [fakeEncoding('b')]))
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
      await one.store.put(person(`p${i}`, [fakeEncoding('a', ((i * 37) % 130) / 1000)]))
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
    await one.store.put(person('a', [fakeEncoding('a')]))
    expect(await find(one, probe, { ...anybody, maxDistance: Number.MAX_VALUE })).toEqual([])
  })
})

describe('who is not found', () => {
  it('has no record any more, whatever the index says', async () => {
    const one = isolate()
    await one.store.put(person('gone', [fakeEncoding('a')]))
    expect(await find(one, fakeEncoding('a'))).toEqual(['gone'])
    await env.IDENTITIES.delete('identity:gone')
    expect(await find(one, fakeEncoding('a'))).toEqual([])
  })

  it('has another face by now, whatever the index says', async () => {
    const one = isolate()
    await one.store.put(person('changed', [fakeEncoding('a')]))
    expect(await find(one, fakeEncoding('a'))).toEqual(['changed'])
    await createKvStore(env.IDENTITIES).put(person('changed', [fakeEncoding('b')]))
    expect(await find(one, fakeEncoding('a'))).toEqual([])
  })

  it('has a record that cannot be read; the search says so', async () => {
    const one = isolate()
    await one.store.put(person('broken', [fakeEncoding('a')]))
    await one.store.put(person('whole', [fakeEncoding('a', 0.1)]))
    await env.IDENTITIES.put('identity:broken', 'damaged')
    const view = await one.gallery.open(fakeModel)
    expect(await view.search(fakeEncoding('a'), anybody)).toMatchObject({
      people: [{ identity: 'whole' }],
      unreadable: ['broken'],
    })
  })

  it('has an entry that cannot be read; the view says so', async () => {
    const one = isolate()
    await one.store.put(person('whole', [fakeEncoding('a')]))
    await env.IDENTITIES.put('gallery:strange', '', { metadata: { model: fakeModel } })
    await env.IDENTITIES.put('gallery:stranger', '')
    const view = await isolate().gallery.open(fakeModel)
    expect(view).toMatchObject({ people: 1, unreadableEntries: 2 })
  })

  it('was enrolled with another model', async () => {
    const one = isolate()
    await one.store.put(person('other', [fakeEncoding('a')], otherModel))
    for (const reader of [one, isolate()]) {
      const view = await reader.gallery.open(fakeModel)
      expect(view).toMatchObject({ people: 0, peopleOfOtherModels: 1 })
      expect(await find(reader, fakeEncoding('a'))).toEqual([])
    }
    const theirs = await one.gallery.open(otherModel)
    expect(theirs).toMatchObject({ people: 1, peopleOfOtherModels: 0 })
  })

  it('has a record of another model, whatever the index says', async () => {
    const one = isolate()
    await one.store.put(person('moved', [fakeEncoding('a')]))
    await createKvStore(env.IDENTITIES).put(person('moved', [fakeEncoding('a')], otherModel))
    expect(await find(one, fakeEncoding('a'))).toEqual([])
  })
})

describe('a write', () => {
  it('shows at once where it was made, without listing again', async () => {
    const { kv, list } = countingKv()
    const one = isolate(kv)
    await one.gallery.open(fakeModel)
    const before = list.mock.calls.length
    await one.store.put(person('a', [fakeEncoding('a')]))
    expect(await find(one, fakeEncoding('a'))).toEqual(['a'])
    await one.store.put(person('a', [fakeEncoding('b')]))
    expect(await find(one, fakeEncoding('a'))).toEqual([])
    expect(await find(one, fakeEncoding('b'))).toEqual(['a'])
    expect(await one.store.delete('a')).toBe(true)
    expect(await find(one, fakeEncoding('b'))).toEqual([])
    expect(list.mock.calls.length).toBe(before)
  })

  it('shows in another isolate by the version', async () => {
    const [one, two] = [isolate(), isolate()]
    expect(await find(two, fakeEncoding('a'))).toEqual([])
    await one.store.put(person('a', [fakeEncoding('a')]))
    expect(await find(two, fakeEncoding('a'))).toEqual(['a'])
    await one.store.delete('a')
    const view = await two.gallery.open(fakeModel)
    expect(view.people).toBe(0)
  })

  it('that did not reach the version shows after a minute', async () => {
    const version = { read: async () => 'always the same', bump: async () => null }
    const [one, two] = [isolate(undefined, { version }), isolate(undefined, { version })]
    expect(await find(two, fakeEncoding('a'))).toEqual([])
    await one.store.put(person('a', [fakeEncoding('a')]))
    now += 59_999
    expect(await find(two, fakeEncoding('a'))).toEqual([])
    now += 1
    expect(await find(two, fakeEncoding('a'))).toEqual(['a'])
  })

  it('shows where it was made though KV still lists what was before', async () => {
    const stale = await env.IDENTITIES.list({ prefix: 'gallery:' })
    const { kv, list } = countingKv()
    const one = isolate(kv)
    list.mockResolvedValue(stale)
    await one.store.put(person('a', [fakeEncoding('a')]))
    expect(await find(one, fakeEncoding('a'))).toEqual(['a'])
    expect(list).toHaveBeenCalled()
  })

  it('succeeds though KV refuses to write the version', async () => {
    const kv = new Proxy(env.IDENTITIES, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target)
        if (property !== 'put' || typeof value !== 'function') {
          return typeof value === 'function' ? value.bind(target) : value
        }
        return (key: string, ...rest: unknown[]) =>
          key === 'gallery-version'
            ? Promise.reject(new Error('KV PUT failed: 429 Too Many Requests'))
            : value.call(target, key, ...rest)
      },
    })
    const one = isolate(kv)
    await one.store.put(person('a', [fakeEncoding('a')]))
    expect(await find(one, fakeEncoding('a'))).toEqual(['a'])
  })

  it('keeps one key a person, however many photos, and none when they are deleted', async () => {
    const one = isolate()
    const ten = Array.from({ length: 10 }, (_, i) => fakeEncoding('a', i / 10))
    const keys = async (prefix: string) =>
      (await env.IDENTITIES.list({ prefix })).keys.map(({ name }) => name)
    for (const encodings of [ten, ten.slice(0, 2)]) {
      await one.store.put(person('a', encodings))
      expect(await keys('gallery:')).toEqual(['gallery:a'])
    }
    await one.store.delete('a')
    expect(await keys('gallery:')).toEqual([])
    expect(await keys('identity:')).toEqual([])
  })
})

describe('what is held', () => {
  it('is listed once for many searches, and again after a minute', async () => {
    const { kv, list } = countingKv()
    const one = isolate(kv)
    for (let i = 0; i < 5; i++) await find(one, fakeEncoding('a'))
    expect(list).toHaveBeenCalledTimes(1)
    now += 60_000
    await find(one, fakeEncoding('a'))
    expect(list).toHaveBeenCalledTimes(2)
  })

  it('is gathered over all pages of the list', async () => {
    const one = isolate()
    for (let i = 0; i < 7; i++) await one.store.put(person(`p${i}`, [fakeEncoding('a', i / 100)]))
    const { kv, list } = countingKv()
    list.mockImplementation((options) => env.IDENTITIES.list({ ...options, limit: 3 }))
    expect((await isolate(kv).gallery.open(fakeModel)).people).toBe(7)
    expect(list).toHaveBeenCalledTimes(3)
  })

  it('is bounded: more people are not_configured, and none of them is searched', async () => {
    const one = isolate()
    for (const id of ['a', 'b', 'c']) await one.store.put(person(id, [fakeEncoding(id)]))
    const two = isolate(undefined, { maxPeople: 2 })
    await expect(two.gallery.open(fakeModel)).rejects.toMatchObject({
      code: 'not_configured',
      message: 'The index in KV holds 2 people at most, and more are enrolled.',
    })
    expect((await isolate(undefined, { maxPeople: 3 }).gallery.open(fakeModel)).people).toBe(3)
  })
})

describe('a store that fails', () => {
  const unavailable = { code: 'store_unavailable', cause: { message: 'KV is down' } }

  it.each(['list', 'get'] as const)(
    'to %s is store_unavailable, never an empty gallery',
    async (operation) => {
      await isolate().store.put(person('a', [fakeEncoding('a')]))
      const { gallery } = isolate(faultyKv(env.IDENTITIES, operation))
      await expect(gallery.open(fakeModel)).rejects.toMatchObject(unavailable)
    },
  )

  it('to read records is store_unavailable, never nobody', async () => {
    await isolate().store.put(person('a', [fakeEncoding('a')]))
    const store = createKvStore(faultyKv(env.IDENTITIES, 'get'))
    const gallery = createKvGallery(env.IDENTITIES, store, { now: () => new Date(now) })
    const view = await gallery.open(fakeModel)
    await expect(view.search(fakeEncoding('a'), anybody)).rejects.toMatchObject(unavailable)
  })

  it('to list after it worked is store_unavailable too', async () => {
    const { kv, list } = countingKv()
    const one = isolate(kv)
    await one.gallery.open(fakeModel)
    now += 60_000
    list.mockRejectedValue(new Error('KV is down'))
    await expect(one.gallery.open(fakeModel)).rejects.toMatchObject(unavailable)
  })

  it.each(['put', 'delete'] as const)('to %s fails the write', async (operation) => {
    const record = person('a', [fakeEncoding('a')])
    const { store } = isolate(faultyKv(env.IDENTITIES, operation))
    const write = operation === 'put' ? store.put(record) : store.delete('a')
    await expect(write).rejects.toMatchObject(unavailable)
    expect(await env.IDENTITIES.get('identity:a')).toBeNull()
  })
})

describe('a write that breaks off between index and record', () => {
  it('leaves nobody enrolled who can match', async () => {
    const records = createKvStore(env.IDENTITIES)
    const gallery = createKvGallery(env.IDENTITIES, records, { now: () => new Date(now) })
    const store = createIndexedStore(
      { ...records, put: () => Promise.reject(new Error('broke off')) },
      gallery,
    )
    await expect(store.put(person('a', [fakeEncoding('a')]))).rejects.toThrow('broke off')
    expect(await find({ gallery }, fakeEncoding('a'))).toEqual([])
  })

  it('leaves a person to be deleted by the same request again', async () => {
    const one = isolate()
    await one.store.put(person('a', [fakeEncoding('a')]))
    await one.gallery.delete('a')
    expect(await one.store.delete('a')).toBe(true)
    expect(await one.store.delete('a')).toBe(false)
  })
})
