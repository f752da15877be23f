import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeModel } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { damageRecord, isStored, keysInKv } from '../../support/app/stored-people.ts'
import {
  adminKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  get,
  json,
} from '../../support/app/test-app.ts'
import { faultyKv } from '../../support/doubles/faulty-kv.ts'
import { faultyObjects } from '../../support/doubles/faulty-objects.ts'

interface Page {
  identities: { identity: string; name?: string; encodings: number; model: string }[]
  cursor?: string
}

const { send } = createTestApp({ now: () => new Date('2026-11-24T03:33:00Z') })

beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  await resetStore()
})

async function list(query = ''): Promise<Page> {
  const response = await send(`/admin/identities${query}`, get(adminKey))
  expect(response.status).toBe(200)
  return await response.json<Page>()
}

const withoutList = { ...env, DIRECTORY: faultyObjects(env.DIRECTORY, 'people') }

describe('GET /admin/identities', () => {
  it('lists nobody when nobody is enrolled', async () => {
    expect(await list()).toEqual({ identities: [] })
  })

  it('lists in order, with name, number of encodings and model, from the directory alone', async () => {
    await enroll(send, 'younes', ['face a 0', 'face a 0.1'], { name: 'Younes ☕' })
    await enroll(send, 'benoit')
    expect(await list()).toEqual({
      identities: [
        { identity: 'benoit', encodings: 1, model: fakeModel },
        { identity: 'younes', name: 'Younes ☕', encodings: 2, model: fakeModel },
      ],
    })
    const alone = {
      ...env,
      PERSON: faultyObjects(env.PERSON, 'read'),
      IDENTITIES: faultyKv(env.IDENTITIES, 'list'),
    }
    expect((await send('/admin/identities', get(adminKey), alone)).status).toBe(200)
  })

  it('tells the longest names', async () => {
    for (const name of ['☕'.repeat(200), '"'.repeat(200), '\\'.repeat(200), '😀'.repeat(100)]) {
      expect((await enroll(send, 'x'.repeat(128), undefined, { name })).status).toBeLessThan(300)
      expect((await list()).identities[0].name).toBe(name)
    }
  })

  it('goes through all pages without losing or repeating anybody', async () => {
    const everybody = Array.from({ length: 7 }, (_, i) => `person-${i}`)
    for (const id of everybody) await enroll(send, id)
    const seen: string[] = []
    let query = '?limit=3'
    for (let pages = 1; ; pages++) {
      const page = await list(query)
      expect(page.identities.length).toBeLessThanOrEqual(3)
      seen.push(...page.identities.map(({ identity }) => identity))
      if (page.cursor === undefined) {
        expect(pages).toBe(3)
        break
      }
      query = `?limit=3&cursor=${encodeURIComponent(page.cursor)}`
    }
    expect(seen).toEqual(everybody)
  })

  it('lists only who begins with the prefix', async () => {
    for (const id of ['ab', 'abc', 'b', 'a']) await enroll(send, id)
    const { identities } = await list('?prefix=ab')
    expect(identities.map(({ identity }) => identity)).toEqual(['ab', 'abc'])
    expect((await list('?prefix=')).identities).toHaveLength(4)
    expect((await list('?prefix=zz')).identities).toEqual([])
  })

  it('lists who cannot be read, so that they can be deleted', async () => {
    await enroll(send, 'strange')
    await damageRecord('strange')
    expect((await list()).identities).toMatchObject([{ identity: 'strange' }])
  })

  it('lists without the name whose name no key opens', async () => {
    await enroll(send, 'younes', undefined, { name: 'Younes' })
    const others = { ...env, TEMPLATE_KEYS: `other:${btoa('k'.repeat(32))}` }
    const response = await send('/admin/identities', get(adminKey), others)
    expect(await response.json()).toEqual({
      identities: [{ identity: 'younes', encodings: 1, model: fakeModel }],
    })
  })

  it.each([
    'limit=0',
    'limit=1001',
    'limit=ten',
    'limit=',
    'prefix=a/b',
    'page=2',
    'limit=1&limit=2',
    'cursor=',
    'cursor=a/b',
  ])('refuses %s', async (query) => {
    const response = await send(`/admin/identities?${query}`, get(adminKey))
    const detail = await expectProblem(response, 'invalid_request')
    expect(detail).toContain(`"${query.split('=')[0]}"`)
  })

  it('says so when the store is down', async () => {
    const response = await send('/admin/identities?cursor=abc', get(adminKey), withoutList)
    await expectProblem(response, 'store_unavailable')
  })
})

describe('GET /admin/identities/{id}', () => {
  it('tells everything but the encodings themselves', async () => {
    await enroll(send, 'younes', ['face a 0', 'face a 0.1'], { name: 'Younes' })
    const response = await send('/admin/identities/younes', get(adminKey))
    expect(await response.json()).toEqual({
      identity: 'younes',
      name: 'Younes',
      encodings: 2,
      model: fakeModel,
      createdAt: '2026-11-24T03:33:00.000Z',
      updatedAt: '2026-11-24T03:33:00.000Z',
    })
  })

  it('says who is not there', async () => {
    await expectProblem(await send('/admin/identities/nobody', get(adminKey)), 'identity_not_found')
  })

  it('refuses an id or a query that is none', async () => {
    await expectProblem(await send('/admin/identities/a%20b', get(adminKey)), 'invalid_request')
    await expectProblem(await send('/admin/identities/a?b=c', get(adminKey)), 'invalid_request')
  })

  it('says so when the store is down', async () => {
    const bindings = { ...env, PERSON: faultyObjects(env.PERSON, 'read') }
    const response = await send('/admin/identities/younes', get(adminKey), bindings)
    await expectProblem(response, 'store_unavailable')
  })
})

describe('DELETE /admin/identities/{id}', () => {
  const remove = { method: 'DELETE', headers: bearer(adminKey) }

  it('forgets the person', async () => {
    await enroll(send, 'younes')
    const response = await send('/admin/identities/younes', remove)
    expect(response.status).toBe(204)
    expect(await response.text()).toBe('')
    expect(await isStored('younes')).toBe(false)
    expect(await keysInKv()).toEqual([])
    const request = json({ identity: 'younes', image: base64('face younes 0') })
    await expectProblem(await send('/verify', request), 'identity_not_found')
    await expectProblem(await send('/admin/identities/younes', remove), 'identity_not_found')
  })

  it('deletes a record that cannot be read', async () => {
    await enroll(send, 'strange')
    await damageRecord('strange')
    expect((await send('/admin/identities/strange', remove)).status).toBe(204)
    expect(await isStored('strange')).toBe(false)
  })

  it('says so when the store fails', async () => {
    await enroll(send, 'younes')
    const bindings = { ...env, PERSON: faultyObjects(env.PERSON, 'commit') }
    const response = await send('/admin/identities/younes', remove, bindings)
    await expectProblem(response, 'store_unavailable')
    expect(await isStored('younes')).toBe(true)
  })
})
