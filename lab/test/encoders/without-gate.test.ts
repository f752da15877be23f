import { expect, it, vi } from 'vitest'
import { fakeQuality } from '../../../test/support/app/fake-engine.ts'
import type { EncodedPhotos, MeasuredFace } from '../../accuracy/encoded-photos.ts'
import { measureWithoutGate } from '../../encoders/without-gate.ts'
import { makePeople } from '../accuracy/fit/made-up-people.ts'

const { everybody } = vi.hoisted(() => ({ everybody: [] as MeasuredFace[] }))
vi.mock('../../accuracy/encoded-photos.ts', () => ({
  encodePhotos: async (photos: readonly { file: string }[], { isGated }: { isGated: boolean }) => {
    expect(isGated).toBe(false)
    const files = new Set(photos.map(({ file }) => file))
    return { model: 'net@1', faces: everybody.filter(({ file }) => files.has(file)), missed: [] }
  },
}))

everybody.push(
  ...makePeople({ lonely: 60, crowd: 0, photosEach: 2, seed: 1 }).map(
    (face, i): MeasuredFace => ({
      ...face,
      file: `${i}.jpg`,
      quality: fakeQuality,
      enrollable: true,
    }),
  ),
)

/** By a gate that lets nobody be enrolled, and refuses every other photo. */
const refused: EncodedPhotos = {
  model: 'net@1',
  faces: everybody.filter((_, i) => i % 2 === 0).map((face) => ({ ...face, enrollable: false })),
  missed: everybody
    .filter((_, i) => i % 2 === 1)
    .map(({ file, person }) => ({ file, person, code: 'face_eyes_covered' })),
}

it('every photo is enrolled and compared without the gate, whatever it says', async () => {
  const sets = [1, 2].map((fold) => ({
    metric: { kind: 'l2' as const },
    faces: refused.faces,
    missed: refused.missed,
    thresholds: [],
    leastError: 10,
    pairs: everybody.flatMap((face, i) => {
      const [left, right] = [face.file, everybody[(i + 1) % everybody.length]!.file]
      return [{ fold, left, right, same: i % 2 === 0 }]
    }),
  }))
  const { accuracy, fnmr } = await measureWithoutGate(refused, sets)
  // At so lax a threshold every pair that can be compared matches: those of one person are right.
  expect(accuracy).toBe(0.5)
  expect(fnmr[0]).toMatchObject({ fmr: 0.01 })
  expect(fnmr[0]!.fnmr).toBeLessThan(1)
})
