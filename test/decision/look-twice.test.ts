import { describe, expect, it, vi } from 'vitest'
import { nearerLook, nearerPair, type SeenFace } from '../../src/decision/look-twice.ts'

const threshold = { threshold: 0.5 }
const distanceTo = (encoding: Float32Array): number => encoding[0]!

/** Of looks at these distances; Float32Array keeps these exactly. */
function seenAt(first: number, second?: number) {
  const lookAgain = vi.fn(() => Float32Array.of(second!))
  const face: SeenFace = {
    encoding: Float32Array.of(first),
    ...(second !== undefined && { lookAgain }),
  }
  return { face, lookAgain }
}

describe('nearerLook', () => {
  it.each([0, 0.25, 0.5])('at a distance of %d looks once', (distance) => {
    const { face, lookAgain } = seenAt(distance, 0.125)
    expect(nearerLook(face, distanceTo, threshold)).toEqual({ encoding: face.encoding, distance })
    expect(lookAgain).not.toHaveBeenCalled()
  })

  it('takes the second look where it is nearer, whether or not it matches', () => {
    for (const second of [0.25, 0.625]) {
      const { face, lookAgain } = seenAt(0.75, second)
      expect(nearerLook(face, distanceTo, threshold)).toEqual({
        encoding: Float32Array.of(second),
        distance: second,
      })
      expect(lookAgain).toHaveBeenCalledOnce()
    }
  })

  it('stays with the first look where the second is farther away, or cannot be measured', () => {
    for (const second of [0.875, Number.NaN]) {
      const { face } = seenAt(0.75, second)
      expect(nearerLook(face, distanceTo, threshold).distance).toBe(0.75)
    }
  })

  it('looks however far away the face is, so that the time tells nothing of the distance', () => {
    const { face, lookAgain } = seenAt(1e6, 2e6)
    nearerLook(face, distanceTo, threshold)
    expect(lookAgain).toHaveBeenCalledOnce()
  })

  it('takes a distance that cannot be measured for none, whatever a second look would say', () => {
    const { face } = seenAt(Number.NaN, 0.25)
    expect(nearerLook(face, distanceTo, threshold).distance).toBeNaN()
  })

  it('has one look where there is no second', () => {
    expect(nearerLook(seenAt(0.75).face, distanceTo, threshold).distance).toBe(0.75)
  })
})

describe('nearerPair', () => {
  const between = (left: Float32Array, right: Float32Array): number =>
    Math.abs(left[0]! - right[0]!)

  it('looks at both again or at neither, in either order alike', () => {
    const [ada, bea] = [seenAt(0, 0.125), seenAt(0.75, 0.5)]
    expect(nearerPair(ada.face, bea.face, between, threshold)).toBe(0.375)
    expect(nearerPair(bea.face, ada.face, between, threshold)).toBe(0.375)
    const near = [seenAt(0, 0.125), seenAt(0.25, 0.5)] as const
    expect(nearerPair(near[0].face, near[1].face, between, threshold)).toBe(0.25)
    for (const { lookAgain } of near) expect(lookAgain).not.toHaveBeenCalled()
    expect(nearerPair(ada.face, seenAt(0.75).face, between, threshold)).toBe(0.75)
  })
})
