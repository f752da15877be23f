/** A try of a session for whoever is recognized, whose object answers as it is told; whole sessions are in test/api/endpoints. */
import { describe, expect, it } from 'vitest'
import { openSession } from '../../../src/guard/session.ts'
import type { SessionObject } from '../../../src/identity/objects/session-object.ts'
import { makeSessionId, type SessionKind } from '../../../src/identity/session-token.ts'
import {
  createSessionDesk,
  type SessionDeskOptions,
} from '../../../src/people/claim/session-desk.ts'
import { fakeModel } from '../../support/app/fake-engine.ts'

const objectId = 'ab'.repeat(32)
const ids = {
  anybody: makeSessionId({ kind: 'anybody', objectId }),
  person: makeSessionId({ kind: 'person', objectId }),
}
const requestId = '01M85XZGHSMA8T3RG3MVZ4486X'
const decided = { decision: 'match', model: fakeModel, liveness: 'not_checked' } as const
const verdict = { counts: 'match', decided, decidedMs: 7 } as const
const over = { code: 'session_over' }

function deskWhere({ isOpen }: { readonly isOpen: boolean }) {
  const settled: unknown[] = []
  const session = openSession({ id: 'a', audience: 'shop', tries: 1, expiresMs: 99 })
  const object = {
    beginTry: async () => session,
    settleTry: async (...sent: unknown[]) => {
      settled.push(sent)
      return isOpen
    },
  }
  const namespace = { idFromString: (id: string) => id, get: () => object }
  const desk = createSessionDesk({
    persons: namespace as unknown as SessionDeskOptions['persons'],
    sessions: namespace as unknown as DurableObjectNamespace<SessionObject>,
    tokens: { seal: () => expect.unreachable(), open: () => expect.unreachable() },
    policy: { after: 5, firstSeconds: 30, maxSeconds: 3600 },
    pseudonym: () => expect.unreachable(),
    now: () => new Date(9),
  })
  const attempt = (kind: SessionKind) =>
    desk.attempt({ id: ids[kind], keyId: 'shop' }, requestId, async () => verdict)
  return { attempt, settled }
}

describe('a try of a session for whoever is recognized', () => {
  it('has its verdict once the object has settled it', async () => {
    const { attempt, settled } = deskWhere({ isOpen: true })
    expect(await attempt('anybody')).toBe(verdict)
    expect(settled).toEqual([[ids.anybody, 'match', { atMs: 7, requestId, result: decided }, 9]])
  })

  it('has none where the session ended meanwhile', async () => {
    await expect(deskWhere({ isOpen: false }).attempt('anybody')).rejects.toMatchObject(over)
  })

  it('is none of a session for one person', async () => {
    const { attempt, settled } = deskWhere({ isOpen: true })
    await expect(attempt('person')).rejects.toMatchObject(over)
    expect(settled).toEqual([])
  })
})
