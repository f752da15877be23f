/** CONSISTENCY=edge: copies in KV decide alone, and every answer says so. Where objects live: JURISDICTION and LOCATION. */
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { placeObjects, readPlacement } from '../../../src/identity/reach/place-objects.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { guardOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  get,
  json,
} from '../../support/app/test-app.ts'
import { staleKv } from '../../support/doubles/stale-kv.ts'

beforeEach(() => resetStore())

const edge = { ...env, CONSISTENCY: 'edge' }
const right = { identity: 'ada', image: base64('face ada 0.1') }
const wrong = { identity: 'ada', image: base64('face stranger 0') }
const remove = { method: 'DELETE', headers: bearer(adminKey) }

async function start(bindings: object = edge) {
  const { send: sendTo } = createTestApp()
  const send = (path: string, init: RequestInit) => sendTo(path, init, bindings)
  expect((await enroll(send, 'ada')).status).toBe(201)
  const verify = async (body: object) => await send('/verify', json(body))
  return { send, verify }
}

describe('CONSISTENCY=edge', () => {
  it('says so in answer and receipt; strict says nothing', async () => {
    const { verify } = await start()
    const answer = await (await verify(right)).json<{ receipt: string }>()
    expect(answer).toMatchObject({ decision: 'match', consistency: 'edge' })
    expect(decodeJwt(answer.receipt)).toMatchObject({ sub: 'ada', consistency: 'edge' })
    const { send } = createTestApp()
    const strict = await (await send('/verify', json(right))).json<{ receipt: string }>()
    expect(strict).not.toHaveProperty('consistency')
    expect(decodeJwt(strict.receipt)).not.toHaveProperty('consistency')
  })

  it('counts no attempt and locks nobody out', async () => {
    const { verify } = await start()
    for (let i = 0; i < 7; i++) {
      expect(await (await verify(wrong)).json()).toMatchObject({ decision: 'no_match' })
    }
    expect(await guardOf('ada')).toBeUndefined()
    expect(await (await verify(right)).json()).toMatchObject({ decision: 'match' })
  })

  it('lets a deleted person in until KV has caught up, and not after', async () => {
    const late = staleKv(env.IDENTITIES)
    const { send, verify } = await start({ ...edge, IDENTITIES: late.kv })
    await late.catchUp()
    expect((await send('/admin/identities/ada', remove)).status).toBe(204)
    expect(await (await verify(right)).json()).toMatchObject({ decision: 'match' })
    await late.catchUp()
    await expectProblem(await verify(right), 'identity_not_found')
  })

  it('does not find whoever KV does not show yet', async () => {
    const { verify } = await start({ ...edge, IDENTITIES: staleKv(env.IDENTITIES).kv })
    await expectProblem(await verify(right), 'identity_not_found')
  })

  it('is strict for a challenge and for a session, which are spent in the object', async () => {
    const { send, verify } = await start()
    const asked = await send('/challenge', json({ identity: 'ada' }))
    const { challenge } = await asked.json<{ challenge: string }>()
    expect(await (await verify({ ...right, challenge })).json()).not.toHaveProperty('consistency')
    await expectProblem(await verify({ ...right, challenge }), 'challenge_invalid')
    const opened = await send('/sessions', json({ identity: 'ada' }))
    const { token } = await opened.json<{ token: string }>()
    const tried = await send('/verify', json({ image: right.image }, token))
    expect(await tried.json()).not.toHaveProperty('consistency')
    await expectProblem(await send('/verify', json({ image: right.image }, token)), 'session_over')
  })

  it('cannot be set where a challenge is required', async () => {
    const { send } = createTestApp()
    const bindings = { ...edge, REQUIRE_CHALLENGE: 'true' }
    const detail = await expectProblem(
      await send('/verify', json(right), bindings),
      'not_configured',
    )
    expect(detail).toContain('CONSISTENCY')
  })

  it.each(['', 'eventual', 'EDGE', true])('%j is refused', async (CONSISTENCY) => {
    const { send } = createTestApp()
    const response = await send('/verify', json(right), { ...env, CONSISTENCY })
    expect(await expectProblem(response, 'not_configured')).toContain('CONSISTENCY')
  })
})

describe('JURISDICTION and LOCATION', () => {
  it('a location: people are enrolled, found and deleted, and sessions kept', async () => {
    const { send, verify } = await start({ ...env, LOCATION: 'weur' })
    expect(await (await verify(right)).json()).toMatchObject({ decision: 'match' })
    const opened = await send('/sessions', json({ identity: 'ada' }))
    const { token, session } = await opened.json<{ token: string; session: string }>()
    await send('/verify', json({ image: right.image }, token))
    const read = await send(`/sessions/${session}`, get('test-app-key'))
    expect(await read.json()).toMatchObject({ status: 'matched' })
    expect((await send('/admin/identities/ada', remove)).status).toBe(204)
    await expectProblem(await verify(right), 'identity_not_found')
  })

  it('a jurisdiction that the runtime cannot keep is refused, and nobody is enrolled outside it', async () => {
    const { send } = createTestApp()
    const elsewhere = { ...env, JURISDICTION: 'eu' }
    const sendElsewhere = (path: string, init: RequestInit) => send(path, init, elsewhere)
    const detail = await expectProblem(await enroll(sendElsewhere, 'ada'), 'not_configured')
    expect(detail).toContain('JURISDICTION is eu')
    await expectProblem(await send('/admin/identities/ada', get(adminKey)), 'identity_not_found')
  })

  it.each([{ JURISDICTION: 'de' }, { LOCATION: 'europe' }, { JURISDICTION: '' }])(
    '%j is refused by name',
    async (placement) => {
      const { send } = createTestApp()
      const response = await send('/verify', json(right), { ...env, ...placement })
      const [name] = Object.keys(placement)
      expect(await expectProblem(response, 'not_configured')).toContain(name!)
    },
  )

  it('are asked of the namespace: a jurisdiction of all objects, a location of each call', () => {
    const asked: unknown[] = []
    const namespace = {
      jurisdiction: (jurisdiction: string) => {
        asked.push(jurisdiction)
        return namespace
      },
      getByName: (...given: unknown[]) => asked.push(given),
      get: (...given: unknown[]) => asked.push(given),
    }
    const placement = readPlacement({ JURISDICTION: 'eu', LOCATION: 'weur', OTHER: 'x' })
    expect(placement).toEqual({ jurisdiction: 'eu', location: 'weur' })
    expect(readPlacement({ JURISDICTION: 'nowhere' })).toEqual({})
    const placed = placeObjects(namespace as never, placement) as unknown as typeof namespace
    placed.getByName('ada')
    expect(asked).toEqual(['eu', ['ada', { locationHint: 'weur' }]])
  })
})
