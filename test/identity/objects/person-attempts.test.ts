import { expect, it } from 'vitest'
import { createSeenPrints } from '../../../src/guard/seen-prints.ts'
import { openSession } from '../../../src/guard/session.ts'
import { createGuardTable } from '../../../src/identity/objects/guard-table.ts'
import { PersonAttempts } from '../../../src/identity/objects/person-attempts.ts'
import { createSessionTable } from '../../../src/identity/objects/session-table.ts'

const nowMs = Date.UTC(2026, 10, 30)
const policy = { after: 5, firstSeconds: 30, maxSeconds: 3600 }

function start() {
  const kept = new Map<string, unknown>()
  const kv = {
    get: (key: string) => kept.get(key),
    put: (key: string, value: unknown) => void kept.set(key, value),
    delete: (key: string) => kept.delete(key),
    list: ({ prefix }: { prefix: string }) => [...kept].filter(([key]) => key.startsWith(prefix)),
  } as unknown as SyncKvStorage
  const [sessions, guard] = [createSessionTable(kv), createGuardTable(kv)]
  const attempts = new PersonAttempts(sessions, guard, createSeenPrints(kv))
  return {
    sessions,
    failures: () => guard.state().attempts.failures,
    begin: (attemptId: string, version: number, sessionId?: string) =>
      attempts.begin(
        {
          attemptId,
          isRepeatable: false,
          policy,
          challengeDigest: null,
          ...(sessionId && { sessionId }),
        },
        version,
        nowMs,
      ),
    settle: attempts.settle.bind(attempts),
  }
}

it('an end that compared with neither the current record nor that of the beginning settles nothing', () => {
  const { begin, settle, failures } = start()
  expect(begin('one', 3)).toMatchObject({ kind: 'admitted', version: 3 })
  for (const outcome of ['no_match', 'match', 'unusable'] as const) {
    const end = { attemptId: 'one', version: 2, outcome, policy }
    expect(settle(end, 4, nowMs)).toEqual({ kind: 'stale' })
    expect(failures()).toBe(1)
  }
  const end = { attemptId: 'one', version: 3, outcome: 'no_match', policy } as const
  expect(settle(end, 4, nowMs)).toEqual({ kind: 'settled' })
})

it.each([
  ['whose time is over', () => undefined, nowMs + 1000],
  [
    'that was revoked',
    ({ sessions }: ReturnType<typeof start>) => sessions.forget('session'),
    nowMs,
  ],
])('a match in a session %s resets no failures', (_, end, atMs) => {
  const person = start()
  const { begin, settle, failures, sessions } = person
  const terms = { id: 'session', audience: 'shop', tries: 3, expiresMs: nowMs + 1000 }
  sessions.add(openSession(terms), nowMs)
  for (const attemptId of ['one', 'two']) {
    begin(attemptId, 1)
    settle({ attemptId, version: 1, outcome: 'no_match', policy }, 1, nowMs)
  }
  expect(begin('three', 1, 'session')).toMatchObject({ kind: 'admitted' })
  end(person)
  const session = {
    id: 'session',
    attempt: {
      atMs,
      requestId: 'r',
      result: { decision: 'match', model: 'm', liveness: 'not_checked' },
    },
  } as const
  const matched = { attemptId: 'three', version: 1, outcome: 'match', policy, session } as const
  expect(settle(matched, 1, atMs)).toEqual({ kind: 'session_over' })
  expect(failures()).toBe(2)
})
