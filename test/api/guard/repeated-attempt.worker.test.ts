/**
 * A /verify that is sent again under the same Idempotency-Key: the answer was lost, so it is the same attempt. And what is not the same:
 * another photo, rate, person, caller or key, by which nobody may try twice for the price of one.
 */
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../../../client/src/client.ts'
import { repeatableMs } from '../../../src/guard/running-attempts.ts'
import { createFakeEngine } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { guardOf } from '../../support/app/stored-people.ts'
import { adminKey, base64, createTestApp, enroll, get, json } from '../../support/app/test-app.ts'

beforeEach(() => resetStore())

const right = 'face younes 0.1'
const wrong = 'face stranger 0'
const key = 'a-key-for-one-attempt'

async function start(bindings: object = env) {
  let nowMs = Date.UTC(2026, 10, 28)
  const engine = createFakeEngine()
  const { send } = createTestApp({ loadEngine: async () => engine, now: () => new Date(nowMs) })
  await enroll(send, 'younes')
  await enroll(send, 'amy')
  const verify = async (
    text: string,
    attemptKey?: string,
    fields: object = {},
    caller?: string,
  ) => {
    const init = json({ identity: 'younes', image: base64(text), ...fields }, caller)
    const headers = new Headers(init.headers)
    if (attemptKey !== undefined) headers.set('Idempotency-Key', attemptKey)
    return await send('/verify', { ...init, headers }, bindings)
  }
  const decide = async (...asked: Parameters<typeof verify>) =>
    (await (await verify(...asked)).json<{ decision: string }>()).decision
  const wait = (ms: number) => {
    nowMs += ms
  }
  const failures = async () => (await guardOf('younes'))?.attempts.failures
  return { send, verify, decide, wait, failures, engine }
}

describe('a failed attempt that is sent again', () => {
  it('counts once and is answered alike, up to four times', async () => {
    const { verify, decide, failures } = await start()
    for (let i = 0; i < 1 + 4; i++) expect(await decide(wrong, key)).toBe('no_match')
    await expect.poll(failures).toBe(1)
    await expectProblem(await verify(wrong, key), 'rate_limited')
    expect(await failures()).toBe(1)
  })

  it('counts once when all are sent at once', async () => {
    const { decide, failures } = await start()
    const decisions = await Promise.all([1, 2, 3].map(() => decide(wrong, key)))
    expect(decisions).toEqual(['no_match', 'no_match', 'no_match'])
    await expect.poll(failures).toBe(1)
  })

  it('is answered although it was the one that locked, which counts no further', async () => {
    const { verify, decide, failures } = await start()
    for (let i = 0; i < 4; i++) await decide(wrong)
    expect(await decide(wrong, key)).toBe('no_match')
    await expectProblem(await verify(wrong), 'locked_out')
    expect(await decide(wrong, key)).toBe('no_match')
    expect(await failures()).toBe(5)
    await expectProblem(await verify(right, key), 'locked_out')
  })

  it.each([
    ['with another photo', 'face stranger 0.2', key, {}],
    ['with another key', wrong, `${key}-2`, {}],
    ['at another rate', wrong, key, { fmr: 0.001 }],
    ['without a key', wrong, undefined, {}],
  ] as const)('%s is another attempt', async (_, text, attemptKey, fields) => {
    const { decide, failures } = await start()
    await decide(wrong, key)
    await decide(text, attemptKey, fields)
    await expect.poll(failures).toBe(2)
  })

  it('by another caller is another attempt', async () => {
    const { decide, failures } = await start()
    await decide(wrong, key)
    await decide(wrong, key, {}, 'second-app-key')
    await expect.poll(failures).toBe(2)
  })

  it('later than two minutes is another attempt', async () => {
    const { decide, wait, failures } = await start()
    await decide(wrong, key)
    wait(repeatableMs)
    await decide(wrong, key)
    await expect.poll(failures).toBe(2)
  })

  it('does not count at somebody else under the same key', async () => {
    const { decide, failures } = await start()
    await decide(wrong, key)
    await decide(wrong, key, { identity: 'amy' })
    expect((await guardOf('amy'))?.attempts.failures).toBe(1)
    expect(await failures()).toBe(1)
  })
})

describe('a match that is sent again', () => {
  it('matches again, and resets nothing that failed since', async () => {
    const { decide, failures } = await start()
    expect(await decide(right, key)).toBe('match')
    await decide(wrong)
    await decide(wrong)
    expect(await decide(right, key)).toBe('match')
    await expect.poll(failures).toBe(2)
  })

  it('spends its challenge once', async () => {
    const { send, verify, decide } = await start()
    const issued = await send('/challenge', json({ identity: 'younes' }))
    const { challenge } = await issued.json<{ challenge: string }>()
    expect(await decide(right, key, { challenge })).toBe('match')
    expect(await decide(right, key, { challenge })).toBe('match')
    await expectProblem(await verify(right, undefined, { challenge }), 'challenge_invalid')
    await expectProblem(await verify('face younes 0.2', key, { challenge }), 'challenge_invalid')
  })

  it('matches nobody who was deleted meanwhile', async () => {
    const { send, verify, decide } = await start()
    expect(await decide(right, key)).toBe('match')
    await send('/admin/identities/younes', { ...get(adminKey), method: 'DELETE' })
    await expectProblem(await verify(right, key), 'identity_not_found')
  })

  it('is judged by the record of now, and a match that was none is withheld', async () => {
    const { send, verify, decide } = await start()
    expect(await decide(right, key)).toBe('match')
    expect(await decide('face replaced 0', `${key}-2`)).toBe('no_match')
    await enroll(send, 'younes', ['face replaced 0'])
    expect(await decide(right, key)).toBe('no_match')
    // It was counted as failed: another attempt may match, not this one.
    await expectProblem(await verify('face replaced 0', `${key}-2`), 'store_unavailable')
    expect(await decide('face replaced 0')).toBe('match')
  })
})

describe('an unusable photo that is sent again', () => {
  it('gives back one attempt each time it took one', async () => {
    const { decide, verify, failures } = await start()
    await decide(wrong)
    for (let i = 0; i < 4; i++)
      await expectProblem(await verify('no photo', key), 'image_unreadable')
    const all = await Promise.all([1, 2, 3].map(() => verify('no photo', key)))
    for (const answer of all) await expectProblem(answer, 'image_unreadable')
    await expect.poll(failures).toBe(1)
  })
})

describe('a try of a session that is sent again', () => {
  const open = async (send: Awaited<ReturnType<typeof start>>['send'], fields: object = {}) => {
    const response = await send('/sessions', json({ identity: 'younes', ...fields }))
    return await response.json<{ session: string; token: string }>()
  }

  it('spends one try, and the match that ended the session is told again', async () => {
    const { send } = await start()
    const { session, token } = await open(send)
    const tryWith = async (text: string, attemptKey: string) => {
      const init = json({ image: base64(text) }, token)
      const headers = { ...init.headers, 'Idempotency-Key': attemptKey }
      return await send('/verify', { ...init, headers })
    }
    for (let i = 0; i < 3; i++) {
      const answer = await tryWith(wrong, key)
      expect(await answer.json()).toMatchObject({ decision: 'no_match', triesLeft: 2 })
    }
    for (let i = 0; i < 2; i++) {
      const answer = await tryWith(right, `${key}-2`)
      expect(await answer.json()).toMatchObject({ decision: 'match', identity: 'younes' })
    }
    const read = await (await send(`/sessions/${session}`, get('test-app-key'))).json()
    expect(read).toMatchObject({ status: 'matched', triesLeft: 1 })
    expect(read).toMatchObject({ attempts: [{ decision: 'no_match' }, { decision: 'match' }] })
    await expectProblem(await tryWith(right, `${key}-3`), 'session_over')
    await send(`/sessions/${session}`, { ...get('test-app-key'), method: 'DELETE' })
    await expectProblem(await tryWith(right, `${key}-2`), 'session_over')
  })

  it('answers no more when the time of the session is over', async () => {
    const { send, wait } = await start()
    const { token } = await open(send, { seconds: 60 })
    const init = json({ image: base64(right) }, token)
    const again = { ...init, headers: { ...init.headers, 'Idempotency-Key': key } }
    expect(await (await send('/verify', again)).json()).toMatchObject({ decision: 'match' })
    wait(60_000)
    await expectProblem(await send('/verify', again), 'session_over')
  })
})

describe('an Idempotency-Key', () => {
  it.each(['', 'short', 'x'.repeat(129), 'with a space in it'])('%j is none', async (bad) => {
    const { verify } = await start()
    expect(await expectProblem(await verify(right, bad), 'invalid_request')).toContain(
      'Idempotency-Key: expected 16 to 128 visible ASCII characters',
    )
  })
})

describe('the client', () => {
  it('sends a verify again whose answers were lost, and the person has failed once', async () => {
    const { send, failures } = await start()
    let lost = 0
    const facegate = createClient({
      url: 'https://facegate.test',
      key: 'test-app-key',
      retry: { attempts: 3, wait: async () => {} },
      fetch: async (url, init) => {
        const answer = await send(new URL(url).pathname, init, {
          ...env,
          ISSUER: 'https://facegate.test',
        })
        if (++lost < 3) throw new TypeError('the connection broke off')
        return answer
      },
    })
    const image = new TextEncoder().encode(wrong)
    expect((await facegate.verify({ identity: 'younes', image })).decision).toBe('no_match')
    expect(lost).toBe(3)
    await expect.poll(failures).toBe(1)
  })
})
