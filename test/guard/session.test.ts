import { describe, expect, it } from 'vitest'
import { maxGivenBack } from '../../src/guard/attempts.ts'
import {
  beginTry,
  type Decided,
  fairShare,
  forgottenAtMs,
  keptAfterMs,
  makeRoom,
  matchOf,
  maxSessions,
  openSession,
  type Session,
  settleTry,
  statusOf,
  unreadMs,
} from '../../src/guard/session.ts'

const now = Date.UTC(2026, 10, 28)
const later = now + 60_000
const terms = { id: 'p-1', identity: 'eve', audience: 'shop', tries: 2, expiresMs: later }
const decided = (decision: Decided['decision']): Decided => ({
  decision,
  identity: 'eve',
  model: 'made-up@1',
  liveness: 'not_checked',
})
const tried = (decision: Decided['decision'], atMs = now) => ({
  atMs,
  requestId: 'r',
  result: decided(decision),
})
const failed = { atMs: now, requestId: 'r', result: { code: 'no_face' } } as const

function begin(session: Session, nowMs = now): Session {
  const begun = beginTry(session, nowMs)
  if (begun === null) throw new Error('no try')
  return begun
}
function settle(
  session: Session,
  ...rest: [Parameters<typeof settleTry>[1], Session['attempts'][0]]
) {
  const settled = settleTry(session, ...rest, now)
  if (settled === null) throw new Error('over')
  return settled
}

describe('a try', () => {
  it('is spent before it ends, and there are as many as were asked for', () => {
    const second = begin(begin(openSession(terms)))
    expect(second).toMatchObject({ triesLeft: 0, running: 2 })
    expect(beginTry(second, now)).toBeNull()
  })

  it('that never ends stays spent, and leaves the session open until its time is over', () => {
    const dead = begin(begin(openSession(terms)))
    expect(statusOf(dead, later - 1)).toBe('open')
    expect(statusOf(dead, later)).toBe('expired')
  })

  it('that was compared is spent for good', () => {
    const once = settle(begin(openSession(terms)), 'no_match', tried('no_match'))
    expect(once).toMatchObject({ triesLeft: 1, running: 0, attempts: [tried('no_match')] })
    expect(settle(begin(once), 'near', tried('no_match')).triesLeft).toBe(0)
  })

  it('is given back by an unusable photo, up to a number in the session', () => {
    let session = openSession(terms)
    for (let i = 0; i < maxGivenBack; i++) session = settle(begin(session), 'unusable', failed)
    expect(session).toMatchObject({ triesLeft: 2, givenBack: maxGivenBack })
    session = settle(begin(session), 'unusable', failed)
    expect(session.triesLeft).toBe(1)
  })

  it('is given back by every fault of the service, which is not listed', () => {
    let session = openSession(terms)
    for (let i = 0; i < 100; i++) session = settle(begin(session), 'fault', failed)
    expect(session).toMatchObject({ triesLeft: 2, attempts: [] })
  })
})

describe('the end', () => {
  it('is the first match, for tries that are running too', () => {
    const matched = settle(begin(begin(openSession(terms))), 'match', tried('match'))
    expect(statusOf(matched, now)).toBe('matched')
    expect(matchOf(matched)).toEqual(tried('match'))
    for (const outcome of ['match', 'no_match', 'unusable', 'fault'] as const) {
      expect(settleTry(matched, outcome, tried('match'), now)).toBeNull()
    }
    expect(beginTry(matched, now)).toBeNull()
  })

  it('is the last try, once it has ended', () => {
    const last = begin(begin(openSession(terms)))
    const one = settle(last, 'no_match', tried('no_match'))
    expect(statusOf(one, now)).toBe('open')
    expect(statusOf(settle(one, 'no_match', tried('no_match')), now)).toBe('spent')
  })

  it('is its time, for a try that began before too', () => {
    const running = begin(openSession(terms), later - 1)
    expect(settleTry(running, 'match', tried('match'), later - 1)).not.toBeNull()
    expect(settleTry(running, 'match', tried('match'), later)).toBeNull()
    expect(beginTry(openSession(terms), later)).toBeNull()
  })

  it('leaves a match a match when the time is over', () => {
    const matched = settle(begin(openSession(terms)), 'match', tried('match'))
    expect(statusOf(matched, later + keptAfterMs)).toBe('matched')
    expect(forgottenAtMs(matched)).toBe(later + keptAfterMs)
  })

  it('is no match of somebody whom two are as near to', () => {
    const session = settle(begin(openSession(terms)), 'no_match', tried('ambiguous'))
    expect(matchOf(session)).toBeUndefined()
    expect(statusOf(session, now)).toBe('open')
  })
})

describe('room for one more session', () => {
  const idsOf = (sessions: readonly Session[]) => sessions.map(({ id }) => id)
  const opened = (changes: Partial<Session>, id = 'given'): Session => ({
    ...openSession({ ...terms, id }),
    ...changes,
  })
  const matched = (atMs: number): Partial<Session> => ({ attempts: [tried('match', atMs)] })
  /** As many as there may be, the first of them as given: those that give way. */
  const giveWay = (changes: Partial<Session>, others: Partial<Session>, nowMs = now): string[] => {
    const rest = Array.from({ length: maxSessions - 1 }, (_, i) => opened(others, `other-${i}`))
    return makeRoom([opened(changes), ...rest], undefined, nowMs).map(({ id }) => id)
  }
  const [soonest, latest] = [{ expiresMs: now + 1 }, { expiresMs: later + 1 }]

  it('is there while there are fewer', () => {
    const all = Array.from({ length: maxSessions - 1 }, (_, i) => opened({}, `${i}`))
    expect(makeRoom(all, undefined, now)).toEqual([])
  })

  it.each<[string, Partial<Session>, Partial<Session>]>([
    ['that is over, before one that waits', { ...latest, triesLeft: 0 }, {}],
    ['whose match is a minute old', { ...latest, ...matched(now - unreadMs) }, {}],
    ['that waits, before one that was compared', latest, { attempts: [tried('no_match')] }],
    ['that waits, before one with drawn poses', latest, { draws: 1 }],
    ['that waits, before one whose photo is being compared', latest, { running: 1 }],
    ['that had a photo which was not compared', { ...soonest, attempts: [failed] }, {}],
    ['in use, before a match of this minute', { ...latest, draws: 1 }, matched(now - unreadMs + 1)],
    ['that is next to expire of those in use', { ...soonest, draws: 1 }, { draws: 1 }],
  ])('is made by one %s', (_, changes, others) => {
    expect(giveWay(changes, others)).toEqual(['given'])
  })

  it('is made by the one that is next to expire, in whichever order they were opened', () => {
    const waiting = Array.from({ length: maxSessions }, (_, i) =>
      opened({ expiresMs: later - i }, `${i}`),
    )
    expect(idsOf(makeRoom(waiting, undefined, now))).toEqual([`${maxSessions - 1}`])
    expect(idsOf(makeRoom(waiting.toReversed(), undefined, now))).toEqual([`${maxSessions - 1}`])
  })

  it('is made by a device that opens one after the other, and by no other, whatever it does with them', () => {
    const own = Array.from({ length: maxSessions - 1 }, (_, i) =>
      opened({ device: 'thief', draws: 1, expiresMs: later + i }, `thief-${i}`),
    )
    const waiting = opened({ device: 'phone', ...soonest }, 'phone')
    expect(idsOf(makeRoom([waiting, ...own], 'thief', now))).toEqual(['thief-0'])
    const fresh = opened({ device: 'thief', ...matched(now) }, 'matched')
    const some = [waiting, fresh, ...own.slice(2), opened({ ...latest }, 'unnamed')]
    expect(idsOf(makeRoom(some, 'thief', now))).toEqual(['thief-2'])
  })

  /** In use, so that one that waits gives way before them, each device having few. */
  const inUse = (count: number, device: string | undefined, name = device) =>
    Array.from({ length: count }, (_, i) =>
      opened({ ...(device && { device }), draws: 1, expiresMs: later + i }, `${name}-${i}`),
    )
  const waiting = opened({ device: 'phone', ...soonest }, 'phone')

  it('is made by the device of the new one where that has more than a share with it', () => {
    const few = ['one', 'two', 'three'].flatMap((device) => inUse(fairShare, device))
    const full = [waiting, ...few, ...inUse(maxSessions - 1 - few.length, 'four')]
    expect(full).toHaveLength(maxSessions)
    expect(idsOf(makeRoom(full, 'one', now))).toEqual(['one-0'])
    expect(idsOf(makeRoom(full, 'four', now))).toEqual(['phone'])
  })

  it('is made by sessions without a device together before one of a device, whoever opens the next', () => {
    const full = [waiting, ...inUse(maxSessions - 1, undefined, 'unnamed')]
    for (const device of [undefined, 'phone', 'other']) {
      expect(idsOf(makeRoom(full, device, now))).toEqual(['unnamed-0'])
    }
  })
})
