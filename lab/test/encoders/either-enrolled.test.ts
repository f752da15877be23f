import { describe, expect, it } from 'vitest'
import { fakeQuality } from '../../../test/support/app/fake-engine.ts'
import type { MeasuredFace } from '../../accuracy/encoded-photos.ts'
import { eitherEnrolled } from '../../encoders/either-enrolled.ts'
import { makePeople } from '../accuracy/fit/made-up-people.ts'

const files = ['sound.jpg', 'blurred.jpg', 'sound-2.jpg', 'blurred-2.jpg']
const faces = makePeople({ lonely: 4, crowd: 0, photosEach: 1, seed: 1 }).map(
  (face, i): MeasuredFace => ({
    ...face,
    file: files[i]!,
    quality: fakeQuality,
    enrollable: i % 2 === 0,
  }),
)

describe('pairs of which either photo may be enrolled', () => {
  it.each([
    ['sound.jpg', 'sound-2.jpg', 'sound.jpg'],
    ['sound.jpg', 'blurred.jpg', 'sound.jpg'],
    ['blurred.jpg', 'sound.jpg', 'sound.jpg'],
    ['blurred.jpg', 'blurred-2.jpg', 'blurred.jpg'],
    ['gone.jpg', 'sound.jpg', 'sound.jpg'],
  ])('%s and %s enroll %s', (left, right, enrolled) => {
    const pair = { fold: 2, left, right, same: true }
    const { pairs } = eitherEnrolled({
      metric: { kind: 'l2' },
      faces,
      pairs: [pair],
      thresholds: [],
    })
    expect(pairs).toHaveLength(1)
    expect(pairs[0]).toMatchObject({ fold: 2, left: enrolled, same: true })
    expect(new Set([pairs[0]!.left, pairs[0]!.right])).toEqual(new Set([left, right]))
  })
})
