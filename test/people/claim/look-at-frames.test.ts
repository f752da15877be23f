/** How the photos of poses are looked at, one by one; what they are judged by is in test/api/endpoints/poses.worker.test.ts. */
import { describe, expect, it } from 'vitest'
import { openSession } from '../../../src/guard/session.ts'
import { sha256, toHex } from '../../../src/network/shards.ts'
import {
  type JudgedPoses,
  judgePoses,
  lookAtFrames,
  meanOfPoses,
} from '../../../src/people/claim/look-at-frames.ts'
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

describe('judgePoses', () => {
  const asked = ['ahead', 'left', 'up'] as const
  const posed = asked.map((pose) => new TextEncoder().encode(`face ada 0 1 ${pose}`))
  const hashOf = async (photo: Uint8Array) => toHex(await sha256(photo))
  const limits = { metric: { kind: 'l2' as const }, each: 1, mean: 1 }

  async function judged(announced: readonly Uint8Array[]): Promise<JudgedPoses> {
    const poses = {
      asked,
      expiresMs: 1,
      isUsed: true,
      announced: await Promise.all(announced.map(hashOf)),
    }
    const session = {
      ...openSession({ id: 'p', audience: 'app', tries: 1, expiresMs: 1, liveness: 'active' }),
      poses,
    }
    const ticket = { round: 0, lockedUntilMs: 0, failures: 1, misses: 1, hourStartMs: 0 }
    const taken = await lookAtFrames(createFakeEngine(), posed, false)
    const admitted = { kind: 'admitted' as const, version: 1, ticket, session, seen: [] }
    return await judgePoses({ photos: posed, taken }, admitted, limits)
  }

  it('takes the photos that were announced, each for its own pose', async () => {
    const [ahead, left, up] = posed
    expect((await judged([ahead!, left!, up!])).reason).not.toBe('other_photo')
    for (const others of [
      [ahead!, up!, left!],
      [left!, ahead!, up!],
      [ahead!, left!, left!],
    ]) {
      const { reason, prints } = await judged(others)
      expect(reason).toBe('other_photo')
      expect(prints).toHaveLength(3)
    }
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
