import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { maxGivenBack } from '../../../src/guard/attempts.ts'
import { createFakeEngine, type FakeEngine } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { guardOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  appKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  json,
} from '../../support/app/test-app.ts'
import { faultyObjects } from '../../support/doubles/faulty-objects.ts'

beforeEach(() => resetStore())
afterEach(() => {
  vi.restoreAllMocks()
})

const right = 'face younes 0.1'
const wrong = 'face stranger 0'

/** An app with a clock of its own, in which younes is enrolled. */
async function start(bindings: object = env, engine: FakeEngine = createFakeEngine()) {
  let nowMs = Date.UTC(2026, 10, 24)
  const { send } = createTestApp({ loadEngine: async () => engine, now: () => new Date(nowMs) })
  await enroll(send, 'younes')
  const verify = async (text: string, fields: object = {}): Promise<Response> =>
    await send('/verify', json({ identity: 'younes', image: base64(text), ...fields }), bindings)
  async function fail(times: number) {
    for (let i = 0; i < times; i++) {
      expect(await (await verify(wrong)).json()).toMatchObject({ decision: 'no_match' })
    }
  }
  const unlock = (key = adminKey, identity = 'younes') =>
    send(`/admin/identities/${identity}/unlock`, { method: 'POST', headers: bearer(key) })
  const wait = (seconds: number) => {
    nowMs += seconds * 1000
  }
  return { send, verify, fail, unlock, wait, engine }
}

/** Seconds until the next attempt. */
async function lockedFor(response: Response): Promise<number> {
  const retryAfter = response.headers.get('retry-after')
  const detail = await expectProblem(response, 'locked_out')
  expect(detail).toContain(`${retryAfter} s`)
  return Number(retryAfter)
}

/** What is given back is sent while the caller has the answer already. */
async function expectAttempts(attempts: object): Promise<void> {
  await vi.waitFor(async () => expect((await guardOf('younes'))?.attempts).toMatchObject(attempts))
}

async function expectMatch(response: Response) {
  expect(await response.json()).toMatchObject({ decision: 'match' })
}

describe('five failures in a row', () => {
  it('lock the person for 30 s, for a right face too, and nobody looks at it', async () => {
    const { verify, fail, wait, engine } = await start()
    await fail(5)
    const looked = engine.encoded.length
    expect(await lockedFor(await verify(right))).toBe(30)
    wait(29.5)
    expect(await lockedFor(await verify(right))).toBe(1)
    expect(engine.encoded.length).toBe(looked)
    wait(0.5)
    await expectMatch(await verify(right))
  })

  it('lock longer each further time: 60 s, 120 s, to an hour', async () => {
    const { verify, fail, wait } = await start()
    await fail(5)
    for (const seconds of [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]) {
      expect(await lockedFor(await verify(right))).toBe(seconds)
      wait(seconds)
      await fail(1)
    }
  })

  it('lock nobody else', async () => {
    const { send, fail } = await start()
    await enroll(send, 'amy')
    await fail(5)
    const request = json({ identity: 'amy', image: base64('face amy 0') })
    await expectMatch(await send('/verify', request))
  })

  it('lock in every isolate', async () => {
    const { fail } = await start()
    await fail(5)
    const elsewhere = createTestApp({ now: () => new Date(Date.UTC(2026, 10, 24)) })
    const request = json({ identity: 'younes', image: base64(right) })
    await expectProblem(await elsewhere.send('/verify', request), 'locked_out')
  })

  it('do not when a match comes before the fifth', async () => {
    const { verify, fail } = await start()
    for (let i = 0; i < 3; i++) {
      await fail(4)
      await expectMatch(await verify(right))
    }
  })

  it('do as often as the vars say', async () => {
    const bindings = { ...env, LOCKOUT_AFTER: '2', LOCKOUT_SECONDS: 7, LOCKOUT_MAX_SECONDS: 10 }
    const { verify, fail, wait } = await start(bindings)
    await fail(2)
    expect(await lockedFor(await verify(right))).toBe(7)
    wait(7)
    await fail(1)
    expect(await lockedFor(await verify(right))).toBe(10)
  })

  it('may end in one that only an administrator ends', async () => {
    const { verify, fail, wait, unlock } = await start({ ...env, DISABLE_AFTER: '6' })
    await fail(5)
    wait(30)
    await fail(1)
    wait(365 * 86_400)
    const response = await verify(right)
    expect(response.headers.get('retry-after')).toBeNull()
    expect(await expectProblem(response, 'locked_out')).toContain('administrator')
    expect((await unlock()).status).toBe(204)
    await expectMatch(await verify(right))
  })
})

describe('guesses at once', () => {
  it('count as many as they are: of 50 wrong ones 5 are compared, the rest is locked out', async () => {
    const { verify, engine } = await start()
    const enrolled = engine.encoded.length
    const responses = await Promise.all(Array.from({ length: 50 }, () => verify(wrong)))
    const answers = await Promise.all(
      responses.map((response) => response.json<{ decision?: string; code?: string }>()),
    )
    expect(answers.filter(({ decision }) => decision === 'no_match')).toHaveLength(5)
    expect(answers.filter(({ code }) => code === 'locked_out')).toHaveLength(45)
    expect(engine.encoded.length - enrolled).toBe(5)
    expect((await guardOf('younes'))?.attempts.failures).toBe(5)
    await expectProblem(await verify(right), 'locked_out')
  })

  it('do not hide behind right ones', async () => {
    const { verify } = await start()
    const texts = Array.from({ length: 50 }, (_, i) => (i % 10 === 9 ? right : wrong))
    const responses = await Promise.all(texts.map((text) => verify(text)))
    const compared = responses.filter(({ status }) => status === 200)
    // A match among them starts the count anew, and those that fail after it count from there.
    expect(compared.length).toBeLessThanOrEqual(5 * (1 + texts.filter((t) => t === right).length))
    for (const response of responses) expect([200, 429]).toContain(response.status)
  })
})

describe('an attempt in which nothing was compared', () => {
  it.each(['no_face', 'multiple_faces', 'face_too_small', 'image_unreadable'])(
    'is given back: %s',
    async (code) => {
      const { verify, fail } = await start()
      await fail(4)
      for (let i = 0; i < 3; i++) expect((await verify(code)).ok).toBe(false)
      await expectAttempts({ failures: 4 })
      await expectMatch(await verify(right))
    },
  )

  it('is given back 20 times in a row, so that nobody can go on for ever', async () => {
    const { verify } = await start()
    const codes: string[] = []
    for (let i = 0; i < 5 * (maxGivenBack + 1) + 1; i++) {
      codes.push((await (await verify('no_face')).json<{ code: string }>()).code)
    }
    expect(new Set(codes.slice(0, -1))).toEqual(new Set(['no_face']))
    expect(codes.at(-1)).toBe('locked_out')
  })

  it.each(['crash', 'nan', 'engine_unavailable'])(
    'for a fault of ours (%s) is given back however often',
    async (text) => {
      vi.spyOn(console, 'error').mockImplementation(() => {})
      const { verify } = await start()
      for (let i = 0; i < maxGivenBack + 6; i++) {
        expect((await verify(text)).status).toBeGreaterThanOrEqual(500)
      }
      await expectAttempts({ failures: 0, givenBack: 0 })
    },
  )

  it('for a wrong rate is given back', async () => {
    const { verify } = await start()
    await expectProblem(await verify(right, { fmr: 0.5 }), 'invalid_request')
    await expectAttempts({ failures: 0 })
  })

  it('at somebody who is not enrolled leaves nothing behind', async () => {
    const { send } = await start()
    const request = json({ identity: 'nobody', image: base64(right) })
    for (let i = 0; i < 7; i++) {
      await expectProblem(await send('/verify', request), 'identity_not_found')
    }
    expect(await guardOf('nobody')).toBeUndefined()
  })
})

describe('unlocking', () => {
  it('is for administrators', async () => {
    const { unlock, fail, verify } = await start()
    await fail(5)
    await expectProblem(await unlock(appKey), 'forbidden')
    await expectProblem(await verify(right), 'locked_out')
    expect((await unlock()).status).toBe(204)
    await fail(4)
    await expectMatch(await verify(right))
  })

  it('is the same for somebody who is not locked, and not for nobody', async () => {
    const { unlock } = await start()
    expect((await unlock()).status).toBe(204)
    const detail = await expectProblem(await unlock(adminKey, 'nobody'), 'identity_not_found')
    expect(detail).toBe('Nobody is enrolled as nobody.')
    await expectProblem(await unlock(adminKey, 'no%20id'), 'invalid_request')
  })
})

describe('a lockout', () => {
  it('outlives an enrollment anew and photos that are added: an impostor gains nothing by them', async () => {
    const { send, fail, verify } = await start()
    await fail(5)
    expect((await enroll(send, 'younes', ['face younes 0.2'])).status).toBe(200)
    const add = json({ images: [base64('face younes 0.05')] }, adminKey)
    expect((await send('/admin/identities/younes/images', add)).status).toBe(200)
    expect(await lockedFor(await verify(right))).toBe(30)
  })

  it('ends with the person: what comes under the same identity later begins anew', async () => {
    const { send, fail, verify } = await start()
    await fail(5)
    const remove = { method: 'DELETE', headers: bearer(adminKey) }
    expect((await send('/admin/identities/younes', remove)).status).toBe(204)
    expect(await guardOf('younes')).toBeUndefined()
    await expectProblem(await verify(right), 'identity_not_found')
    expect(await guardOf('younes')).toBeUndefined()
    await enroll(send, 'younes')
    await expectMatch(await verify(right))
  })
})

describe('a guard that cannot be reached', () => {
  it('before the comparison lets nobody through', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { verify, engine } = await start({ ...env, PERSON: faultyObjects(env.PERSON, 'begin') })
    const enrolled = engine.encoded.length
    await expectProblem(await verify(right), 'store_unavailable')
    expect(engine.encoded.length).toBe(enrolled)
  })

  it('after it tells no match, and the attempt stays counted', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { verify } = await start({ ...env, PERSON: faultyObjects(env.PERSON, 'settle') })
    await expectProblem(await verify(right), 'store_unavailable')
    expect((await guardOf('younes'))?.attempts.failures).toBe(1)
  })

  it('after a photo that was refused hides not why it was', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { verify } = await start({ ...env, PERSON: faultyObjects(env.PERSON, 'settle') })
    await expectProblem(await verify('no_face'), 'no_face')
    expect(JSON.stringify(log.mock.calls)).toContain('settle an attempt')
    expect((await guardOf('younes'))?.attempts.failures).toBe(1)
  })
})

describe('somebody who is changed while they are compared', () => {
  /** An engine during whose next look at a probe something happens. */
  async function meanwhile(happens: (send: ReturnType<typeof createTestApp>['send']) => unknown) {
    const fake = createFakeEngine()
    let { send } = createTestApp()
    let isNext = false
    const engine: FakeEngine = {
      ...fake,
      encode: async (photo, options) => {
        if (isNext) await happens(send)
        isNext = false
        return await fake.encode(photo, options)
      },
    }
    const app = await start(env, engine)
    ;({ send } = createTestApp())
    isNext = true
    return app
  }

  it('by another face does not match by the old one', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { verify } = await meanwhile((send) => enroll(send, 'younes', ['face other 0']))
    const detail = await expectProblem(await verify(right), 'store_unavailable')
    expect(detail).toBe('This identity was changed while the photo was compared.')
    const logged = log.mock.calls.join()
    expect(logged).toContain(detail)
    expect(logged).not.toContain('younes')
    expect((await guardOf('younes'))?.attempts.failures).toBe(0)
    expect(await (await verify(right)).json()).toMatchObject({ decision: 'no_match' })
  })

  it('by a deletion does not match any more', async () => {
    const remove = { method: 'DELETE', headers: bearer(adminKey) }
    const { verify } = await meanwhile((send) => send('/admin/identities/younes', remove))
    await expectProblem(await verify(right), 'identity_not_found')
  })

  it('and does not match anyway has failed', async () => {
    const { verify } = await meanwhile((send) => enroll(send, 'younes', ['face other 0']))
    expect(await (await verify(wrong)).json()).toMatchObject({ decision: 'no_match' })
    expect((await guardOf('younes'))?.attempts.failures).toBe(1)
  })
})
