/** The client against the app: every method, through app.request. */

import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { endpoints } from '../../src/api/endpoints.ts'
import { errorTable } from '../../src/errors/error-table.ts'
import { fakeModel } from '../../test/support/app/fake-engine.ts'
import { resetStore } from '../../test/support/app/reset-store.ts'
import { adminKey, appKey, createTestApp, photo } from '../../test/support/app/test-app.ts'
import { createClient } from '../src/client.ts'
import { failureOf } from './failure-of.ts'

const url = 'https://facegate.test'
const bindings = { ...env, ISSUER: url }

function clientWith(key?: string) {
  const { app } = createTestApp()
  return createClient({ url, key, fetch: (input, init) => app.request(input, init, bindings) })
}

const admin = clientWith(adminKey)
const phone = clientWith(appKey)

// Starts the objects too, which takes longer at first than a request waits for them.
beforeAll(() => resetStore())

describe('the client', () => {
  it('has one method an endpoint, and no other', () => {
    const operations = endpoints.map(({ operationId }) => operationId)
    expect(Object.keys(phone).sort()).toEqual(operations.sort())
  })

  it('enrolls, adds, lists, reads and forgets a person', async () => {
    const enrolled = await admin.enroll('client-ada', {
      images: [photo('face client-ada 0'), photo('face client-ada 0.1')],
      name: 'Ada',
    })
    expect(enrolled).toMatchObject({ identity: 'client-ada', name: 'Ada', encodings: 2 })
    const more = await admin.addImages('client-ada', { images: [photo('face client-ada 0.2')] })
    expect(more.encodings).toBe(3)
    expect((await admin.getIdentity('client-ada')).name).toBe('Ada')
    const page = await admin.listIdentities({ prefix: 'client-', limit: 1 })
    expect(page.identities.map(({ identity }) => identity)).toEqual(['client-ada'])
    expect(await admin.deleteIdentity('client-ada')).toBeUndefined()
    expect((await admin.listIdentities({ prefix: 'client-' })).identities).toEqual([])
  })

  it('changes only the version that the caller has seen', async () => {
    const images = [photo('face client-gil 0')]
    const first = await admin.enroll('client-gil', { images }, { ifNoneMatch: '*' })
    expect(first.etag).toMatch(/^"\d+"$/)
    expect((await admin.getIdentity('client-gil')).etag).toBe(first.etag)
    const again = admin.enroll('client-gil', { images }, { ifNoneMatch: '*' })
    expect((await failureOf(again)).code).toBe('version_conflict')
    const { etag } = await admin.updateIdentity(
      'client-gil',
      { name: 'Gil' },
      { ifMatch: first.etag },
    )
    expect(etag).not.toBe(first.etag)
    const stale = { ifMatch: first.etag }
    for (const change of [
      () => admin.updateIdentity('client-gil', { name: 'Gilda' }, stale),
      () => admin.addImages('client-gil', { images }, stale),
      () => admin.deleteIdentity('client-gil', stale),
    ]) {
      expect(await failureOf(change())).toMatchObject({
        code: 'version_conflict',
        retryable: false,
      })
    }
    expect((await admin.getIdentity('client-gil')).name).toBe('Gil')
    await admin.deleteIdentity('client-gil', { ifMatch: etag })
  })

  it('verifies, recognizes, compares, detects and encodes', async () => {
    await admin.enroll('client-bea', { images: [photo('face client-bea 0')], allowDuplicate: true })
    const own = photo('face client-bea 0.1')
    const stranger = photo('face somebody-else 0')
    const verified = await phone.verify({ identity: 'client-bea', image: own, fmr: 0.001 })
    expect(verified).toMatchObject({ decision: 'match', identity: 'client-bea', fmr: 0.001 })
    const refused = await phone.verify({ identity: 'client-bea', image: stranger })
    expect(refused.decision).toBe('no_match')
    const found = await phone.recognize({ image: own, limit: 3 })
    expect(found).toMatchObject({ decision: 'match', identity: 'client-bea' })
    const compared = await phone.compare({ left: own, right: stranger })
    expect(compared.decision).toBe('no_match')
    const { faces } = await phone.detect({ image: own })
    expect(faces).toHaveLength(1)
    const { encoding, model } = await admin.encode({ image: own })
    expect(encoding).toHaveLength(128)
    expect(model).toBe(fakeModel)
  })

  it('takes a photo as Blob, as bytes and as a buffer', async () => {
    const bytes = new TextEncoder().encode('face client-cleo 0')
    // A view that does not begin where its buffer does.
    const view = new Uint8Array([0, ...bytes]).subarray(1)
    for (const image of [new Blob([bytes]), bytes, new Uint8Array(bytes).buffer, view]) {
      expect((await phone.detect({ image })).faces).toHaveLength(1)
    }
  })

  it('exports everybody and imports them again, part by part', async () => {
    const identities = ['client-hal', 'client-ida', 'client-jon']
    for (const identity of identities) {
      const images = [photo(`face ${identity} 0`)]
      await admin.enroll(identity, { images, allowDuplicate: true })
    }
    const exported = await Array.fromAsync(admin.exportPeople({ limit: 2 }))
    expect(exported[0]).toMatchObject({ format: 'facegate-people', model: fakeModel })
    const lines = exported.filter((line) => 'identity' in line)
    expect(lines.map(({ identity }) => identity)).toEqual(expect.arrayContaining(identities))
    await admin.deleteIdentity('client-ida')
    const fields = { allowDuplicate: true }
    const outcomes = await Array.fromAsync(admin.importPeople(exported, fields))
    expect(outcomes.map(({ line }) => line)).toEqual(lines.map((_, i) => i + 1))
    for (const { identity, outcome } of outcomes) {
      expect([identity, outcome]).toEqual([
        identity,
        identity === 'client-ida' ? 'created' : 'unchanged',
      ])
    }
    const strange = await Array.fromAsync(admin.importPeople(['{"identity":"client-kim"}']))
    expect(strange).toMatchObject([
      { line: 1, identity: 'client-kim', outcome: 'refused', code: 'invalid_request' },
    ])
    for (const identity of identities) await admin.deleteIdentity(identity)
  })

  it('refuses an export and an import as it refuses any call', async () => {
    const exported = Array.fromAsync(phone.exportPeople())
    expect((await failureOf(exported)).code).toBe('forbidden')
    const imported = Array.fromAsync(phone.importPeople(['{}']))
    expect((await failureOf(imported)).code).toBe('forbidden')
  })

  it('asks for its health without a key', async () => {
    expect(await clientWith().health()).toMatchObject({ ok: true, model: fakeModel })
  })

  it('asks the function for a key at every call', async () => {
    const keys = [appKey, 'second-app-key', 'a-key-of-nobody']
    const { app } = createTestApp()
    const rotating = createClient({
      url,
      key: async () => keys.shift()!,
      fetch: (input, init) => app.request(input, init, bindings),
    })
    const image = photo('face client-dora 0')
    expect((await rotating.detect({ image })).faces).toHaveLength(1)
    expect((await rotating.detect({ image })).faces).toHaveLength(1)
    expect((await failureOf(rotating.detect({ image }))).code).toBe('unauthorized')
  })

  it.each(['no_face', 'face_too_small', 'image_unreadable', 'internal'] as const)(
    'throws %s as the service tells it',
    async (code) => {
      const image = photo(code === 'internal' ? 'crash' : code)
      const error = await failureOf(phone.compare({ left: image, right: image }))
      expect(error).toMatchObject({
        name: 'FacegateError',
        code,
        status: errorTable[code].status,
        hint: errorTable[code].hint,
        retryable: errorTable[code].retryable,
      })
      expect(error.message).toBe(`${code}: ${error.detail}`)
      expect(error.requestId).toMatch(/^[0-9A-Z]{26}$/)
    },
  )

  it('says which photo of an enrollment was refused', async () => {
    const images = [photo('face client-eve 0'), photo('no_face')]
    const error = await failureOf(admin.enroll('client-eve', { images }))
    expect(error.code).toBe('no_face')
    expect(error.images?.map(({ outcome }) => outcome)).toEqual(['encoded', 'no_face'])
  })

  it('keeps an identity in its place of the path', async () => {
    for (const identity of ['a/b', '../admin', 'a?limit=1', 'ü', ' ']) {
      const error = await failureOf(admin.getIdentity(identity))
      expect(error).toMatchObject({ code: 'invalid_request', status: 400 })
    }
  })
})
