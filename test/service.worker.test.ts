/** The entrypoint for other Workers: it asks the app as the first key of the role app, and hands failures over as values. */

import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { createService } from '../src/service.ts'
import { resetStore } from './support/app/reset-store.ts'
import { adminKey, createTestApp } from './support/app/test-app.ts'

/** What the fake engine takes for a photo. */
const photo = (text: string) => new TextEncoder().encode(text)

const { app } = createTestApp()
const Service = createService(app.fetch)
const bindings = { ...env, ISSUER: 'https://facegate.test' }
const service = new Service(createExecutionContext(), bindings)

beforeAll(async () => {
  await resetStore()
  const form = new FormData()
  form.append('image', new Blob([photo('face bound 0')]), 'photo.jpg')
  const enrolled = await app.request(
    'http://127.0.0.1/admin/identities/bound',
    { method: 'PUT', headers: { Authorization: `Bearer ${adminKey}` }, body: form },
    env,
  )
  expect(enrolled.status).toBe(201)
})

describe('FacegateService', () => {
  it('verifies and recognizes', async () => {
    const own = photo('face bound 0.1')
    expect(await service.verify('bound', own)).toMatchObject({
      ok: true,
      answer: { decision: 'match', identity: 'bound' },
    })
    expect(await service.verify('bound', photo('face other 0'), { fmr: 0.001 })).toMatchObject({
      ok: true,
      answer: { decision: 'no_match' },
    })
    expect(await service.recognize(own)).toMatchObject({ ok: true, answer: { identity: 'bound' } })
  })

  it('opens, reads and revokes sessions', async () => {
    const opened = await service.openSession({ identity: 'bound' })
    if (!opened.ok) throw new Error(opened.failure.code)
    const { session } = opened.answer
    expect(await service.getSession(session)).toMatchObject({
      ok: true,
      answer: { status: 'open' },
    })
    expect(await service.revokeSession(session)).toEqual({ ok: true, answer: true })
    expect(await service.getSession(session)).toMatchObject({
      ok: false,
      failure: { code: 'session_not_found', status: 404, retryable: false },
    })
  })

  it('hands over what was refused, with its hint', async () => {
    expect(await service.verify('nobody', photo('face bound 0'))).toMatchObject({
      ok: false,
      failure: {
        code: 'identity_not_found',
        hint: 'Check the name that you entered, or ask to be enrolled.',
      },
    })
  })

  it('signs no receipts in the name of nobody: it needs ISSUER', async () => {
    const unnamed = new Service(createExecutionContext(), env)
    expect(await unnamed.verify('bound', photo('face bound 0'))).toMatchObject({
      ok: false,
      failure: { code: 'not_configured' },
    })
  })

  it('may do no more than a key of the role app', () => {
    const methods = Object.getOwnPropertyNames(Service.prototype)
    expect(methods.sort()).toEqual([
      ...['constructor', 'getSession', 'openSession', 'recognize', 'revokeSession', 'verify'],
    ])
  })
})
