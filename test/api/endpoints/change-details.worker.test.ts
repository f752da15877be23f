import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { damageRecord, stateOf } from '../../support/app/stored-people.ts'
import { adminKey, bearer, createTestApp, enroll, get, json } from '../../support/app/test-app.ts'
import { faultyObjects } from '../../support/doubles/faulty-objects.ts'

let second = 0
const start = Date.UTC(2026, 10, 24)
/** Every call of the app sees the next second. */
const { send, engine } = createTestApp({ now: () => new Date(start + second++ * 1000) })

beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  await resetStore()
})

const patch = async (body: unknown, id = 'ada') =>
  await send(`/admin/identities/${id}`, json(body, adminKey, 'PATCH'))
const read = async () =>
  await (await send('/admin/identities/ada', get(adminKey))).json<Record<string, unknown>>()

describe('PATCH /admin/identities/{id}', () => {
  it('renames, and leaves everything else as it is', async () => {
    await enroll(send, 'ada', ['face ada 0', 'face ada 0.1'], { name: 'Ada' })
    const before = await read()
    const response = await patch({ name: 'Ada ☕ Lovelace' })
    expect(response.status).toBe(200)
    const after = await response.json<Record<string, unknown>>()
    expect(after).toEqual({
      ...before,
      name: 'Ada ☕ Lovelace',
      updatedAt: expect.not.stringMatching(String(before.updatedAt)),
    })
    expect(await read()).toEqual(after)
    const { identities } = await (await send('/admin/identities', get(adminKey))).json<{
      identities: object[]
    }>()
    expect(identities).toMatchObject([{ identity: 'ada', name: 'Ada ☕ Lovelace' }])
    expect(engine.encoded).toHaveLength(2)
  })

  it('removes what is null, and keeps what is absent', async () => {
    const expiresAt = '2030-01-01T00:00:00.000Z'
    await enroll(send, 'ada', ['face ada 0'], { name: 'Ada', expiresAt })
    expect(await (await patch({ name: null })).json()).not.toHaveProperty('name')
    expect(await read()).toMatchObject({ expiresAt })
    expect(await (await patch({ expiresAt: null, name: 'Ada' })).json()).not.toHaveProperty(
      'expiresAt',
    )
    expect(await read()).toMatchObject({ name: 'Ada' })
    expect((await stateOf('ada'))?.person).not.toHaveProperty('expiresAtMs')
  })

  it('changes nothing when it is repeated', async () => {
    await enroll(send, 'ada', ['face ada 0'])
    await patch({ name: 'Ada', expiresAt: '2030-01-01T00:00:00Z' })
    const before = await stateOf('ada')
    const again = await patch({ name: 'Ada', expiresAt: '2030-01-01T01:00:00+01:00' })
    expect(again.status).toBe(200)
    expect(await stateOf('ada')).toEqual(before)
  })

  it('takes a merge patch too, and no other type', async () => {
    await enroll(send, 'ada', ['face ada 0'])
    const sendAs = async (type: string) =>
      await send('/admin/identities/ada', {
        method: 'PATCH',
        headers: { ...bearer(adminKey), 'Content-Type': type },
        body: '{"name":"Ada"}',
      })
    expect((await sendAs('application/merge-patch+json')).status).toBe(200)
    expect((await sendAs('application/json; charset=utf-8')).status).toBe(200)
    for (const type of ['text/plain', 'application/json-patch+json', 'multipart/form-data']) {
      expect(await expectProblem(await sendAs(type), 'invalid_request')).toContain('Content-Type')
    }
  })

  it.each([
    ['{}', 'body: expected "name" or "expiresAt"'],
    ['[]', 'body: expected a JSON object'],
    ['null', 'body: expected a JSON object'],
    ['', 'body: expected JSON in UTF-8'],
    ['{"name":', 'body: expected JSON in UTF-8'],
    ['{"name":""}', 'field "name": expected 1 to 200 characters, no control characters'],
    ...['2028', '2029', '202a', '202e', '2066', '2069'].map((code): [string, string] => [
      `{"name":"Ada\\u${code}Bea"}`,
      'field "name": expected no character that breaks a line or turns its direction',
    ]),
    ['{"name":"Ada\\u0007"}', 'field "name": expected 1 to 200 characters, no control characters'],
    ['{"name":1}', 'field "name": expected text'],
    [
      '{"image":"x"}',
      'field "image": not a field of this endpoint; this endpoint takes name, expiresAt',
    ],
    [
      '{"encodings":[]}',
      'field "encodings": not a field of this endpoint; this endpoint takes name, expiresAt',
    ],
    [JSON.stringify({ name: 'x'.repeat(20_000) }), 'body: expected at most 16384 bytes'],
  ])('refuses the body %.20s', async (body, expected) => {
    await enroll(send, 'ada', ['face ada 0'])
    const headers = { ...bearer(adminKey), 'Content-Type': 'application/json' }
    const response = await send('/admin/identities/ada', { method: 'PATCH', headers, body })
    expect(await expectProblem(response, 'invalid_request')).toBe(expected)
    expect((await stateOf('ada'))?.version).toBe(1)
  })

  it('refuses fields in the query string', async () => {
    await enroll(send, 'ada', ['face ada 0'])
    const response = await send('/admin/identities/ada?name=A', json({}, adminKey, 'PATCH'))
    await expectProblem(response, 'invalid_request')
  })

  it('says who is not there, and leaves alone who cannot be read', async () => {
    await expectProblem(await patch({ name: 'A' }, 'nobody'), 'identity_not_found')
    await expectProblem(await patch({ name: 'A' }, 'a%20b'), 'invalid_request')
    await enroll(send, 'ada', ['face ada 0'])
    await damageRecord('ada')
    await expectProblem(await patch({ name: 'A' }), 'record_unreadable')
  })

  it('says so when the store fails', async () => {
    await enroll(send, 'ada', ['face ada 0'])
    const faulty = { ...env, PERSON: faultyObjects(env.PERSON, 'commit') }
    const request = json({ name: 'Ada' }, adminKey, 'PATCH')
    const response = await send('/admin/identities/ada', request, faulty)
    await expectProblem(response, 'store_unavailable')
  })
})
