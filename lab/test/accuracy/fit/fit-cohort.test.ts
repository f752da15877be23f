import { describe, expect, it } from 'vitest'
import { directionFromText, directionToText } from '../../../../src/encoding/direction-text.ts'
import { crowdingAt } from '../../../../src/encoding/metrics/l2-cohort.ts'
import { fitCohort, type LabelledFace } from '../../../accuracy/fit/fit-cohort.ts'
import { makePeople } from './made-up-people.ts'

const faces = makePeople({ lonely: 120, crowd: 60, photosEach: 2, seed: 1 })
const cohort = fitCohort(faces)

function meanAt(places: readonly LabelledFace[]): number {
  return places.reduce((sum, { probe }) => sum + crowdingAt(cohort, probe), 0) / places.length
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

describe('fitCohort', () => {
  it('finds it more crowded in the crowd than away from it, for faces it has not seen', () => {
    const lonely = meanAt(makePeople({ lonely: 50, crowd: 0, photosEach: 1, seed: 2 }))
    const crowd = meanAt(makePeople({ lonely: 0, crowd: 50, photosEach: 1, seed: 3 }))
    expect(crowd).toBeGreaterThan(lonely + 0.05)
  })

  it('has one centre for three people, each a unit vector that survives being written', () => {
    expect(cohort.centres).toHaveLength(60)
    for (const centre of cohort.centres) {
      expect(centre).toHaveLength(faces[0]!.probe.length)
      expect(cosine(centre, centre)).toBeCloseTo(1, 5)
      expect(directionFromText(directionToText(centre))).toEqual(centre)
    }
  })

  it('has none on a face', () => {
    for (const centre of cohort.centres) {
      for (const { enrolled } of faces) expect(cosine(centre, enrolled)).toBeLessThan(0.99)
    }
  })

  it('knows the usual length of the encodings', () => {
    const long = faces.map(({ person, probe, enrolled }) => ({
      person,
      probe: probe.map((value) => 3 * value),
      enrolled: enrolled.map((value) => 3 * value),
    }))
    expect(cohort.usualLength).toBeCloseTo(1, 3)
    expect(fitCohort(long).usualLength).toBeCloseTo(3, 3)
  })

  it('its floor is what is usual for faces it has not seen, too', () => {
    const others = makePeople({ lonely: 120, crowd: 60, photosEach: 2, seed: 6 })
    const above = others.filter(({ probe }) => crowdingAt(cohort, probe) > cohort.floor).length
    expect(above / others.length).toBeGreaterThan(0.4)
    expect(above / others.length).toBeLessThan(0.6)
  })

  it('the same faces have the same cohort', () => {
    expect(fitCohort(faces)).toEqual(cohort)
  })

  it('takes another photo of the same person for no stranger', () => {
    const alone = makePeople({ lonely: 60, crowd: 0, photosEach: 1, seed: 4 })
    const repeated = alone.flatMap((face) => [face, face])
    expect(fitCohort(repeated).centres).toEqual(fitCohort(alone).centres)
    expect(fitCohort(repeated).floor).toBeCloseTo(fitCohort(alone).floor, 6)
  })

  it('refuses too few people, however many photos they have', () => {
    const few = makePeople({ lonely: 8, crowd: 0, photosEach: 20, seed: 5 })
    expect(() => fitCohort(few)).toThrow(
      '8 people are too few to tell how crowded it is around a face, at least 9 are needed',
    )
    const enough = makePeople({ lonely: 9, crowd: 0, photosEach: 2, seed: 5 })
    expect(fitCohort(enough).centres).toHaveLength(3)
  })
})
