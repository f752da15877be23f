/** What names an attempt: all that its decision rests on. What a repetition costs is in test/api/guard. */
import { describe, expect, it } from 'vitest'
import { type AttemptQuestion, attemptIdOf } from '../../../src/api/request/idempotency-key.ts'

const key = '6f1c2b8e-93c4-4f0a-8a57-0f6a3f3b7a51'
const question: AttemptQuestion = {
  photos: [Uint8Array.of(1), Uint8Array.of(2)],
  identity: 'ada',
  keyId: 'shop',
}
const nameOf = (changed: Partial<AttemptQuestion> = {}, sent = key) =>
  attemptIdOf(new Headers({ 'Idempotency-Key': sent }), { ...question, ...changed })

describe('the name of an attempt', () => {
  it('is the same for the same request under the same key', async () => {
    expect(await nameOf()).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await nameOf()).toBe(await nameOf({ photos: [Uint8Array.of(1), Uint8Array.of(2)] }))
  })

  it.each<Partial<AttemptQuestion>>([
    { photos: [Uint8Array.of(1), Uint8Array.of(3)] },
    { photos: [Uint8Array.of(2), Uint8Array.of(1)] },
    { photos: [Uint8Array.of(1)] },
    { identity: 'eve' },
    { keyId: 'door' },
    { fmr: 1e-4 },
    { challenge: 'c' },
    { sessionId: 'c' },
  ])('is another one with %o', async (changed) => {
    expect(await nameOf(changed)).not.toBe(await nameOf())
  })

  it('is another one under another key, and tells a challenge from a session', async () => {
    expect(await nameOf({}, `${key}0`)).not.toBe(await nameOf())
    expect(await nameOf({ challenge: 'c' })).not.toBe(await nameOf({ sessionId: 'c' }))
  })

  it('is absent without a key, and refused for one that is none', async () => {
    expect(await attemptIdOf(new Headers(), question)).toBeUndefined()
    for (const sent of ['too short', 'x'.repeat(15), 'x'.repeat(129), 'sixteen letters ä']) {
      await expect(nameOf({}, sent)).rejects.toMatchObject({
        code: 'invalid_request',
        message: 'Idempotency-Key: expected 16 to 128 visible ASCII characters',
      })
    }
  })
})
