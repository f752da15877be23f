/** How the photos of poses are looked at, one by one; what they are judged by is in test/api/endpoints/poses.worker.test.ts. */
import { describe, expect, it } from 'vitest'
import { lookAtFrames, meanOfPoses } from '../../../src/people/claim/look-at-frames.ts'
import {
  createFakeEngine,
  fakeEncoding,
  fakeLiveness,
  fakeModel,
} from '../../support/app/fake-engine.ts'

const photos = ['0', '0.1', '0.2'].map((apart) => new TextEncoder().encode(`face ada ${apart}`))

describe('lookAtFrames', () => {
  it('scores the first photo alone, and looks for each face where the one before was', async () => {
    const engine = createFakeEngine(fakeModel, fakeLiveness)
    const taken = await lookAtFrames(engine, photos, true)
    expect(taken).toHaveLength(3)
    expect(engine.encoded.map(({ liveness = false }) => liveness)).toEqual([true, false, false])
    const before = engine.encoded.map(({ frame }) => frame?.before)
    expect(before).toEqual([undefined, taken[0]!.face, taken[1]!.face])
    expect(engine.encoded.every(({ purpose }) => purpose === 'probe')).toBe(true)
  })

  it('names the photo that is refused', async () => {
    const second = [photos[0]!, new TextEncoder().encode('no_face'), photos[2]!]
    await expect(lookAtFrames(createFakeEngine(), second, false)).rejects.toMatchObject({
      code: 'no_face',
      message: expect.stringMatching(/^photo 2 of 3: /),
    })
  })

  it('looks at none of more photos than there are poses', async () => {
    const engine = createFakeEngine()
    await expect(lookAtFrames(engine, [...photos, ...photos], false)).rejects.toMatchObject({
      code: 'invalid_request',
      message: '6 photos were sent, expected 4 at most.',
    })
    expect(engine.encoded).toEqual([])
  })
})

describe('meanOfPoses', () => {
  it('leaves out the nearer photo, which is as good as a copy of the first', () => {
    const [ahead, left, nearer] = [0, 0.2, 0.9].map((apart) => fakeEncoding('ada', apart))
    const mean = meanOfPoses(['ahead', 'left', 'nearer'], [ahead!, left!, nearer!])
    expect(mean).toEqual(meanOfPoses(['ahead', 'left'], [ahead!, left!]))
    expect(mean).not.toEqual(ahead)
  })
})
