import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeEngine } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { adminKey, base64, createTestApp, json } from '../../support/app/test-app.ts'

const model = 'weights-of-my-own@00000001'
const image = base64('face a 0.2')
const photo = base64('face a 0')

beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  await resetStore()
})

/** An app whose engine nobody calibrated, with the distance set that is given. */
function app(UNCALIBRATED?: string | number) {
  const engine = createFakeEngine(model)
  const { send } = createTestApp({ loadEngine: async () => engine })
  const bindings = { ...env, ...(UNCALIBRATED !== undefined && { UNCALIBRATED }) }
  return (path: string, init?: RequestInit) => send(path, init, bindings)
}

const enrollment = json({ image: photo }, adminKey, 'PUT')
const requests: [string, RequestInit][] = [
  ['/verify', json({ identity: 'a', image })],
  ['/recognize', json({ image })],
  ['/compare', json({ left: photo, right: image })],
]

describe('a model that nobody calibrated', () => {
  it.each(requests)('decides nothing at %s', async (path, request) => {
    const send = app()
    const allowed = json({ image: photo, allowDuplicate: true }, adminKey, 'PUT')
    expect((await send('/admin/identities/a', allowed)).status).toBe(201)
    const detail = await expectProblem(await send(path, request), 'not_configured')
    expect(detail).toContain(model)
  })

  it('is not healthy, and enrolls nobody unseen', async () => {
    const send = app()
    expect(await expectProblem(await send('/health'), 'not_configured')).toContain(model)
    await expectProblem(await send('/admin/identities/a', enrollment), 'not_configured')
  })

  it.each(requests)(
    'decides at %s by the distance that was set, and says so',
    async (path, request) => {
      const send = app('0.3')
      expect((await send('/admin/identities/a', enrollment)).status).toBe(201)
      const answer = await (await send(path, request)).json()
      expect(answer).toMatchObject({ decision: 'match', calibrated: false, threshold: 0.3, model })
      expect(answer).not.toHaveProperty('fmr')
      const stricter = await (await app(0.1)(path, request)).json()
      expect(stricter).toMatchObject({ decision: 'no_match', calibrated: false, threshold: 0.1 })
    },
  )

  it('decides nothing by a distance at which everybody would match', async () => {
    const loadEngine = async () => createFakeEngine(model)
    const { send } = createTestApp({ loadEngine, encodingNorm: () => 1 })
    const at = (UNCALIBRATED: string) => ({ ...env, UNCALIBRATED })
    expect((await send('/admin/identities/a', enrollment, at('0.3'))).status).toBe(201)
    for (const [path, request] of [...requests, ['/health', {}] as const]) {
      const refused = await send(path, request, at('6'))
      expect(await expectProblem(refused, 'not_configured')).toBe(
        'UNCALIBRATED is 6, expected less than 1.41: so far apart are faces that have nothing in common, with this network.',
      )
    }
    expect((await send('/health', {}, at('1.4'))).status).toBe(200)
  })

  it.each(requests)('has no rate that %s could be asked for', async (path, { body, ...rest }) => {
    const send = app('0.3')
    await send('/admin/identities/a', enrollment)
    const request = { ...rest, body: JSON.stringify({ ...JSON.parse(String(body)), fmr: 0.001 }) }
    const detail = await expectProblem(await send(path, request), 'invalid_request')
    expect(detail).toBe(`field "fmr": expected none, because the model ${model} is not calibrated`)
  })

  it('is said to be so by /health', async () => {
    expect(await (await app('0.3')('/health')).json()).toMatchObject({
      ok: true,
      calibrated: false,
    })
  })

  it.each(['0', '-1', 'half', '', '0x1', 'Infinity', 0, -0.5])(
    'takes no distance of %j',
    async (distance) => {
      const detail = await expectProblem(await app(distance)('/health'), 'not_configured')
      expect(detail).toBe('UNCALIBRATED must be a distance greater than 0, such as 0.5.')
    },
  )
})

describe('a calibrated model', () => {
  it('decides by its calibration, whatever distance was set', async () => {
    const { send } = createTestApp()
    const bindings = { ...env, UNCALIBRATED: '9' }
    const request = json({ left: photo, right: image })
    expect(await (await send('/compare', request, bindings)).json()).toMatchObject({
      calibrated: true,
      fmr: 0.001,
      threshold: 0.5,
    })
  })
})
