/** A backend and a phone before the real bundle: the way that docs/sessions.md draws, and all that must not come of it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { probeFile, readPhoto, sampleFile, samplePhoto } from '../support/photos/sample-photos.ts'
import { callerWith } from '../support/running/http.ts'
import { bundleKeys, useBundle } from '../support/running/real-bundle.ts'
import { importReceiptExample } from '../support/running/receipt-example.ts'

// Every photo of this file counts for one key, and 50 of them come at once.
const bundle = useBundle({ vars: { LOCKOUT_AFTER: '100', DISABLE_AFTER: 'never' } })

interface Opened {
  session: string
  token: string
}

async function open(fields: object): Promise<Opened> {
  const response = await fetch(new URL('/sessions', bundle.url), {
    method: 'POST',
    headers: { Authorization: `Bearer ${bundleKeys.app}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(fields),
  })
  expect(response.status).toBe(201)
  return (await response.json()) as Opened
}

async function read(session: string): Promise<Record<string, unknown>> {
  const response = await bundle.app.get(`/sessions/${session}`)
  return { code: response.status, ...((await response.json()) as object) }
}

const phone = (token: string) => callerWith(token, bundle.url)

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code
}

let eve: Uint8Array
let stranger: Uint8Array
beforeAll(async () => {
  eve = await readPhoto(probeFile)
  stranger = await samplePhoto('ada')
  for (const person of ['eve', 'fay'] as const) {
    const enrolled = await bundle.admin.put(`/admin/identities/${person}`, [sampleFile(person)])
    expect(enrolled.status).toBe(201)
  }
})

describe('a session on the real bundle', () => {
  it('lets eve in: the phone sends a photo and nothing else, the backend reads the result', async () => {
    const { session, token } = await open({ identity: 'eve', purpose: 'unlock' })
    expect(await read(session)).toMatchObject({ status: 'open', triesLeft: 3 })
    const response = await phone(token).post('/verify', { image: eve })
    const answer = (await response.json()) as Record<string, string>
    expect(answer).toMatchObject({ decision: 'match', identity: 'eve', triesLeft: 2 })
    expect(answer).not.toHaveProperty('distance')
    const { receipt = '' } = answer
    expect(await read(session)).toMatchObject({
      status: 'matched',
      decision: 'match',
      identity: 'eve',
      purpose: 'unlock',
      receipt,
      attempts: [{ decision: 'match', requestId: answer.requestId }],
    })
    const { requireMatch } = await importReceiptExample(bundle.url.origin)
    const asked = { identity: 'eve', session, purpose: 'unlock' }
    await expect(requireMatch(receipt, asked)).resolves.toBeUndefined()
    // A receipt of one login shown at another, for another purpose, or a second time.
    const other = await open({ identity: 'eve', purpose: 'unlock' })
    await expect(requireMatch(receipt, { ...asked, session: other.session })).rejects.toThrow(
      'another session',
    )
    await expect(requireMatch(receipt, { ...asked, purpose: 'pay' })).rejects.toThrow(
      'another purpose',
    )
    expect(await read(other.session)).toMatchObject({ status: 'open' })
    // The token, replayed.
    expect(await codeOf(await phone(token).post('/verify', { image: eve }))).toBe('session_over')
  })

  it('compares as many of 50 photos at once as it has tries', async () => {
    const { session, token } = await open({ identity: 'eve', tries: 3 })
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => phone(token).post('/verify', { image: stranger })),
    )
    const decided = responses.filter(({ status }) => status === 200)
    expect(decided).toHaveLength(3)
    for (const one of decided) expect(await one.json()).toMatchObject({ decision: 'no_match' })
    const refused = responses.filter(({ status }) => status !== 200)
    for (const one of refused) {
      expect(['session_over', 'rate_limited']).toContain(await codeOf(one))
    }
    expect(await read(session)).toMatchObject({
      status: 'spent',
      decision: 'no_match',
      triesLeft: 0,
    })
  })

  it('gives the try back for a photo that cannot be compared', async () => {
    const { session, token } = await open({ identity: 'eve', tries: 1 })
    const half = eve.subarray(0, eve.length / 2)
    expect(await codeOf(await phone(token).post('/verify', { image: half }))).toBe(
      'image_unreadable',
    )
    expect(await read(session)).toMatchObject({ status: 'open', triesLeft: 1 })
    const { decision } = (await (await phone(token).post('/verify', { image: eve })).json()) as {
      decision: string
    }
    expect(decision).toBe('match')
  })

  it('that is revoked opens nothing and is forgotten', async () => {
    const { session, token } = await open({ identity: 'eve' })
    expect((await bundle.app.delete(`/sessions/${session}`)).status).toBe(204)
    expect(await codeOf(await phone(token).post('/verify', { image: eve }))).toBe('session_over')
    expect(await read(session)).toMatchObject({ code: 'session_not_found' })
  })

  it('expires', async () => {
    const { session, token } = await open({ identity: 'eve', seconds: 1 })
    await sleep(1100)
    expect(await codeOf(await phone(token).post('/verify', { image: eve }))).toBe('session_over')
    expect(await read(session)).toMatchObject({ status: 'expired', decision: 'no_match' })
  })

  it('of one person matches nobody else, and no field changes whom it is for', async () => {
    const { session, token } = await open({ identity: 'fay' })
    const asked = await phone(token).post('/verify', { image: eve, identity: 'eve' })
    expect(await codeOf(asked)).toBe('invalid_request')
    const tried = (await (await phone(token).post('/verify', { image: eve })).json()) as object
    expect(tried).toMatchObject({ decision: 'no_match', identity: 'fay' })
    expect(await read(session)).toMatchObject({ status: 'open', triesLeft: 2 })
  })

  it('goes with its person', async () => {
    await bundle.admin.put('/admin/identities/gone', [sampleFile('bea')])
    const { session, token } = await open({ identity: 'gone' })
    await bundle.admin.delete('/admin/identities/gone')
    const image = await samplePhoto('bea')
    expect(await codeOf(await phone(token).post('/verify', { image }))).toBe('session_over')
    await bundle.admin.put('/admin/identities/gone', [sampleFile('bea')])
    expect(await codeOf(await phone(token).post('/verify', { image }))).toBe('session_over')
    expect(await read(session)).toMatchObject({ code: 'session_not_found' })
    await bundle.admin.delete('/admin/identities/gone')
  })

  it('for whoever is recognized says who it was', async () => {
    const { session, token } = await open({})
    const answer = await (await phone(token).post('/recognize', { image: eve })).json()
    expect(answer).toMatchObject({ decision: 'match', identity: 'eve' })
    expect(await read(session)).toMatchObject({ status: 'matched', identity: 'eve' })
    expect(await codeOf(await phone(token).post('/recognize', { image: eve }))).toBe('session_over')
  })
})

describe('the token of a session', () => {
  it('is taken for nothing else', async () => {
    const { session, token } = await open({ identity: 'eve' })
    const { post, get, delete: remove, put } = phone(token)
    const others = [
      post('/recognize', { image: eve }),
      post('/compare', { left: eve, right: eve }),
      post('/detect', { image: eve }),
      post('/encode', { image: eve }),
      post('/challenge', {}),
      post('/sessions', {}),
      get(`/sessions/${session}`),
      remove(`/sessions/${session}`),
      get('/admin/identities'),
      get('/admin/identities/eve'),
      get('/admin/export'),
      remove('/admin/identities/eve'),
      put('/admin/identities/eve', [sampleFile('ada')]),
      post('/admin/identities/eve/unlock', {}),
    ]
    for (const response of await Promise.all(others)) {
      expect(await codeOf(response), response.url).toBe('forbidden')
    }
    expect(await read(session)).toMatchObject({ status: 'open', triesLeft: 3 })
  })

  it('that was changed, or made up, is no key', async () => {
    const { token, session } = await open({ identity: 'eve' })
    const changed = token.slice(0, -6) + token.slice(-6).split('').reverse().join('')
    for (const wrong of [changed, `session.1.test.${session}`, session]) {
      expect(await codeOf(await phone(wrong).post('/verify', { image: eve }))).toBe('unauthorized')
    }
  })

  it('is of no use for the id of another key', async () => {
    const made = await callerWith(bundleKeys.admin, bundle.url).get(`/sessions/p${'A'.repeat(64)}`)
    expect(await codeOf(made)).toBe('session_not_found')
  })
})
