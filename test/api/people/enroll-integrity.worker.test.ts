import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ErrorCode } from '../../../src/errors/error-table.ts'
import { createFakeEngine } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { damageRecord, isStored, stateOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  form,
  json,
  photo,
  raw,
} from '../../support/app/test-app.ts'
import { faultyKv } from '../../support/doubles/faulty-kv.ts'

beforeEach(() => resetStore())
afterEach(() => {
  vi.restoreAllMocks()
})

type Send = ReturnType<typeof createTestApp>['send']

async function add(send: Send, id: string, photos: string[], fields: object = {}) {
  const body = { images: photos.map(base64), ...fields }
  return await send(`/admin/identities/${id}/images`, json(body, adminKey))
}

/** The outcomes of a refusal, after checking that it is one of this code. */
async function outcomes(response: Response, code: ErrorCode): Promise<string[]> {
  const { images } = await response.clone().json<{ images: { outcome: string }[] }>()
  await expectProblem(response, code)
  return images.map(({ outcome }) => outcome)
}

describe('photos of one enrollment', () => {
  it('that show two people are refused, and the odd one is named', async () => {
    const { send } = createTestApp()
    const response = await enroll(send, 'mixed', ['face a 0', 'face b 0', 'face a 0.1'])
    expect(await outcomes(response, 'photos_differ')).toEqual([
      'encoded',
      'photos_differ',
      'encoded',
    ])
    expect(await isStored('mixed')).toBe(false)
  })

  it('that are two, of two people, are both in doubt', async () => {
    const response = await enroll(createTestApp().send, 'two', ['face a 0', 'face b 0'])
    expect(await outcomes(response, 'photos_differ')).toEqual(['photos_differ', 'photos_differ'])
  })

  it('are not helped by allowDuplicate', async () => {
    const { send } = createTestApp()
    const photos = ['face a 0', 'face b 0']
    const response = await enroll(send, 'two', photos, { allowDuplicate: true })
    await expectProblem(response, 'photos_differ')
  })

  it('are compared with each other when they replace, not with what they replace', async () => {
    const { send } = createTestApp()
    await enroll(send, 'a', ['face a 0'])
    expect((await enroll(send, 'a', ['face b 0', 'face b 0.1'])).status).toBe(200)
  })

  it('match by the threshold for as many encodings as there are', async () => {
    const { send } = createTestApp()
    // Two encodings count like three, up to 0.45 apart; one like one, up to 0.5.
    const different = { allowDifferent: true }
    expect((await enroll(send, 'a', ['face a 0', 'face a 0.49'], different)).status).toBe(201)
    // From 0.1 alone the last would be 0.43 away, from the mean of both it is 0.47.
    const photos = ['face b 0', 'face b 0.1', 'face b 0.52']
    const response = await enroll(send, 'b', photos, different)
    expect(await outcomes(response, 'photos_differ')).toEqual([
      'encoded',
      'encoded',
      'photos_differ',
    ])
  })

  it('are told apart as in the search for duplicates, unless they may differ', async () => {
    const { send } = createTestApp()
    // As far apart as two people who look alike: /verify would match one with the other, up to 0.5.
    const photos = ['face a 0', 'face a 0.42']
    expect(await outcomes(await enroll(send, 'a', photos), 'photos_differ')).toEqual([
      'photos_differ',
      'photos_differ',
    ])
    expect((await enroll(send, 'a', ['face a 0', 'face a 0.38'])).status).toBe(201)
    await expectProblem(await add(send, 'a', ['face a 0.62']), 'photos_differ')
    expect((await add(send, 'a', ['face a 0.62'], { allowDifferent: true })).status).toBe(200)
  })
})

describe('added photos', () => {
  it('of somebody else are refused, and nothing is added', async () => {
    const { send } = createTestApp()
    await enroll(send, 'a', ['face a 0'])
    const before = await stateOf('a')
    const response = await add(send, 'a', ['face a 0.1', 'face b 0'])
    const detail = await expectProblem(response.clone(), 'photos_differ')
    expect(detail).toBe(
      'photo 2 of 2: The photo does not show the same person as those that are stored.',
    )
    expect(await outcomes(response, 'photos_differ')).toEqual(['encoded', 'photos_differ'])
    expect(await stateOf('a')).toEqual(before)
  })

  it('of the person are added, the farther ones by way of the nearer', async () => {
    const { send } = createTestApp()
    await enroll(send, 'a', ['face a 0'])
    const response = await add(send, 'a', ['face a 0.58', 'face a 0.39'])
    expect(await response.json()).toMatchObject({ encodings: 3 })
    await enroll(send, 'b', ['face b 0'])
    await expectProblem(await add(send, 'b', ['face b 0.6']), 'photos_differ')
  })
})

describe('a person who is enrolled already', () => {
  it('is refused under another identity, which is named', async () => {
    const { send } = createTestApp()
    await enroll(send, 'first')
    const response = await enroll(send, 'second', ['face first 0.1'])
    expect(await expectProblem(response, 'duplicate_person')).toBe(
      'The person is enrolled as first already; "allowDuplicate" enrolls them all the same.',
    )
    expect(await isStored('second')).toBe(false)
  })

  it('is found by any of the new photos, in a gallery that another isolate filled', async () => {
    await enroll(createTestApp().send, 'first', ['face first 0'])
    const photos = ['face first 0.8', 'face first 0.55', 'face first 0.9', 'face first 0.45']
    const response = await enroll(createTestApp().send, 'second', photos, { allowDifferent: true })
    const { images } = await response.clone().json<{ images: object[] }>()
    await expectProblem(response, 'duplicate_person')
    expect(images).toEqual([
      { outcome: 'encoded' },
      { outcome: 'encoded' },
      { outcome: 'encoded' },
      { outcome: 'duplicate_person', detail: 'The photo shows first, who is enrolled.' },
    ])
  })

  it('is not found beyond the threshold of 1:1', async () => {
    const { send } = createTestApp()
    await enroll(send, 'first')
    expect((await enroll(send, 'second', ['face first 0.51'])).status).toBe(201)
  })

  it('may be enrolled anew under their own identity, and added to', async () => {
    const { send } = createTestApp()
    await enroll(send, 'first')
    expect((await enroll(send, 'first', ['face first 0.1'])).status).toBe(200)
    expect((await add(send, 'first', ['face first 0.2'])).status).toBe(200)
  })

  it.each([
    [
      'JSON',
      (id: string) => enroll(createTestApp().send, id, ['face a 0'], { allowDuplicate: true }),
    ],
    [
      'a form',
      (id: string) =>
        createTestApp().send(
          `/admin/identities/${id}`,
          form(
            [
              ['image', photo('face a 0')],
              ['allowDuplicate', 'true'],
            ],
            adminKey,
            'PUT',
          ),
        ),
    ],
    [
      'the query string',
      (id: string) =>
        createTestApp().send(
          `/admin/identities/${id}?allowDuplicate=true`,
          raw('face a 0', adminKey, 'PUT'),
        ),
    ],
  ])('is enrolled twice when allowDuplicate says so in %s', async (_, request) => {
    await enroll(createTestApp().send, 'a')
    expect((await request('twin')).status).toBe(201)
  })

  it('is refused when allowDuplicate is false', async () => {
    const { send } = createTestApp()
    await enroll(send, 'a')
    const response = await enroll(send, 'twin', ['face a 0'], { allowDuplicate: false })
    await expectProblem(response, 'duplicate_person')
  })

  it.each(['yes', '1', 1, null])('is not let through by allowDuplicate: %j', async (value) => {
    const { send } = createTestApp()
    const response = await enroll(send, 'a', ['face a 0'], { allowDuplicate: value })
    expect(await expectProblem(response, 'invalid_request')).toBe(
      'field "allowDuplicate": expected true or false',
    )
  })

  it('once allowed, needs no allowance to be enrolled the same again', async () => {
    const { send } = createTestApp()
    await enroll(send, 'a')
    await enroll(send, 'twin', ['face a 0'], { allowDuplicate: true })
    expect((await enroll(send, 'twin', ['face a 0'])).status).toBe(200)
    expect((await add(send, 'twin', ['face a 0'])).status).toBe(200)
    await expectProblem(await add(send, 'twin', ['face a 0.1']), 'duplicate_person')
    const allowed = await add(send, 'twin', ['face a 0.1'], { allowDuplicate: true })
    expect(allowed.status).toBe(200)
  })

  it('may come back after being deleted', async () => {
    const { send } = createTestApp()
    await enroll(send, 'a')
    await send('/admin/identities/a', { method: 'DELETE', headers: bearer(adminKey) })
    expect((await enroll(send, 'b', ['face a 0'])).status).toBe(201)
  })

  it('is passed over when their record cannot be read, with one line in the log', async () => {
    const log = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { send } = createTestApp()
    await enroll(send, 'a')
    await damageRecord('a')
    expect((await enroll(send, 'b', ['face a 0', 'face a 0.1'])).status).toBe(201)
    expect(log).toHaveBeenCalledTimes(1)
    expect(log.mock.calls.flat().join()).toContain('"unreadableRecords":1')
  })

  it('is no obstacle when enrolled with another model', async () => {
    await enroll(
      createTestApp({ loadEngine: async () => createFakeEngine('other@0') }).send,
      'a',
      ['face a 0'],
      { allowDuplicate: true },
    )
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    expect((await enroll(createTestApp().send, 'b', ['face a 0'])).status).toBe(201)
  })
})

describe('a gallery that cannot be searched', () => {
  const bindings = { ...env, IDENTITIES: faultyKv(env.IDENTITIES, 'list') }

  it('lets nobody new in', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send } = createTestApp()
    const request = json({ image: base64('face a 0') }, adminKey, 'PUT')
    await expectProblem(await send('/admin/identities/a', request, bindings), 'store_unavailable')
    expect(await isStored('a')).toBe(false)
  })

  it('is not asked when duplicates are allowed', async () => {
    const { send } = createTestApp()
    const body = { image: base64('face a 0'), allowDuplicate: true }
    const response = await send('/admin/identities/a', json(body, adminKey, 'PUT'), bindings)
    expect(response.status).toBe(201)
  })
})
