import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AskedPose,
  askedPoses,
  drawBytes,
  drawPoses,
  poseFaultOf,
} from '../../src/liveness/asked-poses.ts'
import type { HeadPose } from '../../src/liveness/frames/head-pose.ts'

const pose = (yaw: number, pitch = 0, size = 100): HeadPose => ({ yaw, pitch, roll: 0, size })

describe('drawPoses', () => {
  const random = fc.uint8Array({ minLength: drawBytes, maxLength: drawBytes })

  it('begins ahead, asks for two or three others, each once, for two turns and one to the side', () => {
    fc.assert(
      fc.property(random, (bytes) => {
        const [first, ...others] = drawPoses(bytes)
        expect(first).toBe('ahead')
        expect([2, 3]).toContain(others.length)
        expect(new Set(others).size).toBe(others.length)
        expect(others).not.toContain('ahead')
        expect(others.filter((asked) => asked !== 'nearer').length).toBeGreaterThanOrEqual(2)
        expect(others.some((asked) => asked === 'left' || asked === 'right')).toBe(true)
      }),
    )
  })

  it('draws each pose, and many sequences', () => {
    const drawn = Array.from({ length: 2000 }, () =>
      drawPoses(crypto.getRandomValues(new Uint8Array(drawBytes))),
    )
    expect(new Set(drawn.flat())).toEqual(new Set(askedPoses))
    expect(new Set(drawn.map((sequence) => sequence.join(' '))).size).toBeGreaterThan(40)
  })
})

describe('poseFaultOf', () => {
  it.each<[AskedPose, HeadPose, string | null]>([
    ['ahead', pose(0), null],
    ['ahead', pose(13), 'not_ahead'],
    ['left', pose(20), null],
    ['left', pose(9), 'too_little'],
    ['left', pose(-20), 'too_little'],
    ['left', pose(40), 'too_much'],
    ['left', pose(20, 14), 'too_much'],
    ['right', pose(-20), null],
    ['right', pose(20), 'too_little'],
    ['up', pose(0, 15), null],
    ['up', pose(0, -15), 'too_little'],
    ['down', pose(0, -15), null],
    ['down', pose(0, -33), 'too_much'],
    ['nearer', pose(0, 0, 140), null],
    ['nearer', pose(0, 0, 110), 'too_little'],
    ['nearer', pose(0, 0, 300), 'too_much'],
    ['nearer', pose(20, 0, 140), 'not_ahead'],
  ])('asked for %s, %o is %s', (asked, shown, fault) => {
    expect(poseFaultOf(asked, pose(0), shown)).toBe(fault)
  })

  it('counts from the first frame on, for a camera that is held low', () => {
    expect(poseFaultOf('up', pose(3, 12), pose(3, 26))).toBeNull()
    expect(poseFaultOf('up', pose(3, 12), pose(3, 18))).toBe('too_little')
  })

  it('takes a pose that is no number for none', () => {
    expect(poseFaultOf('ahead', pose(0), pose(Number.NaN))).toBe('not_ahead')
    expect(poseFaultOf('left', pose(0), pose(Number.NaN))).toBe('too_little')
  })
})
