import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readCalibrationTable } from '../../../src/decision/calibration-table.ts'
import {
  createFakeEngine,
  fakeFace,
  fakeModel,
  fakeQuality,
} from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { damageRecord } from '../../support/app/stored-people.ts'
import {
  adminKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  form,
  json,
  madeUpCalibration,
  photo,
  raw,
} from '../../support/app/test-app.ts'
import { faultyKv } from '../../support/doubles/faulty-kv.ts'
import { faultyObjects } from '../../support/doubles/faulty-objects.ts'

beforeEach(() => resetStore())
afterEach(() => {
  vi.restoreAllMocks()
})

interface Recognition {
  decision: string
  identity?: string
  candidates: { identity: string; distance: number }[]
}

async function recognize(
  text: string,
  fields: object = {},
  bindings: object = env,
): Promise<Response> {
  const request = json({ image: base64(text), ...fields })
  return await createTestApp().send('/recognize', request, bindings)
}

async function decision(response: Response | Promise<Response>): Promise<Recognition> {
  const answer = await response
  expect(answer.status).toBe(200)
  return await answer.json<Recognition>()
}

async function enrollAll(people: Record<string, string[]>): Promise<void> {
  const { send } = createTestApp()
  for (const [id, photos] of Object.entries(people)) {
    expect((await enroll(send, id, photos, { allowDuplicate: true })).status).toBe(201)
  }
}

describe('POST /recognize', () => {
  it('names who it is, with all that the decision rests on', async () => {
    await enrollAll({ younes: ['face younes 0'], benoit: ['face benoit 0'] })
    const response = await recognize('face younes 0.3')
    expect(await response.json()).toEqual({
      decision: 'match',
      identity: 'younes',
      distance: expect.closeTo(0.3, 6),
      candidates: [{ identity: 'younes', distance: expect.closeTo(0.3, 6) }],
      threshold: 0.4,
      calibrated: true,
      fmr: 0.001,
      model: fakeModel,
      face: fakeFace,
      quality: fakeQuality,
      liveness: 'not_checked',
      requestId: response.headers.get('x-request-id'),
    })
  })

  it('names nobody when nobody is near enough, not even the nearest', async () => {
    await enrollAll({ younes: ['face younes 0'] })
    const body = await decision(recognize('face younes 0.41'))
    expect(body).toMatchObject({ decision: 'no_match', candidates: [] })
    expect(body).not.toHaveProperty('identity')
    expect(body).not.toHaveProperty('distance')
  })

  it('matches nobody in an empty gallery', async () => {
    expect(await decision(recognize('face younes 0'))).toMatchObject({
      decision: 'no_match',
      candidates: [],
      threshold: 0.4,
    })
  })

  it('is ambiguous about two people with the same encoding, and names neither as the answer', async () => {
    await enrollAll({ one: ['face a 0'], two: ['face a 0'] })
    const body = await decision(recognize('face a 0.1'))
    expect(body).toMatchObject({
      decision: 'ambiguous',
      candidates: [{ distance: expect.closeTo(0.1, 6) }, { distance: expect.closeTo(0.1, 6) }],
    })
    expect(body.candidates.map(({ identity }) => identity).sort()).toEqual(['one', 'two'])
    expect(body).not.toHaveProperty('identity')
  })

  it('is ambiguous however few candidates are asked for', async () => {
    await enrollAll({ one: ['face a 0'], two: ['face a 0'] })
    const body = await decision(recognize('face a 0', { limit: 1 }))
    expect(body.decision).toBe('ambiguous')
    expect(body.candidates).toHaveLength(1)
  })

  it('is sure of the nearer of two who are apart, and tells of both', async () => {
    await enrollAll({ near: ['face a 0.1'], far: ['face a 0.3'], other: ['face b 0'] })
    const body = await decision(recognize('face a 0'))
    expect(body).toMatchObject({ decision: 'match', identity: 'near' })
    expect(body.candidates.map(({ identity }) => identity)).toEqual(['near', 'far'])
  })

  it('lists a person with ten encodings once, by the mean of all', async () => {
    const ten = Array.from({ length: 10 }, (_, i) => `face a ${i / 50}`)
    await enrollAll({ ten })
    expect((await decision(recognize('face a 0.18'))).candidates).toEqual([
      { identity: 'ten', distance: expect.closeTo(0.09, 3) },
    ])
  })

  it('lists five candidates unless asked otherwise', async () => {
    const crowd = Array.from({ length: 7 }, (_, i) => [`p${i}`, [`face a ${i / 100}`]])
    await enrollAll(Object.fromEntries(crowd))
    expect((await decision(recognize('face a 0'))).candidates).toHaveLength(5)
    expect((await decision(recognize('face a 0', { limit: 7 }))).candidates).toHaveLength(7)
  })

  it('counts people, not encodings, when it chooses the threshold', async () => {
    await enrollAll({ a: Array.from({ length: 10 }, (_, i) => `face a ${i / 50}`) })
    await enrollAll(Object.fromEntries([...'bcdefghij'].map((id) => [id, [`face ${id} 0`]])))
    expect(await decision(recognize('face a 0'))).toMatchObject({ threshold: 0.4 })
    await enrollAll({ k: ['face k 0'] })
    expect(await decision(recognize('face a 0'))).toMatchObject({
      threshold: expect.closeTo(0.4 - (0.1 * Math.log(1.1)) / Math.log(100), 9),
    })
  })

  it('decides at the rate that is asked for', async () => {
    await enrollAll({ a: ['face a 0'] })
    const lax = { ...env, FMR: 0.01 }
    expect(await decision(recognize('face a 0.45', {}, lax))).toMatchObject({
      decision: 'match',
      fmr: 0.01,
      threshold: 0.5,
    })
    expect(await decision(recognize('face a 0.45', { fmr: 0.001 }, lax))).toMatchObject({
      decision: 'no_match',
      fmr: 0.001,
      threshold: 0.4,
    })
  })

  it('takes no laxer rate than that of the service', async () => {
    await enrollAll({ a: ['face a 0'] })
    const detail = await expectProblem(
      await recognize('face a 0', { fmr: 0.01 }),
      'invalid_request',
    )
    expect(detail).toContain('expected one of 0.001,')
  })

  it('takes form and raw photo like JSON', async () => {
    await enrollAll({ a: ['face a 0'] })
    const { send, engine } = createTestApp()
    const ways = [
      send(
        '/recognize',
        form([
          ['image', photo('face a 0')],
          ['limit', '3'],
        ]),
      ),
      send('/recognize?limit=3', raw('face a 0')),
    ]
    for (const way of ways) expect(await decision(way)).toMatchObject({ identity: 'a' })
    expect(engine.encoded).toEqual(
      [1, 2].map(() => ({ text: 'face a 0', mirror: false, faces: 'only', purpose: 'probe' })),
    )
  })

  it('finds who was just enrolled, and not who was just deleted', async () => {
    const { send } = createTestApp()
    const ask = () => decision(send('/recognize', json({ image: base64('face a 0') })))
    expect((await ask()).decision).toBe('no_match')
    await enroll(send, 'a')
    expect(await ask()).toMatchObject({ decision: 'match', identity: 'a' })
    await send('/admin/identities/a', { method: 'DELETE', headers: bearer(adminKey) })
    expect((await ask()).decision).toBe('no_match')
  })
})

describe('POST /recognize refuses', () => {
  it.each([
    ['limit', 0],
    ['limit', 51],
    ['limit', 1.5],
    ['limit', '5'],
    ['fmr', 0.002],
    ['identity', 'younes'],
    ['threshold', 0.9],
  ])('the field %s: %j', async (name, value) => {
    const response = await recognize('face a 0', { [name]: value })
    expect(await expectProblem(response, 'invalid_request')).toContain(`"${name}"`)
  })

  it.each(['no_face', 'multiple_faces', 'face_too_small'] as const)(
    'a photo with %s',
    async (code) => {
      await expectProblem(await recognize(code), code)
    },
  )

  it('more people than were calibrated, before it decodes the photo', async () => {
    await enrollAll({ a: ['face a 0'], b: ['face b 0'], c: ['face c 0'] })
    const calibration = madeUpCalibration(fakeModel)
    const identification = calibration.identification.map((row) => ({ ...row, people: 2 }))
    const calibrations = readCalibrationTable({
      format: 2,
      calibrations: [{ ...calibration, identification: [identification[2]] }],
    })
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send, engine } = createTestApp({ calibrations })
    const response = await send('/recognize', json({ image: base64('face a 0') }))
    expect(await expectProblem(response, 'not_configured')).toContain('in a gallery of 3')
    expect(engine.encoded).toEqual([])
  })

  it('a gallery that was enrolled with another network as a whole', async () => {
    await enrollAll({ a: ['face a 0'], b: ['face b 0'] })
    const engine = createFakeEngine('fake-network@ffffffff')
    const calibrations = readCalibrationTable({
      format: 2,
      calibrations: [madeUpCalibration(engine.model)],
    })
    const { send } = createTestApp({ loadEngine: async () => engine, calibrations })
    const response = await send('/recognize', json({ image: base64('face a 0') }))
    expect(await expectProblem(response, 'model_mismatch')).toBe(
      'All 2 people were enrolled with another network; fake-network@ffffffff runs now.',
    )
    expect(engine.encoded).toEqual([])
  })
})

describe('POST /recognize never matches', () => {
  it.each(['nan', 'zeros', 'short', 'crash'])('a broken encoding (%s)', async (text) => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await enrollAll({ a: ['face a 0'] })
    await expectProblem(await recognize(text), 'internal')
  })

  it('an unreadable record, and logs that there is one, but not whose', async () => {
    const log = vi.spyOn(console, 'warn').mockImplementation(() => {})
    await enrollAll({ secretive: ['face a 0'], whole: ['face a 0.2'] })
    await damageRecord('secretive')
    const response = await recognize('face a 0')
    expect(await decision(response)).toMatchObject({ decision: 'match', identity: 'whole' })
    expect(JSON.parse(String(log.mock.calls[0][0]))).toEqual({
      level: 'warn',
      requestId: response.headers.get('x-request-id'),
      event: 'people_passed_over',
      peopleOfOtherModels: 0,
      unreadableEntries: 0,
      unreadableRecords: 1,
    })
    expect(JSON.stringify(log.mock.calls)).not.toContain('secretive')
  })

  it('somebody of another model among others, and logs how many there are', async () => {
    const log = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const other = createTestApp({ loadEngine: async () => createFakeEngine('other@0') })
    await enroll(other.send, 'old', ['face a 0'], { allowDuplicate: true })
    await enrollAll({ b: ['face b 0'] })
    expect(await decision(recognize('face a 0'))).toMatchObject({ decision: 'no_match' })
    expect(log.mock.calls.flat().join()).toContain('"peopleOfOtherModels":1')
  })

  it.each([
    ['KV fails to list', { IDENTITIES: faultyKv(env.IDENTITIES, 'list') }],
    ['the log of changes fails', { DIRECTORY: faultyObjects(env.DIRECTORY, 'changesSinceTime') }],
    ['who is found cannot be confirmed', { PERSON: faultyObjects(env.PERSON, 'read') }],
  ])('while %s', async (_, faults) => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await enrollAll({ a: ['face a 0'] })
    const request = json({ image: base64('face a 0') })
    const response = await createTestApp().send('/recognize', request, { ...env, ...faults })
    await expectProblem(response, 'store_unavailable')
  })
})
