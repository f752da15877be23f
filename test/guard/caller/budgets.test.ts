import { beforeEach, describe, expect, it } from 'vitest'
import { type Budgets, createBudgets } from '../../../src/guard/caller/budgets.ts'
import { createPseudonym } from '../../../src/guard/caller/pseudonym.ts'

const pseudonym = createPseudonym(new Uint8Array(32))
const app = { role: 'app', keyId: 'shop' } as const
const other = { role: 'app', keyId: 'gate' } as const
const admin = { role: 'admin', keyId: 'ops' } as const

/** Counts like the binding, without its period. */
function limiter(allowed: number) {
  const counts = new Map<string, number>()
  return {
    counts,
    limit: async ({ key }: RateLimitOptions) => {
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return { success: count <= allowed }
    },
  }
}

let nowMs: number
let limiters: ReturnType<typeof createLimiters>
let budgets: Budgets
const createLimiters = () => ({
  keyWork: limiter(10),
  keyFailures: limiter(5),
  deviceFailures: limiter(3),
})
beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 24)
  limiters = createLimiters()
  budgets = createBudgets(limiters, pseudonym, () => nowMs)
})

function over(whose: string) {
  return expect.objectContaining({
    code: 'rate_limited',
    message: expect.stringContaining(whose),
    retryAfterSeconds: expect.any(Number),
  })
}

async function fail(times: number, device?: string, caller: typeof app | typeof other = app) {
  for (let i = 0; i < times; i++) {
    const budget = budgets(caller)
    if (device !== undefined) budget.nameDevice(device)
    await budget.countFailure()
  }
}

describe('the budget of a key', () => {
  it('is charged photo by photo, before they are looked at', async () => {
    for (let i = 0; i < 5; i++) await budgets(app).charge(2)
    await expect(budgets(app).charge(1)).rejects.toEqual(over('photos'))
    await expect(budgets(other).charge(1)).resolves.toBeUndefined()
  })

  it('is charged every photo of a try, and lets no token in once it is spent', async () => {
    const session = { role: 'session', keyId: 'shop', session: { id: 's', keyId: 'shop' } } as const
    await budgets(session).chargeTry(4)
    await budgets(session).chargeTry(4)
    expect(() => budgets(session).enter()).not.toThrow()
    await budgets(session).chargeTry(4)
    expect(() => budgets(session).enter()).toThrow(over('photos'))
  })

  it('withholds the answer to the failure that is one too many, and every answer after it', async () => {
    await fail(5)
    const running = budgets(app)
    await expect(fail(1)).rejects.toEqual(over('key'))
    // A match that was on its way: else requests sent at once would tell which of them matched.
    expect(() => running.requireLeft()).toThrow(over('key'))
    await expect(budgets(app).charge(1)).rejects.toEqual(over('key'))
    await expect(fail(1, undefined, other)).resolves.toBeUndefined()
    nowMs += 60_000
    expect(() => running.requireLeft()).not.toThrow()
  })

  it('is not filled again by answers that are no failure', async () => {
    await fail(5)
    for (let i = 0; i < 5; i++) budgets(app).requireLeft()
    await expect(fail(1)).rejects.toEqual(over('key'))
  })

  it('is that of every person who is tried: it does not know whom', async () => {
    await fail(5)
    expect([...limiters.keyFailures.counts.values()]).toEqual([5])
  })

  it('is none for administrators, who could end any lockout', async () => {
    const budget = budgets(admin)
    for (let i = 0; i < 50; i++) {
      await budget.charge(10)
      budget.nameDevice('phone')
      await budget.countFailure()
    }
    expect(limiters.keyWork.counts.size + limiters.keyFailures.counts.size).toBe(0)
  })

  it('is spent where the limiter cannot be reached', async () => {
    const down = { limit: () => Promise.reject(new Error('down')) }
    const closed = createBudgets(
      { keyWork: down, keyFailures: down, deviceFailures: down },
      pseudonym,
      () => nowMs,
    )
    await expect(closed(app).charge(1)).rejects.toEqual(over('photos'))
    await expect(closed(app).countFailure()).rejects.toEqual(over('key'))
  })
})

describe('the budget of a device', () => {
  it('is that of unknown identities too, and without a device the key has them', async () => {
    const named = budgets(app)
    named.nameDevice('phone')
    for (let i = 0; i < 3; i++) await named.countUnknown()
    for (let i = 0; i < 5; i++) await expect(named.countUnknown()).rejects.toEqual(over('device'))
    // Those that were too many count for the key no more: what one device is asked stops no other.
    expect([...limiters.keyFailures.counts.values()]).toEqual([3])
    await expect(fail(5)).resolves.toBeUndefined()
    await expect(budgets(app).countUnknown()).rejects.toEqual(over('key'))
  })

  it('adds nothing to the unknown identities that the key is told of without it', async () => {
    for (let i = 0; i < 3; i++) await budgets(app).countUnknown()
    for (const device of ['phone', 'other phone']) {
      const named = budgets(app)
      named.nameDevice(device)
      await named.countUnknown()
    }
    await expect(budgets(app).countUnknown()).rejects.toEqual(over('key'))
    await expect(budgets(other).countUnknown()).resolves.toBeUndefined()
  })

  it('has unknown identities that are no work of the key: one typo stops no busy one', async () => {
    await budgets(app).charge(10)
    const named = budgets(app)
    named.nameDevice('phone')
    await expect(named.countUnknown()).resolves.toBeUndefined()
    expect([...limiters.keyWork.counts.values()]).toEqual([10])
    expect(() => named.requireLeft()).not.toThrow()
  })

  it('is no way to more unknown identities, whatever devices are invented', async () => {
    const ask = async (device: string) => {
      const budget = budgets(app)
      await budget.charge(1)
      budget.nameDevice(device)
      budget.nameIdentity()
      return budget
    }
    const session = { role: 'session', keyId: 'shop', session: { id: 's', keyId: 'shop' } } as const
    for (let i = 0; i < 5; i++) await (await ask(`invented ${i}`)).countUnknown()
    const [unknown, enrolled] = [await ask('invented 6'), await ask('phone')]
    await expect(unknown.countUnknown()).rejects.toEqual(over('key'))
    // Asked for at once: who is enrolled gets no answer either.
    expect(() => enrolled.requireLeft()).toThrow(over('key'))
    await expect(ask('invented 7')).rejects.toEqual(over('key'))
    // A phone that holds a token can ask for no name, and neither does who is compared or recognized.
    budgets(session).nameIdentity()
    await budgets(app).charge(1)
    nowMs += 60_000
    expect(() => enrolled.requireLeft()).not.toThrow()
  })

  it('stops it, and no other of the key', async () => {
    await fail(3, 'phone')
    await expect(fail(1, 'phone')).rejects.toEqual(over('device'))
    expect(() => budgets(app).nameDevice('phone')).toThrow(over('device'))
    expect(() => budgets(app).nameDevice('other phone')).not.toThrow()
    expect(() => budgets(other).nameDevice('phone')).not.toThrow()
  })

  it('is counted under a name from which nobody can tell the device', async () => {
    await fail(1, 'phone')
    const [name] = limiters.deviceFailures.counts.keys()
    expect(name).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('the budget of a session', () => {
  const session = (id: string) =>
    ({ role: 'session', keyId: 'shop', session: { id, identity: 'eve', keyId: 'shop' } }) as const

  it('stops a token that is sent for nothing, no other of the key, and no answer on its way', async () => {
    const running = budgets(session('p-1'))
    for (let i = 0; i < 3; i++) await budgets(session('p-1')).countVain()
    await expect(budgets(session('p-1')).countVain()).rejects.toEqual(over('session'))
    expect(() => budgets(session('p-1')).enter()).toThrow(over('session'))
    expect(() => running.requireLeft()).not.toThrow()
    expect(() => budgets(session('p-2')).enter()).not.toThrow()
    expect(() => budgets(app).enter()).not.toThrow()
    nowMs += 60_000
    expect(() => budgets(session('p-1')).enter()).not.toThrow()
  })

  it('has the photos of tries in that of its key: beyond it, sessions of the key wait', async () => {
    await budgets(session('p-1')).chargeTry(10)
    expect(() => budgets(session('p-2')).enter()).not.toThrow()
    await budgets(session('p-1')).chargeTry(1)
    expect(() => budgets(session('p-2')).enter()).toThrow(over('photos'))
    expect(() => budgets({ ...session('p-3'), keyId: 'gate' }).enter()).not.toThrow()
    // A key that sends photos itself is charged before each, and has other requests too.
    expect(() => budgets(app).enter()).not.toThrow()
  })

  it('is none of keys, which send no token for nothing', async () => {
    for (let i = 0; i < 10; i++) await budgets(app).countVain()
    expect(limiters.deviceFailures.counts.size).toBe(0)
  })
})
