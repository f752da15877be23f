import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { isStored, keysInKv, stateOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  appKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  form,
  get,
  json,
  photo,
  raw,
} from '../../support/app/test-app.ts'

/** The clock of the Worker; that of an alarm is the real one, years behind it. */
let now: Date
const { send } = createTestApp({ now: () => now })
const dueAt = '2100-06-01T12:00:00.000Z'
const due = new Date(dueAt)

beforeEach(async () => {
  await resetStore()
  now = new Date('2100-01-01T00:00:00Z')
})

const patch = async (body: unknown) =>
  await send('/admin/identities/ada', json(body, adminKey, 'PATCH'))
const read = async () => await send('/admin/identities/ada', get(adminKey))
const verify = async () =>
  await send('/verify', json({ identity: 'ada', image: base64('face ada 0') }, appKey))
const recognize = async () =>
  await (await send('/recognize', json({ image: base64('face ada 0') }, appKey))).json()
async function list(query = '') {
  const response = await send(`/admin/identities${query}`, get(adminKey))
  return await response.json<{ identities: { identity: string }[]; cursor?: string }>()
}
const alarmMs = () =>
  runInDurableObject(env.PERSON.getByName('ada'), (_, { storage }) => storage.getAlarm())

describe('a person with a time to be forgotten', () => {
  it('shows it, sets an alarm for it, and matches until then', async () => {
    const response = await enroll(send, 'ada', ['face ada 0'], { expiresAt: dueAt })
    expect(await response.json()).toMatchObject({ expiresAt: dueAt })
    expect(await (await read()).json()).toMatchObject({ expiresAt: dueAt })
    expect(await list()).toMatchObject({ identities: [{ identity: 'ada', expiresAt: dueAt }] })
    expect(await alarmMs()).toBeGreaterThan(Date.now())
    now = new Date(due.getTime() - 1)
    expect(await (await verify()).json()).toMatchObject({ decision: 'match' })
    expect(await recognize()).toMatchObject({ decision: 'match', identity: 'ada' })
  })

  it('is nobody from then on, however late the alarm is', async () => {
    await enroll(send, 'ada', ['face ada 0'], { expiresAt: dueAt })
    await enroll(send, 'bob', ['face bob 0'])
    expect(await recognize()).toMatchObject({ decision: 'match' })
    now = due
    expect(await isStored('ada')).toBe(true)
    await expectProblem(await verify(), 'identity_not_found')
    await expectProblem(await read(), 'identity_not_found')
    await expectProblem(await patch({ name: 'Ada' }), 'identity_not_found')
    expect(await recognize()).toMatchObject({ decision: 'no_match', candidates: [] })
    const elsewhere = createTestApp({ now: () => now }).send
    const found = await elsewhere('/recognize', json({ image: base64('face ada 0') }, appKey))
    expect(await found.json()).toMatchObject({ decision: 'no_match', candidates: [] })
    expect((await list()).identities.map(({ identity }) => identity)).toEqual(['bob'])
  })

  it('does not end a listing early', async () => {
    for (const id of ['ada', 'bob', 'cyd']) {
      await enroll(send, id, undefined, id === 'ada' ? { expiresAt: dueAt } : {})
    }
    now = due
    const first = await list('?limit=1')
    expect(first).toEqual({ identities: [], cursor: 'ada' })
    expect(await list('?limit=2&cursor=ada')).toMatchObject({
      identities: [{ identity: 'bob' }, { identity: 'cyd' }],
    })
  })

  it('is deleted by the alarm, everywhere', async () => {
    now = new Date()
    const soon = new Date(now.getTime() + 200)
    await enroll(send, 'ada', ['face ada 0'], { expiresAt: soon.toISOString() })
    expect(await keysInKv()).toHaveLength(2)
    await expect.poll(() => isStored('ada'), { timeout: 10_000 }).toBe(false)
    await expect.poll(keysInKv, { timeout: 10_000 }).toEqual([])
    expect((await list()).identities).toEqual([])
    expect(JSON.stringify(await stateOf('ada'))).not.toContain('ada')
  })

  it('may come back: enrolled anew they stay', async () => {
    await enroll(send, 'ada', ['face ada 0'], { expiresAt: dueAt })
    now = due
    expect((await enroll(send, 'ada', ['face ada 0'])).status).toBe(201)
    expect(await alarmMs()).toBeNull()
    await runDurableObjectAlarm(env.PERSON.getByName('ada'))
    expect(await (await verify()).json()).toMatchObject({ decision: 'match' })
  })

  it('keeps it when photos are added, and loses it when enrolled anew without', async () => {
    await enroll(send, 'ada', ['face ada 0'], { expiresAt: dueAt })
    const body = json({ image: base64('face ada 0.1') }, adminKey)
    const added = await send('/admin/identities/ada/images', body)
    expect(await added.json()).toMatchObject({ encodings: 2, expiresAt: dueAt })
    const replaced = await enroll(send, 'ada', ['face ada 0', 'face ada 0.1'])
    expect(await replaced.json()).not.toHaveProperty('expiresAt')
    expect(await alarmMs()).toBeNull()
  })
})

describe('the time', () => {
  it('may be changed and removed, and the alarm with it', async () => {
    await enroll(send, 'ada', ['face ada 0'], { expiresAt: dueAt })
    const later = '9999-12-31T23:59:59.999Z'
    expect(await (await patch({ expiresAt: later })).json()).toMatchObject({ expiresAt: later })
    expect(await alarmMs()).toBeGreaterThan(Date.now())
    expect((await patch({ expiresAt: null })).status).toBe(200)
    expect(await alarmMs()).toBeNull()
    now = due
    expect(await (await verify()).json()).toMatchObject({ decision: 'match' })
  })

  it.each([
    [
      'a form',
      '',
      form(
        [
          ['image', photo('face ada 0')],
          ['expiresAt', dueAt],
        ],
        adminKey,
        'PUT',
      ),
    ],
    ['the query string', `?expiresAt=${dueAt}`, raw('face ada 0', adminKey, 'PUT')],
  ])('comes in %s too', async (_, query, init) => {
    const response = await send(`/admin/identities/ada${query}`, init)
    expect(await response.json()).toMatchObject({ expiresAt: dueAt })
  })

  it('is told in UTC', async () => {
    await enroll(send, 'ada', ['face ada 0'], { expiresAt: '2100-06-01T14:00:00+02:00' })
    expect(await (await read()).json()).toMatchObject({ expiresAt: dueAt })
  })

  it.each(['2099-12-31T23:59:59Z', '2100-01-01T00:00:00Z', '9999-12-31T23:59:59-01:00'])(
    'is still to come, and not too far: %s',
    async (expiresAt) => {
      const expected = 'field "expiresAt": expected a time in the future, up to the year 9999'
      const put = await enroll(send, 'ada', ['face ada 0'], { expiresAt })
      expect(await expectProblem(put, 'invalid_request')).toBe(expected)
      expect(await isStored('ada')).toBe(false)
      await enroll(send, 'ada', ['face ada 0'])
      expect(await expectProblem(await patch({ expiresAt }), 'invalid_request')).toBe(expected)
    },
  )

  it.each(['tomorrow', '2100-06-01', '2100-06-01T12:00:00', '2100-02-30T12:00:00Z', 4116484800000])(
    'is a date and time with its zone, not %s',
    async (expiresAt) => {
      const put = await enroll(send, 'ada', ['face ada 0'], { expiresAt })
      expect(await expectProblem(put, 'invalid_request')).toBe(
        'field "expiresAt": expected a date and time as in 2030-01-31T12:00:00Z',
      )
      await enroll(send, 'ada', ['face ada 0'])
      await expectProblem(await patch({ expiresAt }), 'invalid_request')
    },
  )

  it('is not for added photos', async () => {
    await enroll(send, 'ada', ['face ada 0'])
    const body = json({ image: base64('face ada 0.1'), expiresAt: dueAt }, adminKey)
    const added = await send('/admin/identities/ada/images', body)
    expect(await expectProblem(added, 'invalid_request')).toContain('"expiresAt"')
  })

  it('does not keep a person from being deleted by hand', async () => {
    await enroll(send, 'ada', ['face ada 0'], { expiresAt: dueAt })
    const remove = { method: 'DELETE', headers: bearer(adminKey) }
    expect((await send('/admin/identities/ada', remove)).status).toBe(204)
    expect(await alarmMs()).toBeNull()
  })
})
