import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { maxGivenBack } from '../../../src/guard/attempts.ts'
import { keptAfterMs, maxSessions } from '../../../src/guard/session.ts'
import type { SessionObject } from '../../../src/identity/objects/session-object.ts'
import { placeOfSession } from '../../../src/identity/session-token.ts'
import { maxPhotoBytes } from '../../../src/image/limits.ts'
import { createFakeEngine } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { guardOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  form,
  get,
  json,
  photo,
  raw,
} from '../../support/app/test-app.ts'

beforeEach(() => resetStore())

const startMs = Date.UTC(2026, 10, 28)
const right = 'face younes 0.1'
const wrong = 'face stranger 0'

interface Opened {
  session: string
  token: string
  identity?: string
  tries: number
  expiresAt: string
}
interface Read {
  session: string
  status: string
  decision?: string
  identity?: string
  triesLeft: number
  receipt?: string
  attempts: { at: string; requestId: string; decision?: string; code?: string }[]
}

/** An app with a clock of its own, in which younes and amy are enrolled. */
async function start(bindings: object = env) {
  let nowMs = startMs
  const fake = createFakeEngine()
  const meanwhile: { act?: () => Promise<void> } = {}
  const engine: typeof fake = {
    ...fake,
    async encode(...given) {
      const encoded = await fake.encode(...given)
      await meanwhile.act?.()
      return encoded
    },
  }
  const { send: sendTo } = createTestApp({
    loadEngine: async () => engine,
    now: () => new Date(nowMs),
  })
  const send = (path: string, init: RequestInit, other: object = bindings) =>
    sendTo(path, init, other)
  await enroll(send, 'younes')
  await enroll(send, 'amy')
  engine.encoded.length = 0
  async function open(fields: object = { identity: 'younes' }, key?: string): Promise<Opened> {
    const response = await send('/sessions', json(fields, key))
    expect(response.status).toBe(201)
    return await response.json<Opened>()
  }
  const tryWith = async (token: string, text = right, path = '/verify', fields: object = {}) =>
    await send(path, json({ image: base64(text), ...fields }, token))
  async function read(session: string, key?: string): Promise<Read> {
    const response = await send(`/sessions/${session}`, get(key ?? 'test-app-key'))
    expect(response.status).toBe(200)
    return await response.json<Read>()
  }
  const revoke = async (session: string, key = 'test-app-key') =>
    await send(`/sessions/${session}`, { method: 'DELETE', headers: bearer(key) })
  const wait = (ms: number) => {
    nowMs += ms
  }
  return { send, open, tryWith, read, revoke, wait, engine, meanwhile }
}

async function expectDecision(response: Response, decision: string) {
  expect(await response.clone().json()).toMatchObject({ decision })
  expect(response.status).toBe(200)
}

describe('POST /sessions', () => {
  it('gives a token for the phone and an id for the backend', async () => {
    const { send } = await start()
    const fields = { identity: 'younes', purpose: 'unlock', fmr: 0.001, device: 'phone-1' }
    const response = await send('/sessions', json({ ...fields, tries: 2, seconds: 60 }))
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({
      session: expect.stringMatching(/^p[\w-]{64}$/),
      token: expect.stringMatching(/^session\.1\.test\.[\w+/=]+$/),
      identity: 'younes',
      purpose: 'unlock',
      fmr: 0.001,
      tries: 2,
      expiresAt: new Date(startMs + 60_000).toISOString(),
      requestId: response.headers.get('x-request-id'),
    })
  })

  it('has three tries and three minutes unless it is asked otherwise', async () => {
    const { open } = await start()
    const { tries, expiresAt } = await open()
    expect(tries).toBe(3)
    expect(Date.parse(expiresAt)).toBe(startMs + 180_000)
  })

  it('tells in the token neither who it is for nor which session it is', async () => {
    const { open } = await start()
    const { token, session } = await open({ identity: 'younes', device: 'phone-1' })
    const readable = atob(token.split('.')[3]!)
    for (const text of ['younes', 'phone-1', session]) expect(readable).not.toContain(text)
  })

  it('keeps a pseudonym of the device with a person, and nothing of it without', async () => {
    const { open } = await start()
    const device = 'phone-1'
    const ofPerson = await open({ identity: 'younes', device })
    const kept = await runInDurableObject(env.PERSON.getByName('younes'), (_, { storage }) =>
      storage.kv.get(`session:${ofPerson.session}`),
    )
    expect(kept).toMatchObject({ device: expect.stringMatching(/^[0-9a-f]{32}$/) })
    const ofAnybody = await open({ device })
    const objects: DurableObjectNamespace<SessionObject> = Reflect.get(env, 'SESSION')
    const { objectId } = placeOfSession(ofAnybody.session)!
    const other = await runInDurableObject(
      objects.get(objects.idFromString(objectId)),
      (_, { storage }) => storage.kv.get(`session:${ofAnybody.session}`),
    )
    expect(other).toMatchObject({ id: ofAnybody.session })
    expect(other).not.toHaveProperty('device')
  })

  it('refuses whoever is not enrolled, and stores nothing for them', async () => {
    const { send } = await start()
    const response = await send('/sessions', json({ identity: 'nobody' }))
    await expectProblem(response, 'identity_not_found')
    const kept = await runInDurableObject(env.PERSON.getByName('nobody'), (_, { storage }) => [
      ...storage.kv.list(),
    ])
    expect(kept).toEqual([])
  })

  it.each([
    [{ identity: 'no id' }, 'identity'],
    [{ identity: 'younes', tries: 0 }, 'tries'],
    [{ identity: 'younes', tries: 11 }, 'tries'],
    [{ identity: 'younes', tries: 1.5 }, 'tries'],
    [{ identity: 'younes', seconds: 601 }, 'seconds'],
    [{ identity: 'younes', seconds: 0 }, 'seconds'],
    [{ identity: 'younes', purpose: 'with a blank' }, 'purpose'],
    [{ identity: 'younes', threshold: 0.9 }, 'threshold'],
    [{ identity: 'younes', fmr: 0.01 }, 'fmr'],
    [{ identity: 'younes', fmr: 0.002 }, 'fmr'],
  ])('refuses %j', async (fields, field) => {
    const { send } = await start()
    const detail = await expectProblem(await send('/sessions', json(fields)), 'invalid_request')
    expect(detail).toContain(`"${field}"`)
  })

  it('keeps a bounded number for one person and key: the next to expire makes room', async () => {
    const { open, tryWith } = await start()
    const opened: Opened[] = []
    for (let i = 0; i <= maxSessions; i++) {
      opened.push(await open({ identity: 'younes', seconds: 100 + i }))
    }
    await expectProblem(await tryWith(opened[0]!.token), 'session_over')
    await expectDecision(await tryWith(opened[1]!.token), 'match')
  })

  it('ends none of another key, however many are opened', async () => {
    const { open, tryWith } = await start()
    const { token } = await open()
    for (let i = 0; i < 2 * maxSessions; i++) {
      await open({ identity: 'younes', seconds: 600 }, 'second-app-key')
    }
    await expectDecision(await tryWith(token), 'match')
  })

  it('ends none that somebody uses or has matched, while others are only opened', async () => {
    const { open, tryWith, read } = await start()
    const [matched, used] = [await open(), await open({ identity: 'younes', tries: 2 })]
    await expectDecision(await tryWith(matched.token), 'match')
    await expectDecision(await tryWith(used.token, wrong), 'no_match')
    for (let i = 0; i < 2 * maxSessions; i++) await open({ identity: 'younes', seconds: 600 })
    expect(await read(matched.session)).toMatchObject({ status: 'matched', decision: 'match' })
    await expectDecision(await tryWith(used.token), 'match')
  })

  it('counts a photo that was not compared as no use', async () => {
    const { open, tryWith } = await start()
    const blurred = await open({ identity: 'younes', seconds: 100 })
    await expectProblem(await tryWith(blurred.token, 'no_face'), 'no_face')
    for (let i = 0; i < maxSessions; i++) await open({ identity: 'younes', seconds: 600 })
    await expectProblem(await tryWith(blurred.token), 'session_over')
  })

  it('ends those that are over first', async () => {
    const { open, tryWith, read } = await start()
    const over = await open({ identity: 'younes', tries: 1, seconds: 600 })
    await expectDecision(await tryWith(over.token, wrong), 'no_match')
    const waiting: Opened[] = []
    for (let i = 0; i < maxSessions; i++) waiting.push(await open())
    for (const { session } of waiting) expect((await read(session)).status).toBe('open')
  })
})

describe('a token', () => {
  it.each([['form'], ['raw body'], ['json']])('verifies with a photo in a %s', async (way) => {
    const { open, send, tryWith } = await start()
    const { token } = await open()
    const response =
      way === 'form'
        ? await send('/verify', form([['image', photo(right)]], token))
        : way === 'json'
          ? await tryWith(token)
          : await send('/verify', raw(right, token))
    await expectDecision(response, 'match')
  })

  it('tells a phone the decision and no score, whatever backends are told', async () => {
    const { open, tryWith } = await start({ ...env, DETAIL: 'scores' })
    for (const [text, decision] of [
      [wrong, 'no_match'],
      [right, 'match'],
    ] as const) {
      const { token } = await open()
      const answer = await (await tryWith(token, text)).json<Record<string, unknown>>()
      expect(answer).toMatchObject({ decision, identity: 'younes', triesLeft: 2 })
      for (const score of ['distance', 'threshold', 'livenessScore']) {
        expect(answer).not.toHaveProperty(score)
      }
    }
  })

  it('of one that an administrator opened tells no score either', async () => {
    const { open, tryWith } = await start()
    const { token } = await open({ identity: 'younes' }, adminKey)
    expect(await (await tryWith(token)).json()).not.toHaveProperty('distance')
  })

  it('matches once: the session is over then', async () => {
    const { open, tryWith, read } = await start()
    const { token, session } = await open()
    await expectDecision(await tryWith(token), 'match')
    await expectProblem(await tryWith(token), 'session_over')
    expect(await read(session)).toMatchObject({ status: 'matched', triesLeft: 2 })
  })

  it.each(['identity', 'fmr', 'challenge', 'device'])(
    'takes no field %s beside it',
    async (field) => {
      const { open, tryWith, read } = await start()
      const { token, session } = await open()
      const values = { identity: 'amy', fmr: 0.001, challenge: 'x', device: 'other' }
      const fields = Object.fromEntries(Object.entries(values).filter(([name]) => name === field))
      const detail = await expectProblem(
        await tryWith(token, right, '/verify', fields),
        'invalid_request',
      )
      expect(detail).toContain(`"${field}"`)
      expect(await read(session)).toMatchObject({ status: 'open', triesLeft: 3 })
    },
  )

  it('is for its own person: no photo of somebody else enrolled matches', async () => {
    const { open, tryWith } = await start()
    const { token } = await open({ identity: 'younes' })
    await expectDecision(await tryWith(token, 'face amy 0'), 'no_match')
  })

  it.each([
    ['POST', '/recognize'],
    ['POST', '/compare'],
    ['POST', '/detect'],
    ['POST', '/encode'],
    ['POST', '/challenge'],
    ['POST', '/sessions'],
    ['GET', '/sessions/SESSION'],
    ['DELETE', '/sessions/SESSION'],
    ['GET', '/admin/identities'],
    ['GET', '/admin/identities/younes'],
    ['PUT', '/admin/identities/younes'],
    ['DELETE', '/admin/identities/younes'],
    ['POST', '/admin/identities/younes/unlock'],
    ['GET', '/admin/export'],
    ['POST', '/admin/import'],
  ])('is forbidden for %s %s', async (method, path) => {
    const { open, send, read } = await start()
    const { token, session } = await open()
    const body = method === 'GET' ? {} : { body: JSON.stringify({ image: base64(right) }) }
    const headers = { ...bearer(token), 'Content-Type': 'application/json' }
    const response = await send(path.replace('SESSION', session), { method, headers, ...body })
    expect(await expectProblem(response, 'forbidden')).toContain('POST /verify')
    expect(await read(session)).toMatchObject({ status: 'open', triesLeft: 3 })
  })

  it('that was changed in one character is no key', async () => {
    const { open, tryWith } = await start()
    const { token } = await open()
    const at = token.length - 8
    const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
    await expectProblem(await tryWith(changed), 'unauthorized')
    await expectProblem(await tryWith(`${token}=`), 'unauthorized')
    await expectProblem(await tryWith(token.replace('session.', '')), 'unauthorized')
  })

  it('of another deployment, with other keys, is no key', async () => {
    const { open, send } = await start()
    const { token } = await open()
    const other = { ...env, TEMPLATE_KEYS: `test:${btoa('another key of 32 bytes for test')}` }
    const request = json({ image: base64(right) }, token)
    await expectProblem(await send('/verify', request, other), 'unauthorized')
  })

  it('opens still when the keys that encrypt were changed, and the old one is kept', async () => {
    const bindings = { ...env, APP_KEY: 'shop:test-app-key' }
    const { open, send } = await start(bindings)
    const { token } = await open()
    const templateKeys = `new:${btoa('n'.repeat(32))},${env.TEMPLATE_KEYS}`
    const request = json({ image: base64(right) }, token)
    const response = await send('/verify', request, { ...bindings, TEMPLATE_KEYS: templateKeys })
    await expectDecision(response, 'match')
  })

  it('ends with the key that opened it', async () => {
    const { open, send } = await start({ ...env, APP_KEY: 'shop:test-app-key' })
    const { token } = await open()
    const withdrawn = { ...env, APP_KEY: 'gate:test-app-key-two' }
    const request = json({ image: base64(right) }, token)
    await expectProblem(await send('/verify', request, withdrawn), 'session_over')
  })

  it('stands for a challenge where one is required', async () => {
    const { open, tryWith, send } = await start({ ...env, REQUIRE_CHALLENGE: 'true' })
    const { token } = await open()
    await expectDecision(await tryWith(token), 'match')
    const request = json({ identity: 'younes', image: base64(right) })
    await expectProblem(await send('/verify', request), 'challenge_invalid')
  })
})

describe('the tries of a session', () => {
  it('are spent exactly by 50 photos at once', async () => {
    const { open, tryWith, read, engine } = await start()
    const { token, session } = await open({ identity: 'younes', tries: 3 })
    const responses = await Promise.all(Array.from({ length: 50 }, () => tryWith(token, wrong)))
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(3)
    const refused = responses.filter(({ status }) => status !== 200)
    const codes = await Promise.all(
      refused.map(async (one) => (await one.json<{ code: string }>()).code),
    )
    expect(new Set(codes)).toEqual(new Set(['session_over']))
    expect(engine.encoded).toHaveLength(3)
    expect(await read(session)).toMatchObject({
      status: 'spent',
      decision: 'no_match',
      triesLeft: 0,
    })
    expect((await guardOf('younes'))?.attempts.failures).toBe(3)
  })

  it('match once when 50 right photos come at once', async () => {
    const { open, tryWith, read } = await start()
    const { token, session } = await open({ identity: 'younes', tries: 10 })
    const responses = await Promise.all(Array.from({ length: 50 }, () => tryWith(token)))
    const answers = await Promise.all(responses.map((one) => one.json<{ decision?: string }>()))
    expect(answers.filter(({ decision }) => decision !== undefined)).toHaveLength(1)
    expect((await read(session)).attempts).toHaveLength(1)
  })

  it('are given back by photos that cannot be compared, up to a number', async () => {
    const { open, tryWith, read } = await start()
    const { token, session } = await open({ identity: 'younes', tries: 1 })
    for (let i = 0; i < maxGivenBack; i++)
      await expectProblem(await tryWith(token, 'no_face'), 'no_face')
    expect(await read(session)).toMatchObject({ status: 'open', triesLeft: 1 })
    await expectProblem(await tryWith(token, 'no_face'), 'no_face')
    const after = await read(session)
    expect(after).toMatchObject({ status: 'spent', triesLeft: 0 })
    expect(after.attempts).toHaveLength(maxGivenBack + 1)
    expect(after.attempts[0]).toMatchObject({ code: 'no_face' })
    await expectProblem(await tryWith(token), 'session_over')
  })

  it('are none while the person is locked, and are left afterwards', async () => {
    const { open, tryWith, read, wait, send } = await start()
    const { token, session } = await open()
    for (let i = 0; i < 5; i++)
      await send('/verify', json({ identity: 'younes', image: base64(wrong) }))
    await expectProblem(await tryWith(token), 'locked_out')
    expect(await read(session)).toMatchObject({ status: 'open', triesLeft: 3 })
    wait(30_000)
    await expectDecision(await tryWith(token), 'match')
  })

  it('count as failures of the person: two sessions lock, and a third does not help', async () => {
    const { open, tryWith } = await start()
    for (let i = 0; i < 5; i++) {
      const { token } = await open({ identity: 'younes', tries: 1 })
      await expectDecision(await tryWith(token, wrong), 'no_match')
    }
    const { token } = await open()
    await expectProblem(await tryWith(token), 'locked_out')
  })

  it('at a stricter rate that only the service would let in are no failures, and are spent', async () => {
    const { open, tryWith, read } = await start({ ...env, FMR: 0.01 })
    const { token, session } = await open({ identity: 'younes', fmr: 0.001, tries: 1 })
    // Matches at 0.01 only.
    await expectDecision(await tryWith(token, 'face younes 0.55'), 'no_match')
    expect((await guardOf('younes'))?.attempts.failures).toBe(0)
    expect(await read(session)).toMatchObject({ status: 'spent', fmr: 0.001 })
  })
})

describe('the end of a session', () => {
  it('comes with its time, to the millisecond', async () => {
    const { open, tryWith, read, wait } = await start()
    const [early, late] = [
      await open({ identity: 'younes', seconds: 5 }),
      await open({ identity: 'younes', seconds: 5 }),
    ]
    wait(4999)
    await expectDecision(await tryWith(early.token), 'match')
    wait(1)
    await expectProblem(await tryWith(late.token), 'session_over')
    expect(await read(late.session)).toMatchObject({ status: 'expired', decision: 'no_match' })
    expect(await read(early.session)).toMatchObject({ status: 'matched', decision: 'match' })
  })

  it('that comes while the photo is compared withholds the match', async () => {
    const { open, tryWith, read, wait, meanwhile } = await start()
    const { token, session } = await open({ identity: 'younes', seconds: 5 })
    meanwhile.act = async () => wait(5000)
    await expectProblem(await tryWith(token), 'session_over')
    expect(await read(session)).toMatchObject({ status: 'expired', decision: 'no_match' })
  })

  it('that a revocation makes withholds the match, and nothing is left', async () => {
    const { open, tryWith, revoke, send, meanwhile } = await start()
    const { token, session } = await open()
    meanwhile.act = async () => void (await revoke(session))
    await expectProblem(await tryWith(token), 'session_over')
    meanwhile.act = undefined
    await expectProblem(
      await send(`/sessions/${session}`, get('test-app-key')),
      'session_not_found',
    )
    await expectProblem(await tryWith(token), 'session_over')
    await expectProblem(await revoke(session), 'session_not_found')
  })

  it('comes when its person is deleted, and enrolling them again brings nothing back', async () => {
    const { open, tryWith, send } = await start()
    const { token, session } = await open()
    await send('/admin/identities/younes', { method: 'DELETE', headers: bearer(adminKey) })
    await expectProblem(await tryWith(token), 'session_over')
    await enroll(send, 'younes')
    await expectProblem(await tryWith(token), 'session_over')
    await expectProblem(
      await send(`/sessions/${session}`, get('test-app-key')),
      'session_not_found',
    )
  })

  it('comes when its person has expired and is enrolled again before their alarm', async () => {
    const { open, tryWith, send, wait } = await start()
    const expiresAt = new Date(startMs + 1000).toISOString()
    await enroll(send, 'younes', ['face younes 0'], { expiresAt })
    const { token } = await open()
    wait(1000)
    await expectProblem(await tryWith(token), 'session_over')
    await enroll(send, 'younes')
    await expectProblem(await tryWith(token), 'session_over')
  })

  it('does not come with new photos of its person, against which it is tried then', async () => {
    const { open, tryWith, send } = await start()
    const { token } = await open({ identity: 'younes' })
    await enroll(send, 'younes', ['face newcomer 0'])
    await expectDecision(await tryWith(token, 'face newcomer 0.1'), 'match')
  })

  it('is final: a match of before is read until it is swept, and then nothing is kept', async () => {
    const { open, tryWith, read, wait, send } = await start()
    const { token, session } = await open({ identity: 'younes', seconds: 5 })
    await expectDecision(await tryWith(token), 'match')
    wait(5000 + keptAfterMs - 1)
    expect(await read(session)).toMatchObject({ status: 'matched', decision: 'match' })
    wait(1)
    await expectProblem(
      await send(`/sessions/${session}`, get('test-app-key')),
      'session_not_found',
    )
  })

  it('is swept by the alarm of the person', async () => {
    const now = new Date()
    const { send } = createTestApp({ now: () => new Date(now.getTime() - 2 * keptAfterMs) })
    await enroll(send, 'younes')
    await send('/sessions', json({ identity: 'younes' }))
    const stored = () =>
      runInDurableObject(
        env.PERSON.getByName('younes'),
        (_, { storage }) => [...storage.kv.list({ prefix: 'session:' })].length,
      )
    // An alarm that is due may have run already.
    await runDurableObjectAlarm(env.PERSON.getByName('younes'))
    await expect.poll(stored).toBe(0)
  })

  it('of a waiting one comes by sessions of the same device, not of another', async () => {
    const { open, tryWith, read } = await start()
    const waiting = await open({ identity: 'younes', device: 'phone', seconds: 60 })
    const first = await open({ identity: 'younes', device: 'thief', seconds: 100 })
    for (let i = 1; i < maxSessions; i++) await open({ identity: 'younes', device: 'thief' })
    await expectProblem(await tryWith(first.token), 'session_over')
    await expectDecision(await tryWith(waiting.token), 'match')
    expect(JSON.stringify(await read(waiting.session))).not.toContain('phone')
  })
})

describe('GET /sessions/{id}', () => {
  it('tells the backend what came of it, with the receipt that the phone got', async () => {
    const { open, tryWith, read, wait } = await start()
    const { token, session } = await open({ identity: 'younes', purpose: 'pay', fmr: 0.001 })
    expect(await read(session)).toMatchObject({ status: 'open', triesLeft: 3, attempts: [] })
    expect(await read(session)).not.toHaveProperty('decision')
    await tryWith(token, wrong)
    wait(1500)
    const { receipt, requestId } = await (await tryWith(token)).json<{
      receipt: string
      requestId: string
    }>()
    wait(1500)
    expect(await read(session)).toEqual({
      session,
      status: 'matched',
      decision: 'match',
      identity: 'younes',
      purpose: 'pay',
      fmr: 0.001,
      tries: 3,
      triesLeft: 1,
      expiresAt: new Date(startMs + 180_000).toISOString(),
      attempts: [
        {
          at: new Date(startMs).toISOString(),
          requestId: expect.any(String),
          decision: 'no_match',
          liveness: 'not_checked',
        },
        {
          at: new Date(startMs + 1500).toISOString(),
          requestId,
          decision: 'match',
          liveness: 'not_checked',
        },
      ],
      receipt,
      requestId: expect.any(String),
    })
    expect(decodeJwt(receipt)).toMatchObject({
      sub: 'younes',
      decision: 'match',
      sid: session,
      purpose: 'pay',
      fmr: 0.001,
      jti: requestId,
      iat: Math.floor((startMs + 1500) / 1000),
    })
  })

  it('is for the key that opened it, and for administrators', async () => {
    const bindings = { ...env, APP_KEY: 'shop:test-app-key,gate:second-app-key' }
    const { open, read, revoke, send } = await start(bindings)
    const { session, token } = await open()
    for (const method of ['GET', 'DELETE']) {
      const request = { method, headers: bearer('second-app-key') }
      await expectProblem(await send(`/sessions/${session}`, request), 'session_not_found')
    }
    expect(await read(session, adminKey)).toMatchObject({ status: 'open' })
    const { receipt } = await (await send('/verify', json({ image: base64(right) }, token))).json<{
      receipt: string
    }>()
    expect(decodeJwt(receipt)).toMatchObject({ aud: 'shop' })
    expect((await revoke(session, adminKey)).status).toBe(204)
  })

  it.each([
    ['made-up', 'invalid_request'],
    [`p${'A'.repeat(64)}`, 'session_not_found'],
    [`a${'A'.repeat(64)}`, 'session_not_found'],
  ] as const)('of %s is %s', async (id, code) => {
    const { send } = await start()
    await expectProblem(await send(`/sessions/${id}`, get('test-app-key')), code)
    await expectProblem(
      await send(`/sessions/${id}`, { method: 'DELETE', headers: bearer('test-app-key') }),
      code,
    )
  })

  it('of an id whose object is that of a person, and whose session is none, is not found', async () => {
    const { open, send } = await start()
    const { session } = await open()
    const other = `${session.slice(0, -4)}AAAA`
    await expectProblem(await send(`/sessions/${other}`, get('test-app-key')), 'session_not_found')
  })
})

describe('a session for whoever is recognized', () => {
  it('names the person to phone and backend, with a receipt, and ends', async () => {
    const { open, tryWith, read } = await start({ ...env, DETAIL: 'scores' })
    const { token, session } = await open({ purpose: 'door' })
    expect(session).toMatch(/^a/)
    expect(await read(session)).toMatchObject({ status: 'open' })
    expect(await read(session)).not.toHaveProperty('identity')
    const answer = await (await tryWith(token, right, '/recognize')).json<{ receipt: string }>()
    expect(answer).toMatchObject({
      decision: 'match',
      identity: 'younes',
      candidates: [{ identity: 'younes' }],
      triesLeft: 2,
    })
    expect(JSON.stringify(answer)).not.toMatch(/"(distance|threshold)"/)
    expect(decodeJwt(answer.receipt)).toMatchObject({
      sub: 'younes',
      sid: session,
      purpose: 'door',
    })
    expect(await read(session)).toMatchObject({
      status: 'matched',
      identity: 'younes',
      receipt: answer.receipt,
    })
    await expectProblem(await tryWith(token, right, '/recognize'), 'session_over')
  })

  it('names nobody when two are as near, though backends are told both', async () => {
    const { open, tryWith, send } = await start()
    await enroll(send, 'twin', ['face younes 0'], { allowDuplicate: true })
    const { token } = await open({})
    const image = base64('face younes 0')
    const answer = await (await tryWith(token, 'face younes 0', '/recognize')).json()
    expect(answer).toMatchObject({ decision: 'ambiguous', candidates: [] })
    expect(answer).not.toHaveProperty('receipt')
    const told = await (await send('/recognize', json({ image }))).json<{ candidates: object[] }>()
    expect(told.candidates).toHaveLength(2)
  })

  it('spends its tries exactly, and is for nothing else', async () => {
    const { open, tryWith, read, send } = await start()
    const { token, session } = await open({ tries: 2 })
    expect(await expectProblem(await tryWith(token), 'forbidden')).toContain('POST /recognize')
    await expectProblem(await send('/detect', json({ image: base64(right) }, token)), 'forbidden')
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => tryWith(token, wrong, '/recognize')),
    )
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(2)
    expect(await read(session)).toMatchObject({ status: 'spent', decision: 'no_match' })
  })

  it('can be revoked, expires, and is forgotten whole', async () => {
    const { open, tryWith, revoke, wait } = await start()
    const [revoked, expired] = [await open({}), await open({ seconds: 5 })]
    expect((await revoke(revoked.session)).status).toBe(204)
    await expectProblem(await tryWith(revoked.token, right, '/recognize'), 'session_over')
    wait(5000)
    await expectProblem(await tryWith(expired.token, right, '/recognize'), 'session_over')
    const objects: DurableObjectNamespace<SessionObject> = Reflect.get(env, 'SESSION')
    for (const { session } of [revoked, expired]) {
      const object = objects.get(objects.idFromString(placeOfSession(session)!.objectId))
      if (session === expired.session) await runDurableObjectAlarm(object)
      const kept = await runInDurableObject(object, (_, { storage }) => [...storage.kv.list()])
      expect(kept).toEqual([])
    }
  })
})

describe('budgets', () => {
  const limiter = (allowed: number) => {
    const counts = new Map<string, number>()
    const limit = async ({ key }: RateLimitOptions) => {
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return { success: count <= allowed }
    }
    return { limit }
  }

  it('of the key are not used up by a phone that holds a token that is over', async () => {
    const bindings = {
      ...env,
      KEY_WORK: limiter(30),
      KEY_FAILURES: limiter(5),
      DEVICE_FAILURES: limiter(10),
    }
    const { open, tryWith, send } = await start(bindings)
    const { token } = await open()
    await expectDecision(await tryWith(token), 'match')
    for (let i = 0; i < 40; i++) {
      const { code } = await (await tryWith(token)).json<{ code: string }>()
      expect(code).toBe(i < 10 ? 'session_over' : 'rate_limited')
    }
    await expectDecision(
      await send('/verify', json({ identity: 'amy', image: base64('face amy 0') })),
      'match',
    )
  })

  it('of a device count what its sessions fail at', async () => {
    const bindings = { ...env, DEVICE_FAILURES: limiter(4) }
    const { open, tryWith, send } = await start(bindings)
    for (const identity of ['younes', 'amy', 'younes', 'amy']) {
      const { token } = await open({ identity, device: 'phone-1', tries: 1 })
      await expectDecision(await tryWith(token, wrong), 'no_match')
    }
    const { token } = await open({ identity: 'younes', device: 'phone-1', tries: 1 })
    await expectProblem(await tryWith(token, wrong), 'rate_limited')
    const opening = await send('/sessions', json({ identity: 'amy', device: 'phone-1' }))
    await expectProblem(opening, 'rate_limited')
  })

  it('that are spent while a photo is compared withhold its match, and give the try back', async () => {
    const bindings = { ...env, DEVICE_FAILURES: limiter(4) }
    const { open, tryWith, read, meanwhile } = await start(bindings)
    const fields = { identity: 'younes', device: 'phone-1', tries: 5 }
    const [matching, failing] = [await open(fields), await open({ ...fields, identity: 'amy' })]
    meanwhile.act = async () => {
      meanwhile.act = undefined
      for (let i = 0; i < 5; i++) await tryWith(failing.token, wrong)
    }
    await expectProblem(await tryWith(matching.token), 'rate_limited')
    expect(await read(matching.session)).toMatchObject({ status: 'open', triesLeft: 5 })
  })

  it('of a session make the phone wait that sends photos of a locked person all the same', async () => {
    const { open, tryWith } = await start({ ...env, DEVICE_FAILURES: limiter(4) })
    for (let i = 0; i < 5; i++) {
      const { token } = await open({ identity: 'younes', tries: 1 })
      await expectDecision(await tryWith(token, wrong), 'no_match')
    }
    const { token } = await open()
    for (let i = 0; i < 4; i++) await expectProblem(await tryWith(token), 'locked_out')
    await expectProblem(await tryWith(token), 'rate_limited')
    await expectProblem(await tryWith((await open()).token), 'locked_out')
  })

  it.each([
    ['image_too_large', new Uint8Array(maxPhotoBytes + 1)],
    ['image_unsupported', new TextEncoder().encode('no photo')],
  ] as const)(
    'of a session make the phone wait whose requests are %s before any try',
    async (code, body) => {
      const { open, send, read } = await start({ ...env, DEVICE_FAILURES: limiter(4) })
      const { token, session } = await open()
      const headers = { ...bearer(token), 'content-type': 'image/tiff' }
      const tryOnce = () => send('/verify', { method: 'POST', headers, body })
      for (let i = 0; i < 4; i++) await expectProblem(await tryOnce(), code)
      expect(await expectProblem(await tryOnce(), 'rate_limited')).toContain('session')
      expect(await read(session)).toMatchObject({ triesLeft: 3, attempts: [] })
    },
  )

  it('of the key count the photos that sessions compare', async () => {
    const { open, tryWith } = await start({ ...env, KEY_WORK: limiter(3) })
    const { token } = await open({ identity: 'younes', tries: 5 })
    for (let i = 0; i < 3; i++) await expectDecision(await tryWith(token, wrong), 'no_match')
    await expectProblem(await tryWith(token), 'rate_limited')
  })
})
