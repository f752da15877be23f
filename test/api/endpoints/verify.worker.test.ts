import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readCalibrationTable } from '../../../src/decision/calibration-table.ts'
import { encodingToText } from '../../../src/encoding/encoding-text.ts'
import {
  createFakeEngine,
  fakeEncoding,
  fakeFace,
  fakeModel,
  fakeQuality,
} from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { keyOf, replaceRecord, stateOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  base64,
  createTestApp,
  enroll,
  form,
  json,
  madeUpCalibration,
  photo,
  raw,
} from '../../support/app/test-app.ts'
import { testVault } from '../../support/app/test-store.ts'
import { faultyObjects } from '../../support/doubles/faulty-objects.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

interface Verification {
  decision: string
  distance: number
}

const lax = { ...env, FMR: '0.01' }

async function verify(
  identity: string,
  text: string,
  fields: object = {},
  bindings: object = env,
): Promise<Response> {
  const request = json({ identity, image: base64(text), ...fields })
  return await createTestApp().send('/verify', request, bindings)
}

async function decision(response: Response): Promise<Verification> {
  expect(response.status).toBe(200)
  return await response.json<Verification>()
}

describe('POST /verify', () => {
  it('matches the enrolled person, with all that the decision rests on', async () => {
    const { send } = createTestApp()
    await enroll(send, 'younes')
    const response = await send(
      '/verify',
      json({ identity: 'younes', image: base64('face younes 0.3') }),
    )
    const body = await response.json<Verification>()
    expect(response.status).toBe(200)
    expect(body).toEqual({
      decision: 'match',
      identity: 'younes',
      distance: expect.closeTo(0.3, 6),
      threshold: 0.5,
      fmr: 0.001,
      model: fakeModel,
      calibrated: true,
      face: fakeFace,
      quality: fakeQuality,
      liveness: 'not_checked',
      receipt: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      requestId: response.headers.get('x-request-id'),
    })
  })

  it('answers 200 and no_match for somebody else', async () => {
    await enroll(createTestApp().send, 'younes')
    expect(await decision(await verify('younes', 'face benoit 0'))).toMatchObject({
      decision: 'no_match',
      distance: expect.closeTo(Math.SQRT2, 6),
    })
  })

  it('decides at the rate that is asked for', async () => {
    await enroll(createTestApp().send, 'younes')
    const asks = (fields: object) => verify('younes', 'face younes 0.55', fields, lax)
    const strict = await decision(await asks({ fmr: 0.001 }))
    const own = await decision(await asks({}))
    expect(strict).toMatchObject({ decision: 'no_match', fmr: 0.001, threshold: 0.5 })
    expect(own).toMatchObject({ decision: 'match', fmr: 0.01, threshold: 0.6 })
  })

  it('compares with the mean of all encodings of the person, not with the nearest', async () => {
    await enroll(createTestApp().send, 'kian', ['face kian 0.2', 'face kian -0.2'])
    // The mean of the two lies halfway, a little nearer to 0 than a face of length 1.
    expect((await decision(await verify('kian', 'face kian 0.2'))).distance).toBeCloseTo(0.199, 4)
    expect((await decision(await verify('kian', 'face kian 0'))).distance).toBeCloseTo(0.02, 4)
  })

  it('takes form and raw photo like JSON', async () => {
    const { send, engine } = createTestApp()
    await enroll(send, 'younes')
    const ways = [
      send(
        '/verify',
        form([
          ['identity', 'younes'],
          ['image', photo('face younes 0.2')],
        ]),
      ),
      send('/verify?identity=younes', raw('face younes 0.2')),
    ]
    for (const response of await Promise.all(ways)) {
      expect(await decision(response)).toMatchObject({ decision: 'match' })
    }
    expect(engine.encoded.slice(1)).toEqual([
      { text: 'face younes 0.2', mirror: false, faces: 'only', purpose: 'probe', doubts: 'told' },
      { text: 'face younes 0.2', mirror: false, faces: 'only', purpose: 'probe', doubts: 'told' },
    ])
  })

  it('lets an admin key verify too', async () => {
    const { send } = createTestApp()
    await enroll(send, 'younes')
    const request = json({ identity: 'younes', image: base64('face younes 0') }, adminKey)
    expect(await decision(await send('/verify', request))).toMatchObject({ decision: 'match' })
  })

  it('says identity_not_found before it decodes the photo', async () => {
    const { send, engine } = createTestApp()
    const request = json({ identity: 'nobody', image: base64('no_face') })
    const detail = await expectProblem(await send('/verify', request), 'identity_not_found')
    expect(detail).toContain('nobody')
    expect(engine.encoded).toEqual([])
  })

  it.each(['threshold', 'model', 'distance'])('refuses the field %s', async (name) => {
    const response = await verify('younes', 'face younes 0', { [name]: 0.9 })
    expect(await expectProblem(response, 'invalid_request')).toContain(`"${name}"`)
  })

  it('refuses a rate that is not calibrated and lists those that are', async () => {
    await enroll(createTestApp().send, 'younes')
    const response = await verify('younes', 'face younes 0', { fmr: 0.002 }, lax)
    expect(await expectProblem(response, 'invalid_request')).toContain('0.01, 0.001')
  })

  it.each([0.01, 0.002, 0.5])('refuses the rate %d, which is laxer than its own', async (fmr) => {
    await enroll(createTestApp().send, 'younes')
    const response = await verify('younes', 'face younes 0', { fmr })
    const detail = await expectProblem(response, 'invalid_request')
    expect(detail).toBe(
      `field "fmr": expected one of 0.001, the service's own rate or a stricter one`,
    )
  })

  it('with a rate of its own that nobody calibrated decides nothing, nor is it healthy', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await enroll(createTestApp().send, 'younes')
    const bindings = { ...env, FMR: 0.002 }
    const response = await verify('younes', 'face younes 0', {}, bindings)
    expect(await expectProblem(response, 'not_configured')).toBe(
      'FMR is 0.002, expected one of 0.01, 0.001.',
    )
    await expectProblem(await createTestApp().send('/health', {}, bindings), 'not_configured')
  })

  it('refuses a person who was enrolled with another network', async () => {
    await enroll(createTestApp().send, 'younes')
    const engine = createFakeEngine('fake-network@ffffffff')
    const calibrations = readCalibrationTable({
      format: 2,
      calibrations: [madeUpCalibration(engine.model)],
    })
    const { send } = createTestApp({ loadEngine: async () => engine, calibrations })
    const response = await send(
      '/verify',
      json({ identity: 'younes', image: base64('face younes 0') }),
    )
    const detail = await expectProblem(response, 'model_mismatch')
    expect(detail).toContain(fakeModel)
    expect(engine.encoded).toEqual([])
  })
})

describe('POST /verify never matches', () => {
  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
  })

  const record = {
    format: 2,
    identity: 'broken',
    version: 1,
    model: fakeModel,
    encodings: [encodingToText(fakeEncoding('younes'))],
    createdAt: '2026-11-24T00:00:00.000Z',
    updatedAt: '2026-11-24T00:00:00.000Z',
  }
  const notFinite = encodingToText(fakeEncoding('younes', Number.NaN))

  it.each([
    ['text', 'not a record'],
    ['of another format', JSON.stringify({ ...record, format: 0 })],
    ['with NaN', JSON.stringify({ ...record, encodings: [notFinite] })],
    [
      'with one good and one broken encoding',
      JSON.stringify({ ...record, encodings: [...record.encodings, notFinite] }),
    ],
    ['of somebody else', JSON.stringify({ ...record, identity: 'younes' })],
    ['of an earlier version', JSON.stringify({ ...record, version: 2 })],
  ])('a stored record %s', async (_, stored) => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send } = createTestApp()
    await enroll(send, 'broken')
    const sealed = await testVault.seal('record', keyOf('broken'), stored)
    await replaceRecord('broken', sealed)
    await expectProblem(await verify('broken', 'face younes 0'), 'record_unreadable')
  })

  it('somebody else whose sealed record was copied here', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send } = createTestApp()
    await enroll(send, 'younes')
    await enroll(send, 'target', ['face b 0'])
    await replaceRecord('target', (await stateOf('younes'))!.person!.record)
    await expectProblem(await verify('target', 'face younes 0'), 'record_unreadable')
  })

  it('a record that was never sealed', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await enroll(createTestApp().send, 'broken')
    await replaceRecord('broken', JSON.stringify(record))
    await expectProblem(await verify('broken', 'face younes 0'), 'record_unreadable')
  })

  it('while the store is down, and says so', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send, engine } = createTestApp()
    await enroll(send, 'younes')
    engine.encoded.length = 0
    const bindings = { ...env, PERSON: faultyObjects(env.PERSON, 'begin') }
    const request = json({ identity: 'younes', image: base64('face younes 0') })
    const response = await send('/verify', request, bindings)
    const detail = await expectProblem(response, 'store_unavailable')
    expect(detail).not.toContain('the object is down')
    expect(JSON.stringify(log.mock.calls)).toContain('the object is down')
    expect(engine.encoded).toEqual([])
  })
})
