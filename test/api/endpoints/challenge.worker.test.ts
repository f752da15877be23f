import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { digestChallenge, maxOutstanding } from '../../../src/guard/challenge.ts'
import { createFakeEngine } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { guardOf } from '../../support/app/stored-people.ts'
import {
  appKey,
  base64,
  createTestApp,
  enroll,
  form,
  json,
  photo,
  raw,
} from '../../support/app/test-app.ts'

beforeEach(() => resetStore())

interface Challenge {
  challenge: string
  identity: string
  expiresAt: string
  requestId: string
}

const startMs = Date.UTC(2026, 10, 24)
const required = { ...env, REQUIRE_CHALLENGE: 'true' }

/** An app with a clock of its own, in which younes and amy are enrolled. */
async function start(bindings: object = env) {
  let nowMs = startMs
  const engine = createFakeEngine()
  const { send } = createTestApp({ loadEngine: async () => engine, now: () => new Date(nowMs) })
  await enroll(send, 'younes')
  await enroll(send, 'amy')
  engine.encoded.length = 0
  async function ask(identity = 'younes'): Promise<string> {
    const response = await send('/challenge', json({ identity }), bindings)
    expect(response.status).toBe(200)
    return (await response.json<Challenge>()).challenge
  }
  const verify = async (challenge?: string, text = 'face younes 0', identity = 'younes') =>
    await send('/verify', json({ identity, image: base64(text), challenge }), bindings)
  const wait = (ms: number) => {
    nowMs += ms
  }
  return { send, ask, verify, wait, engine }
}

async function expectDecision(response: Response, decision: string) {
  expect(await response.json()).toMatchObject({ decision })
}

describe('POST /challenge', () => {
  it('gives a token of 256 bits for one identity, and keeps only its hash', async () => {
    const { send } = await start()
    const response = await send('/challenge', json({ identity: 'younes' }))
    const answer = await response.json<Challenge>()
    expect(answer).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      identity: 'younes',
      expiresAt: new Date(startMs + 60_000).toISOString(),
      requestId: response.headers.get('x-request-id'),
    })
    const guard = await guardOf('younes')
    expect(guard?.challenges).toEqual([
      {
        digest: await digestChallenge(answer.challenge),
        expiresMs: startMs + 60_000,
        keyId: expect.stringMatching(/^[0-9a-f]{8}$/),
      },
    ])
    expect(JSON.stringify(guard)).not.toContain(answer.challenge)
  })

  it('gives another one each time, and keeps a bounded number', async () => {
    const { ask, verify } = await start()
    const tokens: string[] = []
    for (let i = 0; i <= maxOutstanding; i++) tokens.push(await ask())
    expect(new Set(tokens).size).toBe(maxOutstanding + 1)
    expect((await guardOf('younes'))?.challenges).toHaveLength(maxOutstanding)
    await expectProblem(await verify(tokens[0]), 'challenge_invalid')
    await expectDecision(await verify(tokens[1]), 'match')
    await expectDecision(await verify(tokens.at(-1)), 'match')
  })

  it('gives none for nobody, and stores nothing', async () => {
    const { send } = await start()
    const response = await send('/challenge', json({ identity: 'nobody' }))
    await expectProblem(response, 'identity_not_found')
    expect(await guardOf('nobody')).toBeUndefined()
  })

  it.each([
    [{}, 'identity'],
    [{ identity: 'no id' }, 'identity'],
    [{ identity: 'younes', seconds: 5 }, 'seconds'],
  ])('refuses %j', async (body, field) => {
    const { send } = await start()
    const detail = await expectProblem(await send('/challenge', json(body)), 'invalid_request')
    expect(detail).toContain(`"${field}"`)
  })
})

describe('a challenge', () => {
  it('is spent by one /verify, whose receipt repeats it', async () => {
    const { ask, verify } = await start()
    const challenge = await ask()
    const { receipt } = await (await verify(challenge)).json<{ receipt: string }>()
    expect(decodeJwt(receipt)).toMatchObject({ sub: 'younes', decision: 'match', challenge })
    await expectProblem(await verify(challenge), 'challenge_invalid')
  })

  it.each([['form'], ['raw body']])('comes in a %s too', async (way) => {
    const { ask, send } = await start()
    const challenge = await ask()
    const text = 'face younes 0'
    const fields = [
      ['identity', 'younes'],
      ['challenge', challenge],
    ] as const
    const response =
      way === 'form'
        ? await send('/verify', form([...fields, ['image', photo(text)]]))
        : await send(`/verify?identity=younes&challenge=${challenge}`, raw(text))
    await expectDecision(response, 'match')
    await expectProblem(
      await send('/verify', form([...fields, ['image', photo(text)]])),
      'challenge_invalid',
    )
  })

  it('is spent once by two who come at the same moment', async () => {
    const { ask, verify } = await start()
    for (let round = 0; round < 5; round++) {
      const challenge = await ask()
      const responses = await Promise.all([verify(challenge), verify(challenge), verify(challenge)])
      const statuses = responses.map(({ status }) => status).sort()
      expect(statuses).toEqual([200, 401, 401])
    }
  })

  it('is over after 60 s', async () => {
    const { ask, verify, wait } = await start()
    const [early, late] = [await ask(), await ask()]
    wait(59_999)
    await expectDecision(await verify(early), 'match')
    wait(1)
    await expectProblem(await verify(late), 'challenge_invalid')
  })

  it('lasts as long as the var says', async () => {
    const { ask, verify, wait } = await start({ ...env, CHALLENGE_SECONDS: '5' })
    const [early, late] = [await ask(), await ask()]
    wait(4999)
    await expectDecision(await verify(early), 'match')
    wait(1)
    await expectProblem(await verify(late), 'challenge_invalid')
  })

  it('of one person is none of another, and is still good for the first', async () => {
    const { ask, verify } = await start()
    const challenge = await ask('amy')
    await expectProblem(await verify(challenge), 'challenge_invalid')
    await expectDecision(await verify(challenge, 'face amy 0', 'amy'), 'match')
  })

  it('that is spent, or none, is refused before the photo is looked at, and is no attempt', async () => {
    const { verify, engine } = await start()
    for (let i = 0; i < 10; i++) await expectProblem(await verify('made-up'), 'challenge_invalid')
    expect(engine.encoded).toEqual([])
    expect((await guardOf('younes'))?.attempts.failures ?? 0).toBe(0)
  })

  it('is spent by a photo that does not match or cannot be used', async () => {
    const { ask, verify } = await start()
    for (const text of ['face stranger 0', 'no_face']) {
      const challenge = await ask()
      await verify(challenge, text)
      await expectProblem(await verify(challenge), 'challenge_invalid')
    }
  })

  it('is not spent while the person is locked', async () => {
    const { ask, verify, wait } = await start({ ...env, CHALLENGE_SECONDS: 120 })
    const challenge = await ask()
    for (let i = 0; i < 5; i++) await verify(undefined, 'face stranger 0')
    await expectProblem(await verify(challenge), 'locked_out')
    wait(30_000)
    await expectDecision(await verify(challenge), 'match')
  })

  it('outlives an enrollment anew, and not a deletion', async () => {
    const { ask, verify, send } = await start()
    const [before, after] = [await ask(), await ask()]
    await enroll(send, 'younes', ['face younes 0.1'])
    await expectDecision(await verify(before), 'match')
    await send('/admin/identities/younes', {
      method: 'DELETE',
      headers: { Authorization: 'Bearer test-admin-key' },
    })
    await enroll(send, 'younes')
    await expectProblem(await verify(after), 'challenge_invalid')
  })

  it.each(['', 'with a blank', 'x'.repeat(257), 5, null])('%j is invalid_request', async (sent) => {
    const { send } = await start()
    const request = json({ identity: 'younes', image: base64('face younes 0'), challenge: sent })
    expect(await expectProblem(await send('/verify', request), 'invalid_request')).toContain(
      '"challenge"',
    )
  })
})

describe('REQUIRE_CHALLENGE', () => {
  it('refuses a /verify without one, before anything else', async () => {
    const { verify, ask, engine } = await start(required)
    const response = await verify()
    expect(await expectProblem(response, 'challenge_invalid')).toContain('POST /challenge')
    expect(engine.encoded).toEqual([])
    await expectDecision(await verify(await ask()), 'match')
  })

  it('is off unless it is set', async () => {
    const { verify } = await start({ ...env, REQUIRE_CHALLENGE: 'false' })
    await expectDecision(await verify(), 'match')
  })

  it('asks for nothing elsewhere', async () => {
    const { send } = await start(required)
    const image = base64('face younes 0')
    expect((await send('/compare', json({ left: image, right: image }, appKey), required)).ok).toBe(
      true,
    )
    expect((await send('/recognize', json({ image }, appKey), required)).ok).toBe(true)
  })
})
