import { describe, expect, it } from 'vitest'
import type { Quality } from '../../../src/face/quality.ts'
import { discardCurves, type QualityPair } from '../../accuracy/discard.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'

const random = new SeededRandom(1)

function anyQuality(): Quality {
  return {
    sharpness: random.next(),
    brightness: random.next(),
    contrast: random.next(),
    yaw: random.between(-30, 30),
    pitch: random.between(-30, 30),
    roll: random.between(-30, 30),
    faceSize: random.between(50, 400),
  }
}

/** A hundredth is refused because one of the photos is blurred, which nothing else shows. */
const pairs = Array.from({ length: 2_000 }, (_, i): QualityPair => {
  const [left, right] = [anyQuality(), anyQuality()]
  const clear = { sharpness: 0.5 }
  if (i % 100 !== 0)
    return { distance: 0.3, left: { ...left, ...clear }, right: { ...right, ...clear } }
  const blurred = { ...right, sharpness: 0.01 }
  return { distance: 0.7, left: { ...left, ...clear }, right: blurred }
})

const curves = new Map(discardCurves(pairs, 0.5).map(({ measure, points }) => [measure, points]))

describe('discardCurves', () => {
  it('has a curve a measure, from nothing refused to a fifth', () => {
    expect([...curves.keys()].sort()).toEqual(
      ['brightness', 'contrast', 'face size', 'pitch', 'roll', 'sharpness', 'yaw'].sort(),
    )
    for (const points of curves.values()) {
      expect(points[0]).toEqual([0, 0.01])
      expect(points.at(-1)![0]).toBe(0.2)
    }
  })

  it('the measure that explains the errors takes them all away once as many are refused', () => {
    const points = curves.get('sharpness')!
    for (const [discarded, fnmr] of points) {
      expect(fnmr).toBeCloseTo(Math.max(0, 0.01 - discarded) / (1 - discarded), 9)
    }
  })

  it('the others take away next to nothing', () => {
    for (const [measure, points] of curves) {
      if (measure !== 'sharpness') expect(points.at(-1)![1]).toBeGreaterThan(0.005)
    }
  })

  it('for angles and brightness the middle is best, for the rest more is', () => {
    const good: Quality = {
      sharpness: 1,
      brightness: 0.5,
      contrast: 1,
      yaw: 0,
      pitch: 0,
      roll: 0,
      faceSize: 300,
    }
    const worse: [string, Partial<Quality>][] = [
      ['yaw', { yaw: -40 }],
      ['pitch', { pitch: 40 }],
      ['roll', { roll: -40 }],
      ['brightness', { brightness: 0.9 }],
      ['brightness', { brightness: 0.1 }],
      ['contrast', { contrast: 0.1 }],
      ['face size', { faceSize: 40 }],
    ]
    for (const [measure, change] of worse) {
      const plain = Array.from({ length: 9 }, () => ({ distance: 0.3, left: good, right: good }))
      const bad = { distance: 0.7, left: { ...good, ...change }, right: good }
      const [points] = discardCurves([...plain, bad], 0.5)
        .filter((curve) => curve.measure === measure)
        .map((curve) => curve.points)
      expect(points[0]).toEqual([0, 0.1])
      expect(points.at(-1)![1]).toBe(0)
    }
  })
})
