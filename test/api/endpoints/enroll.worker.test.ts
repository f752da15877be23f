import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createFakeEngine,
  fakeFace,
  fakeModel,
  fakeQuality,
} from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { damageRecord, isStored, recordKey, stateOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  base64,
  createTestApp,
  enroll,
  form,
  get,
  json,
  photo,
  raw,
} from '../../support/app/test-app.ts'
import { faultyObjects } from '../../support/doubles/faulty-objects.ts'

beforeEach(() => resetStore())
afterEach(() => {
  vi.restoreAllMocks()
})

const image = { outcome: 'encoded', face: fakeFace, quality: fakeQuality }

/** Every call of the app sees the next second. */
function ticking() {
  let second = 0
  return () => new Date(Date.UTC(2026, 10, 24, 0, 0, second++))
}

async function encodingsOf(identity: string): Promise<number | undefined> {
  return (await stateOf(identity))?.person?.listing.encodings
}

async function addImages(
  send: ReturnType<typeof createTestApp>['send'],
  id: string,
  photos: string[],
) {
  return await send(
    `/admin/identities/${id}/images`,
    json({ images: photos.map(base64) }, adminKey),
  )
}

describe('PUT /admin/identities/{id}', () => {
  it('creates, and says what it kept', async () => {
    const now = () => new Date('2026-11-24T03:33:00Z')
    const { send, engine } = createTestApp({ now })
    const response = await enroll(send, 'put-new', ['face a 0', 'face a 0.2'], {
      name: 'A. Person',
    })
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({
      identity: 'put-new',
      name: 'A. Person',
      images: [image, image],
      encodings: 2,
      model: fakeModel,
      createdAt: '2026-11-24T03:33:00.000Z',
      updatedAt: '2026-11-24T03:33:00.000Z',
    })
    expect(engine.encoded).toMatchObject([
      { mirror: true, faces: 'only', purpose: 'enrollment' },
      { mirror: true, faces: 'only', purpose: 'enrollment' },
    ])
  })

  it('keeps encodings, sealed, and never the photo or anything in the clear', async () => {
    const { send } = createTestApp()
    await enroll(send, 'put-kept', ['face a 0'], { name: 'A. Person' })
    const { keys } = await env.IDENTITIES.list()
    const text = (await env.IDENTITIES.get(recordKey('put-kept')))!
    expect(text.length).toBeLessThan(1700)
    for (const secret of ['put-kept', 'A. Person', 'face a 0', base64('face a 0'), fakeModel]) {
      expect(text + JSON.stringify(keys)).not.toContain(secret)
    }
    expect(JSON.stringify(await stateOf('put-kept'))).not.toContain('A. Person')
  })

  it('takes a form of several photos, and one raw photo with the name in the query', async () => {
    const { send } = createTestApp()
    const fields = [
      ['image', photo('face a 0')],
      ['name', 'A'],
      ['image', photo('face a 0.1')],
    ] as const
    const formed = await send('/admin/identities/put-form', form(fields, adminKey, 'PUT'))
    expect(await formed.json()).toMatchObject({ encodings: 2, name: 'A' })
    const single = await send('/admin/identities/put-raw?name=B', raw('face b 0', adminKey, 'PUT'))
    expect(await single.json()).toMatchObject({ encodings: 1, name: 'B' })
  })

  it('replaces name and encodings, and keeps the day of creation', async () => {
    const { send } = createTestApp({ now: ticking() })
    const first = await (
      await enroll(send, 'put-again', ['face a 0', 'face a 0.1'], { name: 'A' })
    ).json<Record<string, unknown>>()
    const response = await enroll(send, 'put-again', ['face b 0'])
    expect(response.status).toBe(200)
    const second = await response.json<Record<string, unknown>>()
    expect(second).toMatchObject({ encodings: 1, createdAt: first.createdAt })
    expect(second).not.toHaveProperty('name')
    expect(String(second.updatedAt) > String(first.updatedAt)).toBe(true)
  })

  it('changes nothing when it is repeated', async () => {
    const { send } = createTestApp({ now: ticking() })
    await enroll(send, 'put-same', ['face a 0', 'face a 0.1'], { name: 'A' })
    const before = await stateOf('put-same')
    const response = await enroll(send, 'put-same', ['face a 0', 'face a 0.1'], { name: 'A' })
    expect(response.status).toBe(200)
    expect(await stateOf('put-same')).toEqual(before)
  })

  it('keeps no second copy of what is said of a duplicate', async () => {
    const { send } = createTestApp()
    await enroll(send, 'put-allowed', ['face a 0'], { allowDuplicate: true })
    expect(JSON.stringify(await stateOf('put-allowed'))).not.toContain('allowDuplicate')
  })

  it('keeps one encoding of a photo that is sent twice', async () => {
    const response = await enroll(createTestApp().send, 'put-twice', ['face a 0', 'face a 0'])
    expect(await response.json()).toMatchObject({ encodings: 1, images: [image, image] })
  })

  it('stores nothing when one photo is bad, and says which and why', async () => {
    const { send } = createTestApp()
    const photos = ['face a 0', 'multiple_faces', 'face a 0.1']
    const response = await enroll(send, 'put-bad', photos)
    expect(await expectProblem(response, 'multiple_faces')).toMatch(/^photo 2 of 3: /)
    expect(await isStored('put-bad')).toBe(false)
  })

  it('says what became of every photo, not only of the first bad one', async () => {
    const { send } = createTestApp()
    const photos = ['face a 0', 'no_face', 'face b 0', 'face a 0.1', 'face_too_small']
    const response = await enroll(send, 'put-several', photos)
    const { images } = await response.clone().json<{ images: object[] }>()
    expect(await expectProblem(response, 'no_face')).toMatch(/^photo 2 of 5: /)
    expect(images).toEqual([
      { outcome: 'encoded' },
      { outcome: 'no_face', detail: 'the fake engine was told no_face' },
      {
        outcome: 'photos_differ',
        detail: 'The photo does not show the same person as the others.',
      },
      { outcome: 'encoded' },
      { outcome: 'face_too_small', detail: 'the fake engine was told face_too_small' },
    ])
  })

  it('stops at the first photo when the fault is not of the photo', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send, engine } = createTestApp()
    const photos = ['engine_unavailable', 'face a 0', 'no_face']
    const response = await enroll(send, 'put-fault', photos)
    expect(await response.clone().json()).not.toHaveProperty('images')
    await expectProblem(response, 'engine_unavailable')
    expect(engine.encoded).toHaveLength(1)
  })

  it('leaves the person as they were when a replacement fails', async () => {
    const { send } = createTestApp()
    await enroll(send, 'put-failed', ['face a 0'])
    const before = await stateOf('put-failed')
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await expectProblem(await enroll(send, 'put-failed', ['nan']), 'internal')
    expect(await stateOf('put-failed')).toEqual(before)
  })

  it('repairs a record that cannot be read', async () => {
    const { send } = createTestApp()
    await enroll(send, 'put-repair')
    await damageRecord('put-repair')
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    expect((await enroll(send, 'put-repair')).status).toBe(200)
    expect((await send('/admin/identities/put-repair', get(adminKey))).status).toBe(200)
  })

  it('takes ten photos and refuses eleven', async () => {
    const { send } = createTestApp()
    const ten = Array.from({ length: 10 }, (_, i) => `face a ${i / 20}`)
    expect((await enroll(send, 'put-ten', ten)).status).toBe(201)
    await expectProblem(await enroll(send, 'put-eleven', [...ten, 'face a 0.5']), 'too_many_images')
    expect(await isStored('put-eleven')).toBe(false)
  })

  it.each(['a%20b', 'a%2Fb', 'x'.repeat(129), '%00', '%E4', '%zz'])(
    'refuses the id %s',
    async (id) => {
      const response = await enroll(createTestApp().send, id)
      expect(await expectProblem(response, 'invalid_request')).toContain('"id"')
    },
  )

  it.each(['read', 'commit'] as const)('says so when the store fails to %s', async (method) => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send } = createTestApp()
    const faulty = { ...env, PERSON: faultyObjects(env.PERSON, method) }
    const request = json({ image: base64('face a 0') }, adminKey, 'PUT')
    await expectProblem(
      await send('/admin/identities/put-down', request, faulty),
      'store_unavailable',
    )
    expect(await isStored('put-down')).toBe(false)
  })
})

describe('POST /admin/identities/{id}/images', () => {
  it('adds encodings to those that are there', async () => {
    const { send } = createTestApp({ now: ticking() })
    await enroll(send, 'add', ['face a 0'], { name: 'A' })
    const response = await addImages(send, 'add', ['face a 0.1', 'face a 0.2'])
    expect(response.status).toBe(200)
    const body = await response.json<Record<string, string>>()
    expect(body).toMatchObject({ identity: 'add', name: 'A', encodings: 3, images: [image, image] })
    expect(body.updatedAt > body.createdAt).toBe(true)
  })

  it('changes nothing for a photo that is there already', async () => {
    const { send } = createTestApp({ now: ticking() })
    await enroll(send, 'add-same', ['face a 0', 'face a 0.1'])
    const before = await stateOf('add-same')
    const response = await addImages(send, 'add-same', ['face a 0.1', 'face a 0'])
    expect(await response.json()).toMatchObject({ encodings: 2 })
    expect(await stateOf('add-same')).toEqual(before)
  })

  it('holds ten at most, and takes a known photo even then', async () => {
    const { send } = createTestApp()
    await enroll(
      send,
      'add-full',
      Array.from({ length: 10 }, (_, i) => `face a ${i / 20}`),
    )
    await expectProblem(await addImages(send, 'add-full', ['face a 0.5']), 'too_many_images')
    expect((await addImages(send, 'add-full', ['face a 0.45'])).status).toBe(200)
    expect(await encodingsOf('add-full')).toBe(10)
  })

  it('adds none when one photo is bad', async () => {
    const { send } = createTestApp()
    await enroll(send, 'add-bad', ['face a 0'])
    const response = await addImages(send, 'add-bad', ['face a 0.1', 'no_face'])
    expect(await expectProblem(response, 'no_face')).toMatch(/^photo 2 of 2: /)
    expect(await encodingsOf('add-bad')).toBe(1)
  })

  it('asks for somebody who is enrolled, before it decodes', async () => {
    const { send, engine } = createTestApp()
    await expectProblem(await addImages(send, 'add-nobody', ['face a 0']), 'identity_not_found')
    expect(engine.encoded).toEqual([])
  })

  it('does not mix networks', async () => {
    await enroll(createTestApp().send, 'add-other', ['face a 0'])
    const engine = createFakeEngine('fake-network@ffffffff')
    const { send } = createTestApp({ loadEngine: async () => engine })
    await expectProblem(await addImages(send, 'add-other', ['face a 0.1']), 'model_mismatch')
    expect(engine.encoded).toEqual([])
  })

  it('takes no name', async () => {
    const { send } = createTestApp()
    await enroll(send, 'add-name', ['face a 0'])
    const request = json({ image: base64('face a 0.1'), name: 'A' }, adminKey)
    const response = await send('/admin/identities/add-name/images', request)
    expect(await expectProblem(response, 'invalid_request')).toContain('"name"')
  })

  it('leaves a record alone that cannot be read', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send } = createTestApp()
    await enroll(send, 'add-broken')
    await damageRecord('add-broken')
    const before = await stateOf('add-broken')
    await expectProblem(await addImages(send, 'add-broken', ['face a 0']), 'record_unreadable')
    await expectProblem(
      await send('/admin/identities/add-broken', get(adminKey)),
      'record_unreadable',
    )
    expect(await stateOf('add-broken')).toEqual(before)
  })
})
