import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import { refreshIndex } from '../src/refresh-index.ts'
import { fakeEncoding, fakeSource } from './support/app/fake-engine.ts'
import { resetStore } from './support/app/reset-store.ts'
import { createTestApp, enroll, json } from './support/app/test-app.ts'
import { person, testStore } from './support/app/test-store.ts'
import { createVectorizeDouble } from './support/doubles/vectorize-double.ts'

let log: MockInstance<typeof console.log>
beforeEach(async () => {
  await resetStore()
  log = vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

const options = { now: new Date(), source: fakeSource, metric: 'l2' } as const
const logged = () => log.mock.calls.flat().map((line) => JSON.parse(`${line}`))

describe('what the cron trigger does', () => {
  it('is nothing for the index in KV', async () => {
    expect(await refreshIndex(env, options)).toBeNull()
    expect(log).not.toHaveBeenCalled()
  })

  it('builds the packed index, and logs counts and nothing else', async () => {
    await testStore().put(person('ada', [fakeEncoding('a')]))
    const report = await refreshIndex({ ...env, INDEX: 'packed' }, options)
    expect(report).toMatchObject({ generation: 1, people: 1 })
    expect(logged()).toEqual([{ level: 'info', event: 'packed_refreshed', ...report }])
    expect(await env.IDENTITIES.get('packed:manifest')).not.toBeNull()
  })

  it('feeds the index in Vectorize', async () => {
    await testStore().put(person('ada', [fakeEncoding('a')]))
    const VECTORIZE = createVectorizeDouble()
    const report = await refreshIndex({ ...env, INDEX: 'vectorize', VECTORIZE }, options)
    expect(report).toMatchObject({ upserts: 1, isComplete: true })
    expect(logged()).toEqual([{ level: 'info', event: 'vectorize_refreshed', ...report }])
    VECTORIZE.process()
    expect(VECTORIZE.vectors.size).toBe(1)
  })

  it('names a setting at fault', async () => {
    await expect(refreshIndex({ ...env, INDEX: 'vectorize' }, options)).rejects.toMatchObject({
      code: 'not_configured',
    })
  })
})

describe('the app searches the index that the settings choose', () => {
  it.each(['packed', 'vectorize'])('%s', async (INDEX) => {
    const VECTORIZE = createVectorizeDouble()
    const bindings = { ...env, INDEX, VECTORIZE }
    const { send } = createTestApp()
    const sendTo = (path: string, init: RequestInit) => send(path, init, bindings)
    expect((await enroll(sendTo, 'ada')).status).toBe(201)
    await refreshIndex(bindings, options)
    VECTORIZE.process()
    const query = vi.spyOn(VECTORIZE, 'query')
    const request = json({ image: btoa('face ada 0.1') })
    const response = await sendTo('/recognize', request)
    expect(await response.json()).toMatchObject({ decision: 'match', identity: 'ada' })
    const later = { ...options, now: new Date(options.now.getTime() + 300_000) }
    await refreshIndex(bindings, later)
    const next = await createTestApp().send('/recognize', request, { ...bindings })
    expect(await next.json()).toMatchObject({ decision: 'match', identity: 'ada' })
    expect(query).toHaveBeenCalledTimes(INDEX === 'vectorize' ? 1 : 0)
    const exists = (await env.IDENTITIES.get(`packed:manifest`)) !== null
    expect(exists).toBe(INDEX === 'packed')
  })
})
