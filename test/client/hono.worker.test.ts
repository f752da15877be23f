import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { hc } from 'hono/client'
import { beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import type { Problem, Verification } from '../../src/client/contract.ts'
import type { FacegateApp } from '../../src/client/hono.ts'
import { adminKey, base64, bearer, createTestApp } from '../support/test-app.ts'

beforeEach(() => reset())

const api = hc<FacegateApp>('https://facegate.test', {
  headers: bearer(adminKey),
  fetch: (input: RequestInfo | URL, init?: RequestInit) =>
    createTestApp().app.fetch(new Request(input, init), env),
})

describe("Hono's own client, with the types of facegate/client/hono", () => {
  it('enrols, verifies and deletes', async () => {
    const image = base64('face ada 0')
    const param = { id: 'ada' }
    const enrolled = await api.admin.identities[':id'].$put({
      param,
      header: { 'If-None-Match': '*' },
      json: { image, name: 'Ada' },
    })
    expect(enrolled.status).toBe(201)
    const verified = await api.verify.$post({ json: { identity: 'ada', image } })
    const answer = await verified.json()
    expectTypeOf(answer).toEqualTypeOf<Verification | Problem>()
    expect(answer).toMatchObject({ decision: 'match', identity: 'ada' })
    const listed = await api.admin.identities.$get({ query: { prefix: 'a' } })
    expect(await listed.json()).toMatchObject({ identities: [{ identity: 'ada' }] })
    expect((await api.admin.identities[':id'].$delete({ param })).status).toBe(204)
  })

  it('tells a problem from an answer by the status', async () => {
    const response = await api.verify.$post({
      json: { identity: 'nobody', image: base64('face x 0') },
    })
    if (response.status === 200) throw new Error('nobody is enrolled')
    const problem = await response.json()
    expectTypeOf(problem).toEqualTypeOf<Problem>()
    expect(problem.code).toBe('identity_not_found')
  })
})
