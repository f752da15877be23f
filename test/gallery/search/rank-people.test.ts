import { describe, expect, it } from 'vitest'
import { type Metric, prepareEncoding } from '../../../src/encoding/metrics/metric.ts'
import type { SearchOptions } from '../../../src/gallery/search/gallery.ts'
import { proposeCandidates } from '../../../src/gallery/search/propose-candidates.ts'
import { rankPeople } from '../../../src/gallery/search/rank-people.ts'
import type { IdentityRecord } from '../../../src/identity/record.ts'
import { fakeEncoding } from '../../support/app/fake-engine.ts'

const metric: Metric = { kind: 'l2' }
const model = 'made-up@1'
const probe = fakeEncoding('a')
const place = prepareEncoding(metric, probe)
const dates = { createdAt: '2026-11-24T00:00:00.000Z', updatedAt: '2026-11-24T00:00:00.000Z' }

/** At this distance from the probe. */
const faceAt = (distance: number) => fakeEncoding('a', distance)
const recordOf = (identity: string, encoding: Float32Array): IdentityRecord => {
  return { identity, version: 1, model, encodings: [encoding], ...dates }
}

/** Of people who are candidates in this order, all of whom may be the nearest unless said otherwise. */
async function rank(
  records: readonly IdentityRecord[],
  options: Partial<SearchOptions> = {},
  atLeast: (i: number) => number = () => 0,
) {
  const known = new Map(records.map((record) => [record.identity, record]))
  const read = async (identities: readonly string[]) => ({
    records: identities.flatMap((identity) => known.get(identity) ?? []),
    unreadable: identities.filter((identity) => !known.has(identity)),
  })
  const candidates = [...records.map(({ identity }) => identity), 'broken'].map((identity, i) => ({
    identity,
    atLeast: atLeast(i),
  }))
  const wanted = { limit: 1, maxDistance: 1, metric, ...options }
  return await rankPeople(candidates, model, place, wanted, { getMany: read, getCurrent: read })
}

describe('people near a face', () => {
  it('are measured by their encodings of the network that runs, and by no other', async () => {
    const [ours, theirs] = [recordOf('ours', faceAt(0.2)), recordOf('theirs', faceAt(0.1))]
    const { people } = await rank([
      { ...theirs, model: 'other@2' },
      { ...ours, model: 'other@2', encodings: [faceAt(0)], suspicion: 0, other: ours },
    ])
    expect(people).toEqual([
      { identity: 'ours', distance: expect.closeTo(0.2, 5), suspicion: undefined },
    ])
  })

  it('are the nearest, though a hundred others had looked more promising', async () => {
    const others = Array.from({ length: 100 }, (_, i) => recordOf(`p-${i}`, faceAt(0.5)))
    const { people } = await rank([...others, recordOf('nearest', faceAt(0.1))], {}, (i) => i / 1e6)
    expect(people.map(({ identity }) => identity)).toEqual(['nearest'])
  })

  it('who cannot be read, or not be measured, are unknown and not absent', async () => {
    const noFace = recordOf('no face', new Float32Array(128))
    const { people, unreadable } = await rank([noFace, recordOf('a', faceAt(0.1))])
    expect(people.map(({ identity }) => identity)).toEqual(['a'])
    expect([...unreadable].sort()).toEqual(['broken', 'no face'])
  })
})

describe('candidates', () => {
  const cohort = {
    centres: [probe],
    nearest: 1,
    floor: 0,
    weight: 1,
    usualLength: 1,
    lengthPower: 0,
  }
  const found = [
    { identity: 'far', atLeast: 0.3 },
    { identity: 'claimed', atLeast: 0.1 },
    { identity: 'near', atLeast: 0.2 },
  ]

  it('are the most promising first, without whoever is not searched for', () => {
    const options = { maxDistance: 1, metric, except: 'claimed' }
    expect(proposeCandidates(place, options, () => found)).toEqual([found[2], found[0]])
  })

  it('are at least as far away as the metric stretches the distance', () => {
    const crowded: Metric = { kind: 'l2-cohort', cohort }
    const inCrowd = prepareEncoding(crowded, probe)
    const [nearest] = proposeCandidates(inCrowd, { maxDistance: 1, metric: crowded }, () => found)
    expect(nearest!.atLeast).toBeCloseTo(0.1 * inCrowd.scale * 0.94, 10)
    expect(inCrowd.scale).toBeGreaterThan(2)
  })
})
