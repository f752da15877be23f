/** What one key, one device, and guesses at one person come to, through the requests that they make. */
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeEngine } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { guardOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  appKey,
  base64,
  createTestApp,
  enroll,
  json,
} from '../../support/app/test-app.ts'

beforeEach(async () => {
  await resetStore()
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Counts like the binding, without its period. */
function limiter(allowed: number) {
  const counts = new Map<string, number>()
  return {
    limit: async ({ key }: RateLimitOptions) => {
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return { success: count <= allowed }
    },
  }
}

interface Limits {
  readonly work?: number
  readonly failures?: number
  readonly device?: number
}

async function start({ work = 1e9, failures = 1e9, device = 1e9 }: Limits, vars: object = {}) {
  let nowMs = Date.UTC(2026, 10, 24)
  const engine = createFakeEngine()
  const { send } = createTestApp({ loadEngine: async () => engine, now: () => new Date(nowMs) })
  const bindings = {
    ...env,
    ...vars,
    KEY_WORK: limiter(work),
    KEY_FAILURES: limiter(failures),
    DEVICE_FAILURES: limiter(device),
  }
  for (const person of ['ada', 'bea', 'cleo']) await enroll(send, person)
  engine.encoded.length = 0
  const post = async (path: string, body: object, key = appKey) =>
    await send(path, json(body, key), bindings)
  const verify = (identity: string, text: string, fields: object = {}, key = appKey) =>
    post('/verify', { identity, image: base64(text), ...fields }, key)
  const wait = (seconds: number) => {
    nowMs += seconds * 1000
  }
  return { post, verify, wait, engine }
}

async function codesOf(responses: readonly Response[]): Promise<string[]> {
  const bodies = responses.map((response) => response.json<{ decision?: string; code?: string }>())
  return (await Promise.all(bodies)).map(({ decision, code }) => decision ?? code ?? '')
}

const count = (codes: readonly string[], code: string) => codes.filter((one) => one === code).length

describe('the hour of a person', () => {
  it('counts 50 attempts at once as 50, those that match included', async () => {
    const { verify, engine } = await start({}, { ATTEMPTS_PER_HOUR: 20 })
    const right = Array.from({ length: 50 }, () => verify('ada', 'face ada 0.1'))
    const codes = await codesOf(await Promise.all(right))
    // A match may come too late for some that began before it: five may run before any has matched.
    expect(count(codes, 'match')).toBeLessThanOrEqual(20)
    expect(count(codes, 'match') + count(codes, 'rate_limited') + count(codes, 'locked_out')).toBe(
      50,
    )
    expect(engine.encoded.length).toBe(count(codes, 'match'))
    expect((await guardOf('ada'))?.attempts.hour?.attempts).toBe(count(codes, 'match'))
  })

  it('counts 50 wrong ones at once as 50, where nothing locks before', async () => {
    const { verify, engine } = await start({}, { ATTEMPTS_PER_HOUR: 20, LOCKOUT_AFTER: 100 })
    const wrong = Array.from({ length: 50 }, () => verify('ada', 'face bea 0'))
    const codes = await codesOf(await Promise.all(wrong))
    expect(count(codes, 'no_match')).toBe(20)
    expect(count(codes, 'rate_limited')).toBe(30)
    expect(engine.encoded.length).toBe(20)
  })

  it('is 60 attempts unless told otherwise; matches refill nothing, and waiting does', async () => {
    const { verify, wait } = await start({})
    for (let i = 0; i < 60; i++) {
      expect((await verify('ada', 'face ada 0.1')).status).toBe(200)
    }
    wait(600)
    const refused = await verify('ada', 'face ada 0.1')
    expect(refused.headers.get('retry-after')).toBe('3000')
    expect(await expectProblem(refused, 'rate_limited')).toContain('3000 s')
    expect((await verify('bea', 'face bea 0.1')).status).toBe(200)
    wait(3000)
    expect((await verify('ada', 'face ada 0.1')).status).toBe(200)
  })

  it('is no less for a key of the role admin', async () => {
    const { verify } = await start({}, { ATTEMPTS_PER_HOUR: 1 })
    expect((await verify('ada', 'face ada 0', {}, adminKey)).status).toBe(200)
    await expectProblem(await verify('ada', 'face ada 0', {}, adminKey), 'rate_limited')
  })
})

describe('one who tries a few faces on everybody', () => {
  const people = ['ada', 'bea', 'cleo']

  it('is stopped by the budget of the key, before any person is locked', async () => {
    const { verify, engine } = await start({ failures: 6 })
    const codes: string[] = []
    for (let i = 0; i < 30; i++) {
      codes.push(...(await codesOf([await verify(people[i % 3]!, `face stranger-${i} 0`)])))
    }
    expect(codes.slice(0, 6)).toEqual(Array(6).fill('no_match'))
    expect(new Set(codes.slice(6))).toEqual(new Set(['rate_limited']))
    expect(engine.encoded.length).toBe(7)
  })

  it('is told nothing more by sending all at once: not even which of them matched', async () => {
    const { verify } = await start({ failures: 6 }, { LOCKOUT_AFTER: 100 })
    const wrong = Array.from({ length: 60 }, (_, i) => verify(people[i % 3]!, `face x-${i} 0`))
    const codes = await codesOf(await Promise.all(wrong))
    expect(count(codes, 'no_match')).toBe(6)
    expect(count(codes, 'rate_limited')).toBe(54)
    await expectProblem(await verify('ada', 'face ada 0'), 'rate_limited')
  })

  it('is stopped by the budget of the device that the backend names, and others go on', async () => {
    const { verify } = await start({ device: 4 })
    const codes: string[] = []
    for (let i = 0; i < 6; i++) {
      const response = await verify(people[i % 3]!, `face stranger-${i} 0`, { device: 'phone-1' })
      codes.push(...(await codesOf([response])))
    }
    expect(codes).toEqual([...Array(4).fill('no_match'), 'rate_limited', 'rate_limited'])
    const other = await verify('ada', 'face ada 0', { device: 'phone-2' })
    expect(await other.json()).toMatchObject({ decision: 'match' })
    const right = await verify('ada', 'face ada 0', { device: 'phone-1' })
    expect(right.headers.get('retry-after')).toMatch(/^[1-9]\d?$/)
    expect(await expectProblem(right, 'rate_limited')).toContain('device')
  })

  it('gains nothing by /recognize', async () => {
    const { post } = await start({ failures: 3 })
    const image = base64('face nobody 0')
    const responses = []
    for (let i = 0; i < 5; i++) responses.push(await post('/recognize', { image }))
    expect(await codesOf(responses)).toEqual([
      ...Array(3).fill('no_match'),
      ...Array(2).fill('rate_limited'),
    ])
  })

  it('and at who is enrolled: identities that nobody has count, at /verify and /challenge', async () => {
    const { post, verify } = await start({ failures: 4 })
    const codes = await codesOf([
      await post('/challenge', { identity: 'nobody-1' }),
      await verify('nobody-2', 'face ada 0'),
      await post('/challenge', { identity: 'nobody-3' }),
      await verify('ada', 'face ada 0', { challenge: 'made-up' }),
      await post('/challenge', { identity: 'nobody-4' }),
      await post('/challenge', { identity: 'ada' }),
    ])
    expect(codes).toEqual([
      ...['identity_not_found', 'identity_not_found', 'identity_not_found'],
      ...['challenge_invalid', 'rate_limited', 'rate_limited'],
    ])
    expect(await guardOf('nobody-1')).toBeUndefined()
  })

  it('and from one device: they count for the device that is named, and keep nobody else of the key out', async () => {
    const { post, verify } = await start({ failures: 3, device: 3 })
    const device = 'phone-1'
    const codes = await codesOf([
      await post('/sessions', { identity: 'nobody-1', device }),
      await verify('nobody-2', 'face ada 0', { device }),
      await post('/sessions', { identity: 'nobody-3', device }),
      await post('/sessions', { identity: 'nobody-4', device }),
      await post('/sessions', { identity: 'ada', device }),
      await verify('ada', 'face ada 0', { device: 'phone-2' }),
      await verify('ada', 'face bea 0'),
      await verify('ada', 'face bea 0'),
    ])
    expect(codes).toEqual([
      ...Array(3).fill('identity_not_found'),
      ...['rate_limited', 'rate_limited', 'match', 'no_match', 'no_match'],
    ])
  })
})

describe('who tries to learn who is enrolled', () => {
  it('gets no more answers by inventing devices, one after the other or all at once', async () => {
    for (const isAtOnce of [false, true]) {
      await resetStore()
      const { post } = await start({ failures: 10 })
      const names = Array.from({ length: 40 }, (_, i) => (i % 4 === 3 ? 'ada' : `nobody-${i}`))
      const ask = (identity: string, i: number) =>
        post('/sessions', { identity, device: `invented ${i}` })
      const responses: Response[] = []
      if (isAtOnce) responses.push(...(await Promise.all(names.map(ask))))
      else for (const [i, name] of names.entries()) responses.push(await ask(name, i))
      const statuses = responses.map(({ status }) => status)
      expect(count(statuses.map(String), '404')).toBeLessThanOrEqual(10)
      // From the first that is refused on, who is enrolled is too.
      const refused = statuses.indexOf(429)
      expect(refused).toBeGreaterThan(-1)
      if (!isAtOnce) expect(new Set(statuses.slice(refused))).toEqual(new Set([429]))
    }
  })

  it('stops by it only who is asked about by name, and nobody who is recognized or compared', async () => {
    const { post } = await start({ failures: 6 })
    const image = base64('face ada 0')
    for (let i = 0; i < 7; i++) {
      await post('/sessions', { identity: `nobody-${i}`, device: `invented ${i}` })
    }
    const codes = await codesOf([
      await post('/sessions', { identity: 'ada', device: 'phone' }),
      await post('/challenge', { identity: 'ada' }),
      await post('/verify', { identity: 'ada', image }),
      await post('/recognize', { image }),
      await post('/compare', { left: image, right: image }),
    ])
    expect(codes).toEqual([...Array(3).fill('rate_limited'), 'match', 'match'])
    const anybody = await post('/sessions', { device: 'phone' })
    expect(anybody.status).toBe(201)
    const { session } = await anybody.json<{ session: string }>()
    expect(session).toMatch(/^a/)
  })

  it('gets no more answers by naming a device at times: names without one are of the same count', async () => {
    const { post } = await start({ failures: 4 })
    const statuses: number[] = []
    for (let i = 0; i < 8; i++) {
      const named = i % 2 === 0 ? {} : { device: `invented ${i}` }
      statuses.push((await post('/sessions', { identity: `nobody-${i}`, ...named })).status)
    }
    expect(statuses).toEqual([...Array(4).fill(404), ...Array(4).fill(429)])
  })

  it('by a typo stops nobody, however busy the key is and however little it may send', async () => {
    const { post, verify } = await start({ work: 5 })
    const device = 'phone-1'
    const codes = await codesOf([
      await verify('ada', 'face ada 0'),
      await verify('ada', 'face ada 0'),
      await post('/sessions', { identity: 'adda', device }),
      await verify('ada', 'face ada 0', { device }),
    ])
    expect(codes).toEqual(['match', 'match', 'identity_not_found', 'match'])
  })
})

describe('a budget that is spent while a photo is looked at', () => {
  /** An app without a gallery, with stores that fail; the budget is spent by photos of strangers. */
  async function startSpent(
    broken: object,
    spendBy: { path: string; identity?: string } = { path: '/verify', identity: 'bea' },
  ) {
    await start({})
    const fake = createFakeEngine()
    const meanwhile: { act?: () => Promise<void> } = {}
    const { send } = createTestApp({
      loadEngine: async () => ({
        ...fake,
        async encode(...given) {
          const encoded = await fake.encode(...given)
          await meanwhile.act?.()
          return encoded
        },
      }),
    })
    const bindings = { ...env, ...broken, KEY_FAILURES: limiter(4) }
    const post = async (path: string, body: object, key = appKey) =>
      await send(path, json(body, key), bindings)
    const spend = async () => {
      meanwhile.act = undefined
      const { path, ...fields } = spendBy
      const wrong = { ...fields, image: base64('face stranger 0') }
      for (let i = 0; i < 5; i++) await post(path, wrong)
    }
    const right = { image: base64('face ada 0') }
    const spendMeanwhile = () => {
      meanwhile.act = spend
    }
    return { post, spendMeanwhile, right }
  }

  const fails = async () => {
    throw new Error('made to fail')
  }
  /** Loads no gallery, which only a face that matches needs. */
  const kvThatListsNothing = new Proxy(env.IDENTITIES, {
    get: (kv, name: keyof KVNamespace) => (name === 'list' ? fails : kv[name].bind(kv)),
  })
  /** Confirms nobody, as only a face that is found needs it. */
  const noPersons = { getByName: () => ({ read: fails }), get: () => ({ read: fails }) }

  it('keeps it from being compared, whoever it shows: the attempt is given back', async () => {
    const broken = { IDENTITIES: kvThatListsNothing }
    const { post, right, spendMeanwhile } = await startSpent(broken)
    const claim = { ...right, identity: 'ada' }
    await expectProblem(await post('/verify', claim), 'store_unavailable')
    spendMeanwhile()
    await expectProblem(await post('/verify', claim), 'rate_limited')
    expect((await guardOf('ada'))?.attempts).toMatchObject({ failures: 0, hour: { attempts: 0 } })
  })

  it('keeps it from being searched for with the token of a session', async () => {
    const PERSON = new Proxy(env.PERSON, {
      get: (persons, name: keyof typeof noPersons) =>
        noPersons[name] ?? Reflect.get(persons, name).bind(persons),
    })
    const { post, right, spendMeanwhile } = await startSpent({ PERSON }, { path: '/recognize' })
    const { token } = await (await post('/sessions', {})).json<{ token: string }>()
    await expectProblem(await post('/recognize', right, token), 'store_unavailable')
    spendMeanwhile()
    await expectProblem(await post('/recognize', right, token), 'rate_limited')
  })
})

describe('the work of a key', () => {
  it('is counted by photo, whatever they show, before anything is decoded', async () => {
    const { post, verify, engine } = await start({ work: 6 })
    const image = base64('no_face')
    await verify('ada', 'no_face')
    await post('/recognize', { image })
    await post('/detect', { image })
    await post('/compare', { left: image, right: image })
    await post('/challenge', { identity: 'ada' })
    const looked = engine.encoded.length
    const requests = [
      ['/verify', { identity: 'ada', image }],
      ['/recognize', { image }],
      ['/detect', { image }],
      ['/compare', { left: image, right: image }],
      ['/challenge', { identity: 'ada' }],
    ] as const
    for (const [path, body] of requests) {
      const refused = await post(path, body)
      expect(refused.headers.get('retry-after')).toBe('60')
      expect(await expectProblem(refused, 'rate_limited')).toContain('photos')
    }
    expect(engine.encoded.length).toBe(looked)
    expect((await verify('ada', 'face ada 0', {}, 'second-app-key')).status).toBe(200)
    expect((await verify('ada', 'face ada 0', {}, adminKey)).status).toBe(200)
  })
})

describe('a device', () => {
  it.each(['', 'x'.repeat(129), 5, null])('is refused as %j', async (device) => {
    const { verify } = await start({})
    const response = await verify('ada', 'face ada 0', { device })
    expect(await expectProblem(response, 'invalid_request')).toContain('"device"')
  })
})

describe('a match at a stricter rate than the own', () => {
  it('that fails only there is no failure, forgets none, and is in the hour', async () => {
    const { verify } = await start({}, { FMR: 0.01, ATTEMPTS_PER_HOUR: 12 })
    for (let i = 0; i < 4; i++) await verify('ada', 'face bea 0')
    // 0.55: near enough at 0.01 (0.6), not at 0.001 (0.5).
    for (let i = 0; i < 3; i++) {
      const near = await verify('ada', 'face ada 0.55', { fmr: 0.001 })
      expect(await near.json()).toMatchObject({ decision: 'no_match', fmr: 0.001 })
    }
    expect((await guardOf('ada'))?.attempts).toMatchObject({ failures: 4, hour: { attempts: 7 } })
    await verify('ada', 'face ada 0.1', { fmr: 0.001 })
    expect((await guardOf('ada'))?.attempts).toMatchObject({ failures: 0, hour: { attempts: 8 } })
    for (let i = 0; i < 4; i++) await verify('ada', 'face ada 0.55', { fmr: 0.001 })
    await expectProblem(await verify('ada', 'face ada 0', { fmr: 0.001 }), 'rate_limited')
  })
})
