import { describe, expect, it, vi } from 'vitest'
import { unitVector } from '../../../src/encoding/direction.ts'
import { toInt8 } from '../../../src/encoding/int8-encoding.ts'
import { distanceToPerson, type Metric } from '../../../src/encoding/metrics/metric.ts'
import { templateOf } from '../../../src/encoding/template.ts'
import { searchMatrix } from '../../../src/gallery/search/search-matrix.ts'
import { createTemplateMatrix } from '../../../src/gallery/search/template-matrix.ts'
import type { IdentityRecord } from '../../../src/identity/record.ts'
import { fakeEncoding, fakeModel } from '../../support/app/fake-engine.ts'
import { galleryKernel } from '../../support/networks/gallery-kernel.ts'
import { randomNumbers } from '../../support/random.ts'

/** A gallery whose records are in memory. */
function galleryOf(people: ReadonlyMap<string, readonly Float32Array[]>) {
  const matrix = createTemplateMatrix(galleryKernel, 128)
  const records = new Map<string, IdentityRecord>()
  const at = '2026-11-24T00:00:00.000Z'
  for (const [identity, encodings] of people) {
    matrix.put(identity, 1, toInt8(templateOf(encodings)))
    const dates = { createdAt: at, updatedAt: at }
    records.set(identity, { identity, version: 1, model: fakeModel, encodings, ...dates })
  }
  const readFrom = (source: ReadonlyMap<string, IdentityRecord>) =>
    vi.fn(async (identities: readonly string[]) => ({
      records: identities.flatMap((identity) => source.get(identity) ?? []),
      unreadable: [],
    }))
  /** Who differs from their copy. */
  const current = new Map<string, IdentityRecord | null>()
  const getMany = readFrom(records)
  const getCurrent = vi.fn(async (identities: readonly string[]) => ({
    records: identities.flatMap((identity) => {
      const known = current.get(identity)
      return (known === undefined ? records.get(identity) : known) ?? []
    }),
    unreadable: [],
  }))
  const search = (
    probe: Float32Array,
    limit: number,
    maxDistance = Number.MAX_VALUE,
    metric: Metric = { kind: 'l2' },
    mostRecords?: number,
  ) => {
    const options = { limit, maxDistance, metric }
    return searchMatrix(matrix, fakeModel, probe, options, { getMany, getCurrent }, mostRecords)
  }
  return { records, current, getMany, getCurrent, search }
}

/** In the middle of the first twenty people below; strong, so that it changes who is near. */
const centre = templateOf(Array.from({ length: 20 }, (_, i) => randomNumbers(128, i + 1)))
const crowded: Metric = {
  kind: 'l2-cohort',
  cohort: {
    centres: [unitVector(centre), unitVector(randomNumbers(128, 9000))],
    nearest: 1,
    floor: 0.1,
    weight: 1,
    usualLength: 6.5,
    lengthPower: 1,
  },
}

describe('a probe that is no encoding', () => {
  it.each([
    ['zeros', new Float32Array(128)],
    ['a NaN', randomNumbers(128, 1).fill(Number.NaN, 5, 6)],
    ['an infinity', randomNumbers(128, 1).fill(Number.POSITIVE_INFINITY, 5, 6)],
    ['127 numbers', randomNumbers(127, 1)],
    ['no numbers', new Float32Array(0)],
  ])('finds nobody, and no record is read: %s', async (_, probe) => {
    const { search, getMany, getCurrent } = galleryOf(new Map([['ada', [randomNumbers(128, 1)]]]))
    for (const metric of [{ kind: 'l2' } as const, crowded]) {
      expect(await search(probe, 5, Number.MAX_VALUE, metric)).toEqual({
        people: [],
        unreadable: [],
      })
    }
    expect(getMany).not.toHaveBeenCalled()
    expect(getCurrent).not.toHaveBeenCalled()
  })
})

describe('a search', () => {
  const people = new Map(
    Array.from({ length: 400 }, (_, person) => [
      `p${person}`,
      [1, 2].map((i) => randomNumbers(128, person * 2 + i)),
    ]),
  )

  it.each<[string, Metric]>([
    ['l2', { kind: 'l2' }],
    ['l2-cohort', crowded],
  ])('gives the same as comparing with every record, to the bit, in %s', async (_, metric) => {
    const { search } = galleryOf(people)
    for (let seed = 5000; seed < 5020; seed++) {
      // Every second probe lies in a crowd.
      const random = randomNumbers(128, seed)
      const probe = seed % 2 === 0 ? random : random.map((value, i) => value + 20 * centre[i]!)
      const exact = [...people]
        .map(([identity, encodings]) => ({
          identity,
          distance: distanceToPerson(metric, probe, encodings),
        }))
        .sort((a, b) => a.distance - b.distance)
      const reach = exact[7]!.distance
      for (const limit of [1, 5, 400]) {
        expect((await search(probe, limit, undefined, metric)).people).toEqual(
          exact.slice(0, limit),
        )
      }
      expect((await search(probe, 400, reach, metric)).people).toEqual(exact.slice(0, 8))
    }
  })

  it('ranks by the metric, in which the nearest by L2 may be farther than others', async () => {
    const { search } = galleryOf(people)
    const probe = randomNumbers(128, 5000)
    const plain = (await search(probe, 400)).people.map(({ identity }) => identity)
    const moved = await search(probe, 400, undefined, crowded)
    expect(moved.people.map(({ identity }) => identity)).not.toEqual(plain)
  })

  it('reads a hundred records at a time, and no more than it takes', async () => {
    const { search, getMany } = galleryOf(people)
    await search(randomNumbers(128, 1), 1)
    expect(getMany.mock.calls.map(([identities]) => identities.length)).toEqual([100])
    getMany.mockClear()
    await search(randomNumbers(128, 1), 400)
    expect(getMany.mock.calls.map(([identities]) => identities.length)).toEqual([
      100, 100, 100, 100,
    ])
  })

  it('reads no more than the best when told so, and finds the best all the same', async () => {
    const { search, getMany } = galleryOf(people)
    const probe = randomNumbers(128, 1)
    const all = await search(probe, 20)
    getMany.mockClear()
    const best = await search(probe, 20, undefined, undefined, 40)
    expect(getMany.mock.calls.map(([identities]) => identities.length)).toEqual([40])
    expect(best.people).toEqual(all.people)
  })

  it('reads no record when nobody is within reach', async () => {
    const { search, getMany } = galleryOf(people)
    expect(await search(fakeEncoding('a'), 5, 0.1)).toEqual({ people: [], unreadable: [] })
    expect(getMany).not.toHaveBeenCalled()
  })

  it('reads on past people whose records are gone', async () => {
    const near = Array.from({ length: 150 }, (_, i) => [`gone-${i}`, [fakeEncoding('a')]] as const)
    const { search, records } = galleryOf(new Map([...near, ['here', [fakeEncoding('a', 0.3)]]]))
    for (const [identity] of near) records.delete(identity)
    const { people: found } = await search(fakeEncoding('a'), 1, 0.5)
    expect(found).toEqual([{ identity: 'here', distance: expect.closeTo(0.3, 6) }])
  })

  it('confirms whom it names, and nobody else', async () => {
    const { search, getCurrent } = galleryOf(people)
    const { people: found } = await search(randomNumbers(128, 1), 3)
    expect(getCurrent.mock.calls).toEqual([[found.map(({ identity }) => identity)]])
  })

  it('does not name whom the copy still has and the object has not', async () => {
    const { search, current } = galleryOf(
      new Map([
        ['gone', [fakeEncoding('a')]],
        ['here', [fakeEncoding('a', 0.1)]],
        ['next', [fakeEncoding('a', 0.2)]],
      ]),
    )
    current.set('gone', null)
    const { people: found } = await search(fakeEncoding('a'), 2, 0.5)
    expect(found.map(({ identity }) => identity)).toEqual(['here', 'next'])
  })

  it('measures whom it names anew when their face changed', async () => {
    const { search, records, current } = galleryOf(
      new Map([
        ['moved', [fakeEncoding('a')]],
        ['stays', [fakeEncoding('a', 0.1)]],
      ]),
    )
    current.set('moved', { ...records.get('moved')!, encodings: [fakeEncoding('a', 0.3)] })
    const { people: found } = await search(fakeEncoding('a'), 1, 0.5)
    expect(found.map(({ identity }) => identity)).toEqual(['stays'])
    const both = await search(fakeEncoding('a'), 2, 0.5)
    expect(both.people).toEqual([
      { identity: 'stays', distance: expect.closeTo(0.1, 6) },
      { identity: 'moved', distance: expect.closeTo(0.3, 6) },
    ])
  })

  it('reads on when those it would have named are gone', async () => {
    const crowd = Array.from({ length: 100 }, (_, i) => [`gone-${i}`, [fakeEncoding('a')]] as const)
    const { search, current } = galleryOf(new Map([...crowd, ['last', [fakeEncoding('a', 0.4)]]]))
    for (const [identity] of crowd) current.set(identity, null)
    const { people: found } = await search(fakeEncoding('a'), 2, 0.5)
    expect(found.map(({ identity }) => identity)).toEqual(['last'])
  })

  it('measures the record, not the entry of the index', async () => {
    const { search, records } = galleryOf(new Map([['a', [fakeEncoding('a')]]]))
    records.set('a', { ...records.get('a')!, encodings: [fakeEncoding('a', 0.2)] })
    const { people: found } = await search(fakeEncoding('a'), 1, 0.5)
    expect(found).toEqual([{ identity: 'a', distance: expect.closeTo(0.2, 6) }])
  })
})
