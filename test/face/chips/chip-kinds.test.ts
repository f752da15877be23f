import { describe, expect, it } from 'vitest'
import { alignFace } from '../../../src/face/align.ts'
import { chipKindNames, chipKinds, publishedChipKinds } from '../../../src/face/chips/chip-kinds.ts'
import type { Landmarks } from '../../../src/face/landmarks.ts'
import type { Point } from '../../../src/image/similarity.ts'
import { seededRandom } from '../../support/random.ts'

/** A face whose middles of the eyes, tip of the nose and corners of the mouth lie where they are put. */
function faceWith([right, left, nose, mouthRight, mouthLeft]: readonly Point[]): Landmarks {
  const random = seededRandom(3)
  const points = Array.from({ length: 68 }, (): Point => [random() * 100, random() * 100])
  const corners = [
    [-6, 0],
    [-3, -2],
    [3, -2],
    [6, 0],
    [3, 2],
    [-3, 2],
  ] as const
  corners.forEach(([x, y], i) => {
    points[36 + i] = [right![0] + x, right![1] + y]
    points[42 + i] = [left![0] + x, left![1] + y]
  })
  points[30] = nose!
  points[48] = mouthRight!
  points[54] = mouthLeft!
  return points
}

/** Pixels of a chip, as the authors of the networks publish them. */
const published = {
  arcface: [
    112,
    [
      [38.2946, 51.6963],
      [73.5318, 51.5014],
      [56.0252, 71.7366],
      [41.5493, 92.3655],
      [70.7299, 92.2041],
    ],
  ],
  reid: [
    128,
    [
      [0.3156 * 128, 0.4616 * 128],
      [0.6826 * 128, 0.4616 * 128],
      [0.5003 * 128, 0.6405 * 128],
      [0.3495 * 128, 0.8247 * 128],
      [0.6534 * 128, 0.8247 * 128],
    ],
  ],
} as const

describe('the chips of encoders', () => {
  it('dlib leaves a quarter of the size of the face around it, as the network was trained', () => {
    const face = faceWith(published.reid[1])
    expect(chipKinds.dlib(face, 150)).toEqual(alignFace(face, 150, 0.25))
  })

  it.each(['arcface', 'reid'] as const)(
    '%s takes a face that lies as published as it is',
    (kind) => {
      const [size, points] = published[kind]
      const square = chipKinds[kind](faceWith(points), size)
      expect(square.a).toBeCloseTo(1, 6)
      expect(square.b).toBeCloseTo(0, 6)
      expect(square.x0).toBeCloseTo(0, 4)
      expect(square.y0).toBeCloseTo(0, 4)
    },
  )

  it('reidWide takes 1.07 times as much as reid, and 0.01 of the side lower', () => {
    const face = faceWith(published.reid[1])
    const { a, b, x0, y0 } = chipKinds.reidWide(face, 128)
    expect(a).toBeCloseTo(1.07, 6)
    expect(b).toBeCloseTo(0, 6)
    // The middle of the chip lies in the middle of the published one, but for the shift.
    expect(64 * a + x0).toBeCloseTo(64, 4)
    expect(64 * a + y0).toBeCloseTo(64 + 1.28, 4)
  })

  it('that publishers name are offered for networks of somebody’s own, and no others', () => {
    expect(publishedChipKinds).toEqual(['dlib', 'openface', 'arcface', 'reid'])
  })

  it.each(chipKindNames)(
    '%s follows a face that is moved, and one that is twice as large',
    (kind) => {
      const face = faceWith(published.arcface[1])
      const moved = face.map(([x, y]): Point => [2 * x + 30, 2 * y - 7])
      const [before, after] = [chipKinds[kind](face, 100), chipKinds[kind](moved, 100)]
      expect(after.a).toBeCloseTo(2 * before.a, 6)
      expect(after.b).toBeCloseTo(2 * before.b, 6)
      expect(after.x0).toBeCloseTo(2 * before.x0 + 30, 4)
      expect(after.y0).toBeCloseTo(2 * before.y0 - 7, 4)
    },
  )
})
