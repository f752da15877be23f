/** Which others crowd the probes of a claim, and which probe counts. */
import { describe, expect, it } from 'vitest'
import { crowdOf, crowdSample } from '../../../src/decision/crowd.ts'
import { distance } from '../../../src/encoding/distance.ts'
import { findCrowd } from '../../../src/people/claim/find-crowd.ts'
import { fakeEncoding, fakeModel } from '../../support/app/fake-engine.ts'

const others = [0, 0.2, 0.3].map((apart) => fakeEncoding('bob', apart))
const apart = { near: 0.4, usual: 1.2 }

/** @param sampled gets what the gallery is asked for */
function sourcesOf(sampled: unknown[], strangers: typeof apart | null) {
  const never = (): never => expect.unreachable()
  return {
    thresholds: {
      strangersApart: () => strangers && { ...strangers, metric: { kind: 'l2' as const } },
      identification: never,
      covers: never,
      verification: never,
      together: never,
      duplicate: never,
      ownRate: never,
      missed: never,
    },
    gallery: {
      open: async () => ({
        people: 4,
        peopleOfOtherModels: 0,
        unreadableEntries: 0,
        search: never,
        requireRoomFor: never,
        sample: (...asked: unknown[]) => {
          sampled.push(asked)
          return others
        },
      }),
    },
  }
}

describe('findCrowd', () => {
  it('is that of the probe which is crowded most, by others than the person claimed', async () => {
    const [lonely, crowded] = [fakeEncoding('ada'), fakeEncoding('bob', 0.1)]
    const sampled: unknown[] = []
    const crowdBy = (probe: Float32Array) =>
      crowdOf(
        others.map((other) => distance(probe, other)),
        apart,
      )
    expect(crowdBy(crowded)).toBeGreaterThan(crowdBy(lonely))
    for (const probes of [
      [lonely, crowded],
      [crowded, lonely],
    ]) {
      const crowd = await findCrowd(sourcesOf(sampled, apart), fakeModel, probes, 'ada')
      expect(crowd).toBeCloseTo(crowdBy(crowded), 6)
    }
    expect(sampled).toEqual([
      [crowdSample, 'ada'],
      [crowdSample, 'ada'],
    ])
  })

  it('is 1, and asks no gallery, where nobody measured how far strangers are apart', async () => {
    const sampled: unknown[] = []
    expect(await findCrowd(sourcesOf(sampled, null), fakeModel, [others[0]!], 'ada')).toBe(1)
    expect(sampled).toEqual([])
  })
})
