import { describe, expect, it, vi } from 'vitest'
import { toInt8 } from '../../src/gallery/int8-encoding.ts'
import { createMatrix } from '../../src/gallery/matrix.ts'
import { searchMatrix } from '../../src/gallery/search-matrix.ts'
import { nearestDistance } from '../../src/identity/compare.ts'
import type { IdentityRecord } from '../../src/identity/record.ts'
import { fakeEncoding, fakeModel } from '../support/fake-engine.ts'
import { randomNumbers } from '../support/random.ts'

/** A gallery whose records are in memory. */
function galleryOf(people: ReadonlyMap<string, readonly Float32Array[]>) {
  const matrix = createMatrix()
  const records = new Map<string, IdentityRecord>()
  const at = '2026-11-24T00:00:00.000Z'
  for (const [identity, encodings] of people) {
    matrix.add(identity, encodings.map(toInt8))
    const record = { identity, model: fakeModel, encodings, createdAt: at, updatedAt: at }
    records.set(identity, record)
  }
  const getMany = vi.fn(async (identities: readonly string[]) => ({
    records: identities.flatMap((identity) => records.get(identity) ?? []),
    unreadable: [],
  }))
  const search = (probe: Float32Array, limit: number, maxDistance = Number.MAX_VALUE) =>
    searchMatrix(matrix, fakeModel, probe, { limit, maxDistance }, getMany)
  return { records, getMany, search }
}

describe('a search', () => {
  const people = new Map(
    Array.from({ length: 400 }, (_, person) => [
      `p${person}`,
      [1, 2].map((i) => randomNumbers(128, person * 2 + i)),
    ]),
  )

  it('gives the same as comparing with every record, to the bit', async () => {
    const { search } = galleryOf(people)
    for (let seed = 5000; seed < 5020; seed++) {
      const probe = randomNumbers(128, seed)
      const exact = [...people]
        .map(([identity, encodings]) => ({
          identity,
          distance: nearestDistance(probe, encodings),
        }))
        .sort((a, b) => a.distance - b.distance)
      expect((await search(probe, 5)).people).toEqual(exact.slice(0, 5))
    }
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

  it('measures the record, not the entry of the index', async () => {
    const { search, records } = galleryOf(new Map([['a', [fakeEncoding('a')]]]))
    records.set('a', { ...records.get('a')!, encodings: [fakeEncoding('a', 0.2)] })
    const { people: found } = await search(fakeEncoding('a'), 1, 0.5)
    expect(found).toEqual([{ identity: 'a', distance: expect.closeTo(0.2, 6) }])
  })
})
