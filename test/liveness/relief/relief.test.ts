import { describe, expect, it } from 'vitest'
import type { Point } from '../../../src/image/similarity.ts'
import { meanHead, type SpacePoint } from '../../../src/liveness/frames/mean-head.ts'
import { flatResidual, reliefOf, rigidTurn } from '../../../src/liveness/relief/relief.ts'
import { seenFrom } from '../../support/faces/seen-head.ts'

const ahead = seenFrom(meanHead, 0)
const sine = (degrees: number): number => Math.sin((degrees * Math.PI) / 180)
const right: Point = [1, 0]

/** The head's landmarks on paper, rolled so that the ridge stands in the direction `angle`. */
function onPaper(radius: number, angle: number): SpacePoint[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return meanHead.map(([x, y]) => {
    const [across, along] = [x * cos + y * sin, y * cos - x * sin]
    const [reach, depth] = [radius * Math.sin(across / radius), radius * Math.cos(across / radius)]
    return [reach * cos - along * sin, reach * sin + along * cos, depth]
  })
}

describe('reliefOf', () => {
  it.each([10, 15, 20, 30])(
    'is about the sine of the turn for a head turned by %i degrees',
    (turn) => {
      const relief = reliefOf(ahead, seenFrom(meanHead, turn), right)
      expect(relief).toBeGreaterThan(0.85 * sine(turn))
      expect(relief).toBeLessThan(1.4 * sine(turn))
    },
  )

  it('is as large for a head that looks up, and negative for one that turned the other way', () => {
    expect(reliefOf(ahead, seenFrom(meanHead, 0, 20), [0, -1])).toBeGreaterThan(0.25)
    expect(reliefOf(ahead, seenFrom(meanHead, -20), right)).toBeLessThan(-0.25)
  })

  it.each([0, 0.5, 1, 1.5, 2, 2.5, 3])(
    'is about 0 for paper bent round a cylinder in the direction %f, however it is tilted',
    (angle) => {
      for (const radius of [0.8, 1.2, 2, 4]) {
        const paper = onPaper(radius, angle)
        for (const [yaw, pitch] of [
          [25, 0],
          [-30, 10],
          [15, -20],
        ] as const) {
          const relief = reliefOf(ahead, seenFrom(paper, yaw, pitch), [Math.sign(yaw), 0])
          expect(relief).toBeLessThan(0.12)
        }
      }
    },
  )
})

describe('flatResidual', () => {
  it('is 0 for a flat picture, however it is tilted, and not for a head', () => {
    const flat = meanHead.map(([x, y]): SpacePoint => [x, y, 0])
    expect(flatResidual(seenFrom(flat, 0), seenFrom(flat, 40, 20, 10))).toBeLessThan(1e-4)
    expect(flatResidual(ahead, seenFrom(meanHead, 20))).toBeGreaterThan(0.05)
  })

  it('does not depend on the size of the photo', () => {
    const near = flatResidual(ahead, seenFrom(meanHead, 20, 0, 0, 400))
    expect(near).toBeCloseTo(flatResidual(ahead, seenFrom(meanHead, 20)), 6)
  })
})

describe('rigidTurn', () => {
  it('fits a head that turns without a rest', () => {
    expect(rigidTurn(ahead, seenFrom(meanHead, 25, 5)).misfit).toBeLessThan(1e-6)
  })

  it('sees that a picture tilted far is narrower than a head', () => {
    const flat = meanHead.map(([x, y]): SpacePoint => [x, y, 0])
    expect(rigidTurn(ahead, seenFrom(flat, 0, 45)).area).toBeLessThan(0.75)
  })
})
