import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  authenticate,
  type Doorkeeper,
  requireRole,
} from '../../../src/guard/caller/authenticate.ts'
import { createFailureLimit, type FailureLimit } from '../../../src/guard/caller/failure-limit.ts'
import { type Caller, createKeyRing, type Role } from '../../../src/guard/caller/keys.ts'
import { createPseudonym } from '../../../src/guard/caller/pseudonym.ts'
import type { SessionClaims } from '../../../src/guard/session.ts'

const now = Date.UTC(2026, 10, 24)
const allowed = 3

/** Counts like the binding, without its period. */
function createLimiter() {
  const counts = new Map<string, number>()
  const limit = vi.fn(async ({ key }: RateLimitOptions) => {
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return { success: count <= allowed }
  })
  return { limit, reset: () => counts.clear() }
}

let limiter: ReturnType<typeof createLimiter>
let door: Doorkeeper
beforeEach(async () => {
  limiter = createLimiter()
  const keys = await createKeyRing(
    { app: ['app-key-one', 'app-key-two'], admin: ['admin-key-one'] },
    createPseudonym(new Uint8Array(32)),
  )
  door = { keys, failures: createFailureLimit(limiter), openToken: async () => null }
})

async function enter(
  key: string | null,
  needed: Role = 'app',
  client = 'here',
  nowMs = now,
): Promise<Caller> {
  const authorization = key === null ? null : `Bearer ${key}`
  const caller = await authenticate({ authorization, client }, door, nowMs)
  requireRole(caller, needed)
  return caller
}

/** The code it is refused with, and for how long. */
async function refusal(...request: Parameters<typeof enter>) {
  const { code, retryAfterSeconds, message } = await enter(...request).then(
    () => ({ code: 'entered', retryAfterSeconds: undefined, message: '' }),
    (error) => error,
  )
  return { code, retryAfterSeconds, message }
}

async function failTooOften(client = 'here') {
  for (let i = 0; i < allowed; i++) {
    expect(await refusal('wrong-key', 'app', client)).toMatchObject({ code: 'unauthorized' })
  }
  expect(await refusal('wrong-key', 'app', client)).toMatchObject({ code: 'rate_limited' })
}

describe('a key', () => {
  it.each([
    ['app-key-one', 'app', 'app'],
    ['app-key-two', 'app', 'app'],
    ['admin-key-one', 'app', 'admin'],
    ['admin-key-one', 'admin', 'admin'],
  ] as const)('%s may do what asks for %s', async (key, needed, role) => {
    expect(await enter(key, needed)).toEqual({
      role,
      keyId: expect.stringMatching(/^[0-9a-f]{8}$/),
    })
  })

  it('of the role app is forbidden what asks for admin', async () => {
    expect(await refusal('app-key-one', 'admin')).toMatchObject({ code: 'forbidden' })
  })

  it.each([null, 'wrong-key'])('%j is unauthorized, for either role', async (key) => {
    for (const role of ['app', 'admin'] as const) {
      expect(await refusal(key, role)).toMatchObject({ code: 'unauthorized' })
    }
  })

  it('that is wrong is not repeated', async () => {
    expect((await refusal('secret-of-mine')).message).not.toContain('secret-of-mine')
  })

  it('that is live is not counted', async () => {
    await enter('app-key-one')
    await enter('admin-key-one', 'admin')
    await refusal('app-key-one', 'admin')
    expect(limiter.limit).not.toHaveBeenCalled()
  })
})

describe('the token of a session', () => {
  const session = { id: 'p-1', identity: 'eve', keyId: 'shop' }
  const present = async (keyOf: string, claims: SessionClaims | 'unread' = session) => {
    const keys = await createKeyRing(
      { app: [keyOf], admin: [] },
      createPseudonym(new Uint8Array(32)),
    )
    const openToken = async (shown: string) => (shown === 'token' ? claims : null)
    const credentials = { authorization: 'Bearer token', client: 'here' }
    return await authenticate(credentials, { ...door, keys, openToken }, now)
  }

  it('is the session, for the key that opened it', async () => {
    expect(await present('shop:app-key-one')).toEqual({ role: 'session', keyId: 'shop', session })
  })

  it.each([
    ['the key that opened it was withdrawn', 'gate:app-key-one', session],
    ['another version of the service sealed it', 'shop:app-key-one', 'unread'],
  ] as const)('is over when %s, and no guess at a key', async (_, keyOf, claims) => {
    const over = {
      code: 'session_over',
      message:
        'The key that opened the session was withdrawn, or another version of this service opened it.',
    }
    for (let i = 0; i <= allowed; i++) {
      await expect(present(keyOf, claims)).rejects.toMatchObject(over)
    }
    expect(limiter.limit).not.toHaveBeenCalled()
  })

  it('may do the one thing that it is for, and nothing that a key may', async () => {
    const { identity, ...anybody } = session
    const refused = (path: string) =>
      expect.objectContaining({
        code: 'forbidden',
        message: `The token of this session is only for POST ${path}.`,
      })
    const ofPerson = await present('shop:app-key-one')
    const ofAnybody = await present('shop:app-key-one', anybody)
    expect(() => requireRole(ofPerson, 'app', 'person')).not.toThrow()
    expect(() => requireRole(ofAnybody, 'app', 'anybody')).not.toThrow()
    for (const needed of ['app', 'admin'] as const) {
      expect(() => requireRole(ofPerson, needed, 'anybody')).toThrow(refused('/verify'))
      expect(() => requireRole(ofAnybody, needed, 'person')).toThrow(refused('/recognize'))
      expect(() => requireRole(ofPerson, needed)).toThrow(refused('/verify'))
    }
  })
})

describe('a client that failed too often', () => {
  it('is rate_limited for a minute', async () => {
    await failTooOften()
    expect(await refusal('wrong-key')).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 60,
    })
    limiter.reset()
    expect(await refusal('wrong-key', 'app', 'here', now + 59_999)).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 0.001,
    })
    expect(await refusal('wrong-key', 'app', 'here', now + 60_000)).toMatchObject({
      code: 'unauthorized',
    })
  })

  it('cannot tell a right admin key from a wrong one', async () => {
    await failTooOften()
    limiter.limit.mockClear()
    const soon = now + 12_345
    for (const needed of ['app', 'admin'] as const) {
      const right = await refusal('admin-key-one', needed, 'here', soon)
      expect(right.code).toBe('rate_limited')
      expect(await refusal('wrong-key', needed, 'here', soon)).toEqual(right)
      expect(await refusal(null, needed, 'here', soon)).toEqual(right)
    }
    expect(limiter.limit).not.toHaveBeenCalled()
    expect(await enter('admin-key-one', 'admin', 'here', now + 60_000)).toBeDefined()
  })

  it('does not shut out anybody elsewhere', async () => {
    await failTooOften()
    expect(await enter('admin-key-one', 'admin', 'elsewhere')).toBeDefined()
    expect(await refusal('wrong-key', 'app', 'elsewhere')).toMatchObject({ code: 'unauthorized' })
  })

  it('does not shut out a right app key beside it', async () => {
    await failTooOften()
    expect(await enter('app-key-one')).toMatchObject({ role: 'app' })
  })
})

describe('a limiter', () => {
  it('that cannot be reached counts as exceeded', async () => {
    limiter.limit.mockRejectedValue(new Error('down'))
    expect(await refusal('wrong-key')).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 60,
    })
    expect(await enter('app-key-one')).toBeDefined()
    expect(await refusal('admin-key-one', 'admin')).toMatchObject({ code: 'rate_limited' })
  })

  it('remembers a bounded number of clients', async () => {
    const failures: FailureLimit = createFailureLimit({ limit: async () => ({ success: false }) })
    for (let i = 0; i < 1001; i++) await failures.count(`client ${i}`, now)
    expect(failures.exceededForMs('client 0', now)).toBe(0)
    expect(failures.exceededForMs('client 1', now)).toBe(60_000)
    expect(failures.exceededForMs('client 1000', now)).toBe(60_000)
  })

  it('lasts no longer when the clock is set back by hours', async () => {
    const failures = createFailureLimit({ limit: async () => ({ success: false }) })
    await failures.count('client', now)
    expect(failures.exceededForMs('client', now - 1000)).toBe(61_000)
    expect(failures.exceededForMs('client', now - 3_600_000)).toBe(0)
  })
})
