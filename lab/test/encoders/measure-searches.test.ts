import { describe, expect, it } from 'vitest'
import { randomNumbers } from '../../../test/support/random.ts'
import { crowdedRates } from '../../encoders/crowded.ts'
import { measureSearches } from '../../encoders/measure-searches.ts'

const quality = {
  sharpness: 1,
  brightness: 0.5,
  contrast: 0.2,
  yaw: 0,
  pitch: 0,
  roll: 0,
  faceSize: 100,
}

/** Two photos each, which differ a little. */
const faces = Array.from({ length: 40 }, (_, person) =>
  [0, 1].map((photo) => {
    const noise = randomNumbers(8, person * 2 + photo + 500)
    const own = randomNumbers(8, person + 1).map((value, i) => value + 0.02 * noise[i]!)
    return {
      ...{ file: `${person}-${photo}.jpg`, person: `p${person}`, quality, enrollable: true },
      ...{ probe: own, enrolled: own },
    }
  }),
).flat()
const row = (fmr: number, count: number, threshold: number) => ({
  ...{ fmr, count, threshold, missed: [] },
  interval: [threshold, threshold] as const,
})
const setWith = (threshold: number) => ({
  metric: { kind: 'l2' as const },
  faces,
  pairs: [],
  thresholds: [{ fmr: 0.01, threshold }],
  identification: [0.01, 0.001].flatMap((fmr) => [
    row(fmr, 1, threshold),
    row(fmr, 1000, threshold),
  ]),
})

describe('searches fold by fold', () => {
  it('miss nobody and find no stranger between the two kinds of distances', () => {
    for (const { people, fpir, fnir } of measureSearches([setWith(0.3)])) {
      expect({ people, fpir, fnir }).toEqual({ people: 40, fpir: 0, fnir: 0 })
    }
  })

  it('find a stranger for everybody at a distance that is too large', () => {
    expect(measureSearches([setWith(10)])[0]).toMatchObject({ fpir: 1, fnir: 0 })
  })

  it('miss everybody at a distance that is too small', () => {
    expect(measureSearches([setWith(1e-6)])[0]).toMatchObject({ fpir: 0, fnir: 1 })
  })
})

describe('the most crowded tenth', () => {
  it('is let in as any other where the metric knows of no crowds', () => {
    expect(crowdedRates([setWith(10)])).toEqual([{ fmr: 0.01, crowdedFmr: 1 }])
    expect(crowdedRates([setWith(1e-6)])).toEqual([{ fmr: 0.01, crowdedFmr: 0 }])
  })
})
