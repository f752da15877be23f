import { describe, expect, it } from 'vitest'
import { type Metric, prepareEncoding } from '../../../../src/encoding/metrics/metric.ts'
import {
  calibratedRates,
  fitCalibration,
  galleryCounts,
  perComparison,
} from '../../../accuracy/fit/fit-calibration.ts'
import type { LabelledFace } from '../../../accuracy/fit/fit-cohort.ts'
import { encodingCounts, type FittedThreshold } from '../../../accuracy/fit/fit-thresholds.ts'
import { fmrAt, type Impostors, scoreImpostors } from '../../../accuracy/rates/impostors.ts'
import { makePeople } from './made-up-people.ts'

const population = { lonely: 240, crowd: 60, photosEach: 3 }
const fitted = fitCalibration(makePeople({ ...population, seed: 1 }), 'l2-cohort', {
  intervals: false,
})

function expectStricterForRarer(rows: readonly FittedThreshold[]): void {
  for (const row of rows) {
    const laxer = rows.filter(({ fmr, count }) => fmr >= row.fmr && count <= row.count)
    for (const { threshold } of laxer) expect(row.threshold).toBeLessThanOrEqual(threshold)
  }
}

function thresholdFor(rows: readonly FittedThreshold[], fmr: number, count: number): number {
  return rows.find((row) => row.fmr === fmr && row.count === count)!.threshold
}

function score(metric: Metric, faces: readonly LabelledFace[]): Impostors {
  const names = [...new Set(faces.map(({ person }) => person))]
  const place = (of: 'enrolled' | 'probe') =>
    faces.map((face) => ({
      person: names.indexOf(face.person),
      place: prepareEncoding(metric, face[of]),
    }))
  return scoreImpostors(place('enrolled'), place('probe'))
}

describe('fitCalibration', () => {
  it('tells of as many steps as it says that there are', () => {
    const told: number[] = []
    fitCalibration(makePeople({ ...population, seed: 1 }), 'l2-cohort', {
      ...{ intervals: false, several: false },
      onStep: (steps) => told.push(steps),
    })
    expect(told).toEqual(Array(told.length).fill(told.length))
    expect(told.length).toBeGreaterThan(5)
  })

  it('has every rate for every gallery and for as many encodings as the photos show, and for ten', () => {
    const keys = (rows: readonly FittedThreshold[]) => rows.map(({ fmr, count }) => [count, fmr])
    const all = (counts: readonly number[]) =>
      counts.flatMap((count) => calibratedRates.map((fmr) => [count, fmr]))
    expect(keys(fitted.verification)).toEqual(all([1, 2, 3, encodingCounts.at(-1)!]))
    expect(keys(fitted.identification)).toEqual(all(galleryCounts))
  })

  it('no rarer mistake, and no larger count, has a larger threshold', () => {
    expectStricterForRarer(fitted.verification)
    expectStricterForRarer(fitted.identification)
    const { verification, identification } = fitted
    expect(thresholdFor(verification, 0.0001, 1)).toBeLessThan(thresholdFor(verification, 0.01, 1))
    expect(thresholdFor(identification, 0.01, 1_000)).toBeLessThan(
      thresholdFor(identification, 0.01, 10),
    )
  })

  it('thresholds are distances, rounded down to four digits, each its own interval without rounds', () => {
    for (const { threshold, interval } of [...fitted.verification, ...fitted.identification]) {
      expect(threshold).toBeGreaterThan(0)
      expect(threshold).toBeLessThan(2)
      expect(Number(threshold.toFixed(4))).toBe(threshold)
      expect(interval[0]).toBeLessThanOrEqual(interval[1])
    }
  })

  it('keeps its promises within a factor of 2 for people it has not seen', () => {
    const spread = { lonely: 300, crowd: 0, photosEach: 3 }
    const { metric, verification } = fitCalibration(
      makePeople({ ...spread, seed: 1 }),
      'l2-cohort',
      { intervals: false, several: false },
    )
    const impostors = score(metric, makePeople({ ...spread, seed: 2 }))
    for (const fmr of [0.01, 0.001]) {
      const share = fmrAt(impostors, thresholdFor(verification, fmr, 1))
      expect(share / fmr).toBeGreaterThan(0.5)
      expect(share / fmr).toBeLessThan(2)
    }
  })

  it('with a fifth of the people in a crowd, its promises are no looser than that', () => {
    const impostors = score(fitted.metric, makePeople({ ...population, seed: 2 }))
    for (const fmr of [0.01, 0.001]) {
      const share = fmrAt(impostors, thresholdFor(fitted.verification, fmr, 1))
      expect(share).toBeGreaterThan(0)
      expect(share).toBeLessThan(2 * fmr)
    }
  })

  it('compares everybody with everybody else, once a draw', () => {
    // 900 templates against the 897 probes of everybody else.
    expect(fitted.impostorPairs).toBe(900 * 897)
  })

  it('counts two photos of one person once, though it compares them both ways and in every draw', () => {
    expect(fitted.photoPairs).toBe(300 * 3)
    expect(fitted.single.genuine).toHaveLength(8 * 300 * 3)
  })

  it('a suspect probe is farther from its own person, and moves no threshold', () => {
    const people = makePeople({ lonely: 120, crowd: 30, photosEach: 2, seed: 1 })
    const held = (share: number) =>
      fitCalibration(
        people.map((face) => ({ ...face, suspicion: { probe: share, enrollment: 1 } })),
        'l2',
        { intervals: false },
      )
    const [sound, suspect] = [held(0), held(1)]
    const of = ({ verification }: typeof sound) => verification.map(({ threshold }) => threshold)
    expect(of(suspect)).toEqual(of(sound))
    for (const [i, { distance }] of suspect.single.genuine.entries()) {
      expect(distance).toBeCloseTo(sound.single.genuine[i]!.distance! / 0.9, 6)
    }
  })

  it('has the same thresholds of one encoding and of searches without those of several', () => {
    const people = makePeople({ lonely: 120, crowd: 30, photosEach: 2, seed: 1 })
    const [all, alone] = [true, false].map((several) =>
      fitCalibration(people, 'l2', { intervals: false, several }),
    )
    expect(alone!.verification).toEqual(all!.verification.filter(({ count }) => count === 1))
    expect(alone!.verification).toHaveLength(calibratedRates.length)
    const of = ({ identification }: typeof fitted) =>
      identification.map(({ count, fmr, threshold }) => [count, fmr, threshold])
    expect(of(alone!)).toEqual(of(all!))
    expect(all!.verification.length).toBeGreaterThan(alone!.verification.length)
  })

  it('refuses people of whom none has several photos', () => {
    const single = makePeople({ lonely: 240, crowd: 0, photosEach: 1, seed: 3 })
    expect(() => fitCalibration(single, 'l2-cohort', { intervals: false })).toThrow(
      'too few people have several photos',
    )
  })

  it('refuses few people with many photos', () => {
    const few = makePeople({ lonely: 36, crowd: 0, photosEach: 12, seed: 3 })
    expect(() => fitCalibration(few, 'l2-cohort', { intervals: false })).toThrow(
      '36 people are too few for thresholds, at least 40 are needed',
    )
  })

  it('refuses too few people for a metric', () => {
    const few = makePeople({ lonely: 10, crowd: 0, photosEach: 2, seed: 3 })
    expect(() => fitCalibration(few, 'l2-cohort', { intervals: false })).toThrow(
      '8 people are too few to tell how crowded it is around a face',
    )
  })
})

describe('perComparison', () => {
  it.each([
    [0.01, 1],
    [0.001, 1_000],
    [0.0001, 1_000_000],
  ])(
    'searches with a rate of %f among %i people make exactly that many mistakes',
    (fmr, people) => {
      const rate = perComparison(fmr, people)
      expect(-Math.expm1(people * Math.log1p(-rate)) / fmr).toBeCloseTo(1, 9)
    },
  )

  it('is the rate itself for one person, and nearly its share for many', () => {
    expect(perComparison(0.01, 1)).toBeCloseTo(0.01, 15)
    expect(perComparison(0.0001, 1_000) / 1e-7).toBeCloseTo(1, 3)
  })
})
