/**
 * What every index has to do, run against each: people are enrolled and deleted through the store, on real objects inside
 * workerd, and looked for in isolates that have held the gallery before and in new ones, whether or not the index was refreshed
 * in between.
 */
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { unitVector } from '../../src/encoding/direction.ts'
import { distanceToPerson, type Metric } from '../../src/encoding/metrics/metric.ts'
import type { Gallery, SearchOptions } from '../../src/gallery/search/gallery.ts'
import { fakeEncoding, fakeModel, fakeSource } from '../support/app/fake-engine.ts'
import { resetStore } from '../support/app/reset-store.ts'
import { damageRecord } from '../support/app/stored-people.ts'
import { person, testStore } from '../support/app/test-store.ts'
import { faultyObjects } from '../support/doubles/faulty-objects.ts'
import { randomNumbers, seededRandom } from '../support/random.ts'

export interface IndexUnderTest {
  /** The gallery of a new isolate. */
  isolate(options?: { readonly directory?: Cloudflare.Env['DIRECTORY'] }): Gallery
  /** What the cron trigger does from time to time. */
  refresh(metric: Metric['kind']): Promise<void>
}

export const otherModel = 'fake-network@ffffffff'
const l2: Metric = { kind: 'l2' }
export const anybody: SearchOptions = { limit: 15, maxDistance: 0.5, metric: l2 }
const everywhere = Number.MAX_VALUE

export async function find(
  gallery: Gallery,
  probe: Float32Array,
  options: Partial<SearchOptions> = {},
): Promise<string[]> {
  const view = await gallery.open(fakeSource)
  const { people } = await view.search(probe, { ...anybody, ...options })
  return people.map(({ identity }) => identity)
}

/** @param create called before each test, when nothing is stored */
export function describeIndex(create: () => IndexUnderTest): void {
  let index: IndexUnderTest
  beforeEach(async () => {
    await resetStore()
    index = create()
  })

  const { put, store } = testStore()
  const enroll = (identity: string, ...encodings: Float32Array[]) =>
    put(person(identity, encodings))

  /** Both ways in which an isolate comes to know of something. */
  const whenRefreshed = it.each<['before' | 'after' | 'never']>([['before'], ['after'], ['never']])

  describe('a search', () => {
    it('finds nobody in an empty gallery', async () => {
      for (const refreshes of [0, 1]) {
        for (let i = 0; i < refreshes; i++) await index.refresh('l2')
        const view = await index.isolate().open(fakeSource)
        expect(view).toMatchObject({ people: 0, peopleOfOtherModels: 0, unreadableEntries: 0 })
        expect(await view.search(fakeEncoding('a'), anybody)).toEqual({
          people: [],
          unreadable: [],
        })
      }
    })

    it('ranks people by the mean of their encodings, exactly, and each once', async () => {
      const held = index.isolate()
      await held.open(fakeSource)
      const many = Array.from({ length: 10 }, (_, i) => fakeEncoding('a', 0.3 + i / 100))
      const near = [fakeEncoding('a', 0.25), fakeEncoding('a', 0.15)]
      await enroll('many', ...many)
      await enroll('near', ...near)
      await enroll('far', fakeEncoding('b'))
      const probe = fakeEncoding('a', 0.1)
      const exact = [
        { identity: 'near', distance: distanceToPerson(l2, probe, near) },
        { identity: 'many', distance: distanceToPerson(l2, probe, many) },
      ]
      expect(exact.map(({ distance }) => distance.toFixed(2))).toEqual(['0.10', '0.25'])
      for (const refreshes of [0, 1]) {
        for (let i = 0; i < refreshes; i++) await index.refresh('l2')
        for (const gallery of [held, index.isolate()]) {
          const view = await gallery.open(fakeSource)
          expect(view.people).toBe(3)
          expect((await view.search(probe, anybody)).people).toEqual(exact)
        }
      }
    })

    const crowded: Metric = {
      kind: 'l2-cohort',
      cohort: {
        centres: [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => unitVector(randomNumbers(128, seed))),
        nearest: 2,
        floor: 0.1,
        weight: 1,
        usualLength: 6.5,
        lengthPower: 0.25,
      },
    }

    it.each<[string, Metric]>([
      ['l2', l2],
      ['l2-cohort', crowded],
    ])('gives the same as comparing with every record, in %s', async (_, metric) => {
      const people = Array.from({ length: 24 }, (_, i) => [`p${i}`, randomNumbers(128, i)] as const)
      for (const [i, [identity, encoding]] of people.entries()) {
        await enroll(identity, encoding)
        if (i === 15) await index.refresh(metric.kind)
      }
      const gallery = index.isolate()
      for (let seed = 500; seed < 510; seed++) {
        const direction = unitVector(randomNumbers(128, seed % 2 === 0 ? seed : seed - 500))
        const probe = direction.map((value, i) => value * 6 + randomNumbers(128, seed)[i]!)
        const exact = people
          .map(([identity, encoding]) => ({
            identity,
            distance: distanceToPerson(metric, probe, [encoding]),
          }))
          .sort((a, b) => a.distance - b.distance)
        const view = await gallery.open(fakeSource)
        const options = { limit: 3, maxDistance: everywhere, metric }
        expect((await view.search(probe, options)).people).toEqual(exact.slice(0, 3))
      }
    })

    it.each([
      ['NaN', fakeEncoding('a', Number.NaN)],
      ['infinity', fakeEncoding('a', Number.POSITIVE_INFINITY)],
      ['zeros', new Float32Array(128)],
      ['127 numbers', new Float32Array(127).fill(1)],
    ])('finds nobody for %s', async (_, probe) => {
      await enroll('a', fakeEncoding('a'))
      await index.refresh('l2')
      expect(await find(index.isolate(), probe, { maxDistance: everywhere })).toEqual([])
    })

    it('gives the nearest, as many as asked for', async () => {
      for (let i = 0; i < 12; i++) await enroll(`p${i}`, fakeEncoding('a', ((i * 5) % 12) / 100))
      await index.refresh('l2')
      for (let i = 12; i < 15; i++) await enroll(`p${i}`, fakeEncoding('a', (i - 11.5) / 100))
      const found = await find(index.isolate(), fakeEncoding('a', 0), { limit: 5 })
      expect(found).toEqual(['p0', 'p12', 'p5', 'p13', 'p10'])
    })
  })

  describe('a write', () => {
    whenRefreshed('shows at once in every isolate, the index refreshed %s it', async (when) => {
      const held = index.isolate()
      const refreshIf = async (moment: typeof when) => {
        if (moment === when) await index.refresh('l2')
      }
      const expectFound = async (face: string, identities: string[]) => {
        await refreshIf('after')
        for (const gallery of [held, index.isolate()]) {
          expect(await find(gallery, fakeEncoding(face))).toEqual(identities)
        }
        await refreshIf('before')
      }
      await expectFound('a', [])
      await enroll('one', fakeEncoding('a'))
      await expectFound('a', ['one'])
      await enroll('one', fakeEncoding('b'))
      await expectFound('a', [])
      await expectFound('b', ['one'])
      expect(await store.delete('one')).toEqual({ kind: 'deleted' })
      await expectFound('b', [])
      await enroll('one', fakeEncoding('c'))
      await expectFound('b', [])
      await expectFound('c', ['one'])
      for (const gallery of [held, index.isolate()]) {
        expect((await gallery.open(fakeSource)).people).toBe(1)
      }
    })

    it('shows to searches that ask at once, whichever is answered first', async () => {
      const gallery = index.isolate()
      await gallery.open(fakeSource)
      const writes = Array.from({ length: 10 }, async (_, i) => {
        await enroll(`p${i}`, fakeEncoding('a', i / 100))
        return await find(gallery, fakeEncoding('a'))
      })
      for (const [i, found] of (await Promise.all(writes)).entries()) {
        expect(found).toContain(`p${i}`)
      }
    })

    it('between opening and searching is too late to be named', async () => {
      await enroll('a', fakeEncoding('a'))
      await index.refresh('l2')
      const view = await index.isolate().open(fakeSource)
      await store.delete('a')
      expect((await view.search(fakeEncoding('a'), anybody)).people).toEqual([])
    })

    it('among 40 random ones shows, with refreshes at random', async () => {
      const random = seededRandom(7)
      const faces = ['a', 'b', 'c']
      const enrolled = new Map<string, string>()
      const held = index.isolate()
      for (let step = 0; step < 40; step++) {
        const identity = `p${Math.floor(random() * 6)}`
        const face = faces[Math.floor(random() * 3)]!
        if (random() < 0.7) {
          await enroll(identity, fakeEncoding(face))
          enrolled.set(identity, face)
        } else {
          await store.delete(identity)
          enrolled.delete(identity)
        }
        if (random() < 0.3) await index.refresh('l2')
        for (const gallery of random() < 0.3 ? [held, index.isolate()] : [held]) {
          const expected = [...enrolled].filter(([, of]) => of === face).map(([one]) => one)
          expect((await find(gallery, fakeEncoding(face))).sort()).toEqual(expected.sort())
        }
      }
    })
  })

  describe('who is not found', () => {
    it('has a record that cannot be read; the search says so', async () => {
      await enroll('broken', fakeEncoding('a'))
      await enroll('whole', fakeEncoding('a', 0.1))
      await damageRecord('broken')
      for (const refreshes of [0, 1]) {
        for (let i = 0; i < refreshes; i++) await index.refresh('l2')
        const view = await index.isolate().open(fakeSource)
        expect(await view.search(fakeEncoding('a'), anybody)).toMatchObject({
          people: [{ identity: 'whole' }],
          unreadable: ['broken'],
        })
      }
    })

    whenRefreshed('was enrolled with another model, the index refreshed %s', async (when) => {
      const held = index.isolate()
      await held.open(fakeSource)
      await put(person('moved', [fakeEncoding('a')]))
      await put(person('here', [fakeEncoding('a', 0.1)]))
      if (when === 'before') await index.refresh('l2')
      await put(person('moved', [fakeEncoding('a')], otherModel))
      if (when === 'after') await index.refresh('l2')
      for (const gallery of [held, index.isolate()]) {
        expect(await find(gallery, fakeEncoding('a'))).toEqual(['here'])
      }
    })
  })

  it('finds people of two models by the encodings of the one that runs', async () => {
    const other = { model: otherModel, encodings: [fakeEncoding('b')] }
    await put({ ...person('first', [fakeEncoding('a')]), other })
    const swapped = { model: fakeModel, encodings: [fakeEncoding('a', 0.1)] }
    await put({ ...person('second', [fakeEncoding('b')], otherModel), other: swapped })
    for (const refreshes of [0, 1]) {
      for (let i = 0; i < refreshes; i++) await index.refresh('l2')
      const gallery = index.isolate()
      expect(await find(gallery, fakeEncoding('a'))).toEqual(['first', 'second'])
      expect(await find(gallery, fakeEncoding('b'))).toEqual([])
    }
  })

  describe('a directory that cannot be reached', () => {
    it('is store_unavailable, never an empty gallery', async () => {
      await enroll('a', fakeEncoding('a'))
      await index.refresh('l2')
      const methods = ['changesSince', 'changesSinceTime', 'count'] as const
      const directory = methods.reduce((d, method) => faultyObjects(d, method), env.DIRECTORY)
      await expect(index.isolate({ directory }).open(fakeSource)).rejects.toMatchObject({
        code: 'store_unavailable',
        cause: { message: 'the object is down' },
      })
    })
  })
}
