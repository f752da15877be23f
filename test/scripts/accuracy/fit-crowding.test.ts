import { describe, expect, it } from 'vitest'
import { fitCrowding, type LabelledFace } from '../../../scripts/accuracy/fit-crowding.ts'
import { encodingLength } from '../../../src/identity/compare.ts'
import { crowdingAt } from '../../../src/identity/metric.ts'
import { SeededRandom } from '../../../src/learning/seeded-random.ts'
import { makePeople, moved } from './made-up-people.ts'

const faces = makePeople({ lonely: 120, crowd: 60, photosEach: 2, seed: 1 })
const crowding = fitCrowding(faces)

function meanAt(places: readonly LabelledFace[]): number {
  return places.reduce((sum, { probe }) => sum + crowdingAt(crowding, probe), 0) / places.length
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0)
}

describe('fitCrowding', () => {
  it('finds it more crowded in the crowd than away from it, for faces it has not seen', () => {
    const lonely = meanAt(makePeople({ lonely: 50, crowd: 0, photosEach: 1, seed: 2 }))
    const crowd = meanAt(makePeople({ lonely: 0, crowd: 50, photosEach: 1, seed: 3 }))
    expect(crowd).toBeGreaterThan(lonely + 0.05)
  })

  it('its centres are unit vectors of finite numbers, each with a height', () => {
    expect(crowding.heights).toHaveLength(crowding.centres.length)
    expect(crowding.heights.every(Number.isFinite)).toBe(true)
    for (const centre of crowding.centres) {
      expect(centre).toHaveLength(encodingLength)
      expect(cosine(centre, centre)).toBeCloseTo(1, 5)
    }
  })

  it('has at most one centre for eight people, and none on a face', () => {
    expect(crowding.centres.length).toBeGreaterThan(0)
    expect(crowding.centres.length).toBeLessThanOrEqual(Math.floor(180 / 8))
    for (const centre of crowding.centres) {
      for (const { enrolled } of faces) expect(cosine(centre, enrolled)).toBeLessThan(0.99)
    }
  })

  it('gives no centre of their own to seven people far from all others, but to eight', () => {
    const far = moved(new Float32Array(encodingLength), 1, new SeededRandom(9, 'far'))
    const nearestCentre = (count: number): number => {
      const random = new SeededRandom(9, 'people far away')
      const apart = Array.from({ length: count }, (_, i): LabelledFace => {
        const probe = moved(far, 0.1, random)
        return { person: `far-${i}`, probe, enrolled: probe }
      })
      const { centres } = fitCrowding([...faces, ...apart])
      return Math.max(...centres.map((centre) => cosine(centre, far)))
    }
    expect(nearestCentre(7)).toBeLessThan(0.9)
    expect(nearestCentre(40)).toBeGreaterThan(0.99)
  })

  it('the same faces have the same crowding', () => {
    expect(fitCrowding(faces)).toEqual(crowding)
  })

  it('takes another photo of the same person for no stranger', () => {
    const alone = makePeople({ lonely: 60, crowd: 0, photosEach: 1, seed: 4 })
    const repeated = alone.flatMap((face) => [face, face])
    const [once, twice] = [fitCrowding(alone), fitCrowding(repeated)]
    const self = repeated.map(({ probe }) => crowdingAt(twice, probe))
    expect(Math.max(...self)).toBeLessThan(0.95)
    expect(once.centres).toEqual(twice.centres)
  })

  it('refuses too few people, however many photos they have', () => {
    const few = makePeople({ lonely: 12, crowd: 0, photosEach: 20, seed: 5 })
    expect(() => fitCrowding(few)).toThrow(
      '12 people are too few to tell how crowded it is around a face, at least 13 are needed',
    )
    const enough = makePeople({ lonely: 13, crowd: 0, photosEach: 2, seed: 5 })
    expect(fitCrowding(enough).centres).toHaveLength(1)
  })
})
