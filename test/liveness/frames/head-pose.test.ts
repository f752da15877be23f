import { describe, expect, it } from 'vitest'
import type { FacePoints } from '../../../src/face/detect.ts'
import type { Point } from '../../../src/image/similarity.ts'
import { headPoseOf } from '../../../src/liveness/frames/head-pose.ts'
import {
  meanFacePoints,
  meanHead,
  type SpacePoint,
} from '../../../src/liveness/frames/mean-head.ts'
import { seenFrom } from '../../support/faces/seen-head.ts'

const look = (yaw: number, pitch: number, roll: number, size = 100) => {
  const seen = (points: readonly SpacePoint[]): Point[] => seenFrom(points, yaw, pitch, roll, size)
  return headPoseOf({
    landmarks: seen(meanHead),
    points: seen(meanFacePoints) as unknown as FacePoints,
  })
}

describe('headPoseOf', () => {
  it.each([
    [0, 0, 0],
    [20, 0, 0],
    [-35, 0, 0],
    [0, 18, 0],
    [0, -25, 0],
    [12, -9, 30],
    [-22, 14, -75],
  ])('finds the mean head turned by yaw %i, pitch %i, roll %i again', (yaw, pitch, roll) => {
    const pose = look(yaw, pitch, roll)
    expect(pose.yaw).toBeCloseTo(yaw, 5)
    expect(pose.pitch).toBeCloseTo(pitch, 5)
    expect(pose.roll).toBeCloseTo(roll, 5)
    expect(pose.size).toBeCloseTo(100, 5)
  })

  it('says how large the face is whichever way it looks', () => {
    expect(look(30, 10, 5, 250).size).toBeCloseTo(250, 5)
  })

  it('is NaN for points that are none', () => {
    const nowhere = Array.from({ length: 68 }, (): Point => [Number.NaN, 0])
    const { yaw, size } = headPoseOf({
      landmarks: nowhere,
      points: nowhere.slice(0, 6) as unknown as FacePoints,
    })
    expect([yaw, size]).toEqual([Number.NaN, Number.NaN])
  })
})
