import { describe, expect, it } from 'vitest'
import {
  distanceBetween,
  type Metric,
  prepareEncoding,
} from '../../../src/encoding/metrics/metric.ts'
import { fakeQuality } from '../../../test/support/app/fake-engine.ts'
import type { EncodedPhotos, MeasuredFace } from '../../accuracy/encoded-photos.ts'
import { measure, measurePairs } from '../../accuracy/measure.ts'
import { thresholdAt } from '../../accuracy/rates/impostors.ts'
import { fnmrAt } from '../../accuracy/rates/rates.ts'
import { genuinePairs, type LabelledPair } from '../../datasets/pairs.ts'
import { makePeople } from './fit/made-up-people.ts'

const metric: Metric = { kind: 'l2' }
const faces = makePeople({ lonely: 40, crowd: 0, photosEach: 3, seed: 1 }).map(
  (face, i): MeasuredFace => ({
    ...face,
    file: `${i}.jpg`,
    quality: fakeQuality,
    enrollable: true,
  }),
)
const missed = [{ file: 'wall.jpg', person: faces[0].person, code: 'no_face' }]
const encoded: EncodedPhotos = { model: 'made-up@00000000', faces, missed }

function strangers(fold: number, shift: number): LabelledPair[] {
  return faces.map(({ file }, i) => ({
    fold,
    left: file,
    right: faces[(i + shift) % faces.length].file,
    same: false,
  }))
}

const own = genuinePairs([...faces, ...missed])
const pairs = [
  ...own.map((pair, i) => ({ ...pair, fold: 1 + (i % 2) })),
  ...strangers(1, 30),
  ...strangers(2, 60),
]
const thresholds = [{ fmr: 0.01, threshold: 0.5 }]
const scored = measure(encoded, [{ metric, faces, pairs, thresholds }])

describe('measure', () => {
  it('counts photos, people, pairs of one person and of two', () => {
    expect(scored.measurement).toMatchObject({
      photos: 121,
      people: 40,
      missed: 1,
      genuinePairs: 40 * 3 + 3,
      impostorPairs: 120 * 117,
    })
  })

  it('a pair with a photo without an encoding has no distance, and is refused by every threshold', () => {
    expect(scored.genuine.filter(({ distance }) => distance === null)).toHaveLength(3)
    expect(fnmrAt(scored.genuine, 10)).toBeCloseTo(3 / 123, 12)
  })

  it('a probe in doubt is a tenth of the threshold farther away, and its photo is never enrolled', () => {
    const { file, person, probe } = faces[2]!
    const rest = faces.filter((face) => face.file !== file)
    const seen = { file, person, code: 'face_eyes_covered', inDoubt: probe }
    const listed = own.filter(({ left, right }) => [left, right].includes(file))
    const sets = (missed: readonly (typeof seen)[], shown: readonly MeasuredFace[]) =>
      measure({ ...encoded, faces: shown, missed }, [
        { metric, faces: shown, missed, pairs: listed, thresholds },
      ])
    const before = sets([], faces).genuine
    const { genuine, measurement } = sets([seen], rest)
    expect(measurement.missed).toBe(0)
    for (const [i, { left }] of listed.entries()) {
      const distance = genuine[i]!.distance
      if (left === file) expect(distance).toBeNull()
      else expect(distance).toBeCloseTo(before[i]!.distance! / 0.9, 9)
    }
    expect(listed.some(({ right }) => right === file)).toBe(true)
  })

  it('a suspect probe is farther away by as much as it is held the more strictly', () => {
    const { file } = faces[2]!
    const listed = own.filter(({ right }) => right === file)
    const distances = (probe: number, enrollment?: number) => {
      const shown = faces.map((face) => ({
        ...face,
        suspicion: { probe: face.file === file ? probe : 0, enrollment: enrollment ?? 1 },
      }))
      const sets = [{ metric, faces: shown, pairs: listed, thresholds }]
      return measure({ ...encoded, faces: shown }, sets).genuine.map(({ distance }) => distance!)
    }
    expect(listed.length).toBeGreaterThan(0)
    for (const [i, distance] of distances(0.5).entries()) {
      expect(distance).toBeCloseTo(distances(0)[i]! / 0.95, 9)
    }
    expect(distances(0.5, 0)).toEqual(distances(0))
  })

  it('a photo that is not good enough to be enrolled is a probe all the same', () => {
    const bad = faces.map((face, i) => ({ ...face, enrollable: i !== 0 }))
    const { genuine, impostors, measurement } = measure({ ...encoded, faces: bad }, [
      { metric, faces: bad, pairs, thresholds },
    ])
    expect(measurement.notEnrollable).toBe(1)
    expect(measurement.missed).toBe(1)
    const failed = own.filter(({ left, right }) =>
      [bad[0].file, 'wall.jpg'].some((file) => left === file || right === 'wall.jpg'),
    )
    expect(failed.length).toBeGreaterThan(3)
    expect(genuine.filter(({ distance }) => distance === null)).toHaveLength(failed.length)
    expect(impostors.pairs).toBe(119 * 117)
  })

  it('enrolls the left photo and takes the right one as the probe', () => {
    const [{ left, right }] = own.slice(3)
    const [a, b] = [left, right].map((file) => faces.find((face) => face.file === file))
    const expected =
      a && b
        ? distanceBetween(prepareEncoding(metric, a.enrolled), prepareEncoding(metric, b.probe))
        : null
    expect(scored.genuine[3].distance).toBe(expected)
  })

  it('has a rate where ten strangers show it, at the threshold of all strangers', () => {
    expect(scored.measurement.rates.map(({ fmr }) => fmr)).toEqual([0.01, 0.001])
    for (const { fmr, threshold, fnmr, fnmrInterval } of scored.measurement.rates) {
      expect(threshold).toBe(thresholdAt(scored.impostors, fmr))
      expect(fnmr).toBe(fnmrAt(scored.genuine, threshold))
      expect(fnmrInterval[0]).toBeLessThanOrEqual(fnmr)
      expect(fnmrInterval[1]).toBeGreaterThanOrEqual(fnmr)
    }
  })

  it('holds every promise against the set', () => {
    const [[kept]] = scored.measurement.promises
    const near = scored.impostors.near.filter(({ distance }) => distance <= 0.5).length
    expect(kept).toEqual({
      ...thresholds[0],
      measuredFmr: near / scored.impostors.pairs,
      measuredFnmr: fnmrAt(scored.genuine, 0.5),
    })
  })

  it('has an accuracy and an area when strangers are listed in two folds', () => {
    const { accuracy, auc } = scored.measurement
    expect(accuracy!.folds.map(({ fold }) => fold)).toEqual([1, 2])
    expect(accuracy!.mean).toBeGreaterThan(0.95)
    expect(auc!).toBeGreaterThan(0.97)
    expect(auc!).toBeLessThan(1)
  })

  it('takes the threshold for the accuracy from the set, where other people gave it', () => {
    const byFold = [1, 2].map((fold) => ({
      metric,
      faces,
      pairs: pairs.filter((pair) => pair.fold === fold),
      thresholds,
      leastError: fold / 10,
    }))
    const { accuracy } = measure(encoded, byFold).measurement
    expect(accuracy!.folds.map(({ fold, threshold }) => [fold, threshold])).toEqual([
      [1, 0.1],
      [2, 0.2],
    ])
  })

  it('has neither without listed strangers', () => {
    const { accuracy, auc } = measure(encoded, [
      { metric, faces, pairs: own, thresholds },
    ]).measurement
    expect([accuracy, auc]).toEqual([null, null])
  })

  it('compares nobody across sets', () => {
    const half = faces.length / 2
    const sets = [faces.slice(0, half), faces.slice(half)].map((some) => ({
      metric,
      faces: some,
      pairs: genuinePairs(some),
      thresholds,
    }))
    const { measurement } = measure({ ...encoded, missed: [] }, sets)
    expect(measurement.impostorPairs).toBe(2 * 60 * 57)
    expect(measurement.promises).toHaveLength(2)
  })
})

describe('measurePairs', () => {
  it('gives what measuring all strangers again would', () => {
    const fewer = pairs.filter(({ same }, i) => !same || i % 3 > 0)
    const sets = [{ metric, faces, pairs: fewer, thresholds }]
    const { accuracy, rates } = measure(encoded, sets).measurement
    expect(rates.length).toBeGreaterThan(0)
    expect(measurePairs(encoded, sets, scored.measurement)).toEqual({
      accuracy: accuracy!.mean,
      fnmr: rates.map(({ fmr, fnmr }) => ({ fmr, fnmr })),
    })
    expect(rates[0]!.fnmr).not.toBe(scored.measurement.rates[0]!.fnmr)
  })
})
