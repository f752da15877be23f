import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { endpoints } from '../src/api/endpoints.ts'
import { createApp } from '../src/app.ts'
import { galleryKernel } from '../src/engine/bundled-engine.ts'
import { type ErrorCode, errorTable } from '../src/errors/error-table.ts'
import { FaceError } from '../src/errors/face-error.ts'
import { createFakeEngine, fakeQuality } from './support/app/fake-engine.ts'
import { expectCommonHeaders, expectProblem } from './support/app/problems.ts'
import {
  adminKey,
  appKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  get,
  json,
} from './support/app/test-app.ts'

let log: ReturnType<typeof vi.spyOn>
beforeEach(() => {
  log = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

const image = base64('face younes 0')

describe('keys', () => {
  const requests = endpoints
    .filter((endpoint) => endpoint.role !== 'none')
    .map(({ method, path, role }) => ({
      method: method.toUpperCase(),
      path: path.replace('{id}', 'nobody'),
      role,
    }))

  it.each(requests)('$method $path asks for a live key', async ({ method, path }) => {
    const { send } = createTestApp()
    const headers = [
      {},
      bearer('wrong-wrong-key'),
      { Authorization: `Basic ${adminKey}` },
      { Authorization: adminKey },
    ]
    for (const header of headers) {
      const response = await send(path, { method, headers: header })
      await expectProblem(response, 'unauthorized')
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  it.each(requests)('$method $path takes no key from the URL', async ({ method, path }) => {
    const { send } = createTestApp()
    for (const query of [
      `key=${adminKey}`,
      `access_token=${adminKey}`,
      `authorization=Bearer ${adminKey}`,
    ]) {
      await expectProblem(await send(`${path}?${query}`, { method }), 'unauthorized')
    }
  })

  it.each(requests)('$method $path is for the role $role', async ({ method, path, role }) => {
    const { send } = createTestApp()
    for (const key of [appKey, 'second-app-key']) {
      const response = await send(path, { method, headers: bearer(key) })
      if (role === 'admin') await expectProblem(response, 'forbidden')
      else expect([401, 403]).not.toContain(response.status)
    }
    const response = await send(path, { method, headers: bearer(adminKey) })
    expect([401, 403]).not.toContain(response.status)
  })

  it('are looked at before the request is', async () => {
    const { send, engine } = createTestApp()
    const unread = json({ threshold: 1 }, 'wrong-wrong-key')
    await expectProblem(await send('/verify', unread), 'unauthorized')
    expect(engine.encoded).toEqual([])
  })

  it('that come without encryption get nowhere where ISSUER says https', async () => {
    const { send } = createTestApp()
    const bindings = { ...env, ISSUER: 'https://face.example.com' }
    const list = (origin: string) =>
      send(`${origin}/admin/identities`, { headers: bearer(adminKey) }, bindings)
    const detail = await expectProblem(await list('http://face.example.com'), 'invalid_request')
    expect(detail).toContain('https')
    expect(detail).not.toContain(adminKey)
    expect((await list('https://face.example.com')).status).toBe(200)
    expect((await list('http://localhost')).status).toBe(200)
  })

  it('that are wrong too often are limited, by the address that they come from', async () => {
    const { send } = createTestApp()
    const show = (key: string, address: string, path = '/admin/identities') =>
      send(path, { headers: { ...bearer(key), 'CF-Connecting-IP': address } })
    const codes: string[] = []
    for (let i = 0; i < 20; i++) {
      const { code } = await (await show('wrong-wrong-key', '192.0.2.1')).json<{ code: string }>()
      codes.push(code)
    }
    // The local limiter counts in periods of the clock, and one may end in between.
    expect(codes.slice(0, 5)).toEqual(Array(5).fill('unauthorized'))
    expect(codes).toContain('rate_limited')
    expect(codes.at(-1)).toBe('rate_limited')
    const right = await show(adminKey, '192.0.2.1')
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(right.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    await expectProblem(right, 'rate_limited')
    expect((await show(adminKey, '192.0.2.2')).status).toBe(200)
    await expectProblem(await show(appKey, '192.0.2.1'), 'forbidden')
  })

  it('never appear in an answer or in the log', async () => {
    const { send } = createTestApp()
    const response = await send('/verify', json({ image }, 'secret-key-of-mine'))
    expect(await response.text()).not.toContain('secret-key-of-mine')
    expect(JSON.stringify(log.mock.calls)).not.toContain('secret-key-of-mine')
  })
})

describe('settings', () => {
  it.each([
    ...(['ADMIN_KEY', 'APP_KEY', 'TEMPLATE_KEYS', 'RECEIPT_KEYS'] as const),
    ...(['IDENTITIES', 'PERSON', 'DIRECTORY', 'SESSION', 'ADMIN_FAILURES'] as const),
  ])('without %s nothing is served', async (name) => {
    const { send } = createTestApp()
    const { [name]: _, ...rest } = { ...env } as Record<string, unknown>
    for (const path of ['/verify', '/health', '/admin/identities']) {
      const method = path === '/verify' ? 'POST' : 'GET'
      const detail = await expectProblem(await send(path, { method }, rest), 'not_configured')
      expect(detail).toContain(name)
    }
  })

  it('that are wrong are named without their value', async () => {
    const { send } = createTestApp()
    const bindings = { ...env, ADMIN_KEY: 'hunter2' }
    const detail = await expectProblem(await send('/health', {}, bindings), 'not_configured')
    expect(detail).toContain('ADMIN_KEY')
    expect(detail).not.toContain('hunter2')
  })

  it('are not needed for the contract', async () => {
    const { app } = createTestApp()
    expect((await app.request('/openapi.json')).status).toBe(200)
    await expectProblem(await app.request('/health'), 'not_configured')
  })
})

describe('routes', () => {
  it.each([
    '/nothing',
    '/docs/',
    '/index.html',
    '/verify/',
    '/admin/',
    '/admin/identities/',
    '/admin/identities/a/b',
    '/Verify',
  ])('%s is not_found', async (path) => {
    const { send } = createTestApp()
    await expectProblem(await send(path, get(adminKey)), 'not_found')
  })

  it.each([
    ['/verify/', '/verify'],
    ['/Verify', '/verify'],
    ['//verify', '/verify'],
    ['/api/verify', '/verify'],
    ['/v1/verify', '/verify'],
    ['/api/v2/Docs/', '/docs'],
    ['/admin/identities/a/images/', '/admin/identities/{id}/images'],
    ['/apiverify', 'one of those that /docs lists'],
    ['/nowhere', 'one of those that /docs lists'],
  ])('%s is answered with what was probably meant: %s', async (path, meant) => {
    const { send } = createTestApp()
    const response = await send(path, get(adminKey))
    expect(await expectProblem(response, 'not_found')).toBe(
      `Nothing is served at this path, expected ${meant}.`,
    )
  })

  it.each([
    ['GET', '/verify', 'POST'],
    ['PUT', '/compare', 'POST'],
    ['OPTIONS', '/detect', 'POST'],
    ['POST', '/health', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
    ['POST', '/docs', 'GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
    ['DELETE', '/admin/identities', 'GET, HEAD'],
    ['POST', '/admin/identities/younes', 'PUT, GET, PATCH, DELETE, HEAD'],
    ['GET', '/admin/identities/younes/images', 'POST'],
  ])('%s %s is method_not_allowed, with Allow: %s', async (method, path, allow) => {
    const { send } = createTestApp()
    const response = await send(path, { method, headers: bearer(adminKey) })
    expect(response.headers.get('allow')).toBe(allow)
    await expectProblem(response, 'method_not_allowed')
  })

  it('answer HEAD like GET, without a body', async () => {
    const { send } = createTestApp()
    const response = await send('/health', { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })
})

describe('every answer', () => {
  it('carries a request id of its own and must not be stored or sniffed', async () => {
    const { send } = createTestApp()
    const responses = await Promise.all([
      send('/health'),
      send('/openapi.json'),
      send('/nothing'),
      send('/verify', { method: 'POST' }),
      send('/admin/identities', get(adminKey)),
    ])
    for (const response of responses) expectCommonHeaders(response)
    const ids = responses.map((response) => response.headers.get('x-request-id'))
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('the engine', () => {
  it('is started once by concurrent first requests', async () => {
    const engine = createFakeEngine()
    const loadEngine = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return engine
    })
    const { send } = createTestApp({ loadEngine })
    expect(loadEngine).not.toHaveBeenCalled()
    const responses = await Promise.all([1, 2, 3].map(() => send('/detect', json({ image }))))
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200])
    await send('/detect', json({ image }))
    expect(loadEngine).toHaveBeenCalledTimes(1)
  })

  it('that fails to start refuses who waited, and the next request tries again', async () => {
    const loadEngine = vi
      .fn(async () => createFakeEngine())
      .mockImplementationOnce(async () => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        throw new Error('wasm: no SIMD in /srv/secret/path')
      })
    const { send } = createTestApp({ loadEngine })
    const refused = await Promise.all([1, 2].map(() => send('/detect', json({ image }))))
    for (const response of refused) {
      const detail = await expectProblem(response, 'engine_unavailable')
      expect(detail).not.toContain('SIMD')
    }
    expect(JSON.stringify(log.mock.calls)).toContain('no SIMD')
    expect((await send('/detect', json({ image }))).status).toBe(200)
    expect(loadEngine).toHaveBeenCalledTimes(2)
  })

  it('is not started for a request that is refused anyway', async () => {
    const loadEngine = vi.fn(async () => createFakeEngine())
    const { send } = createTestApp({ loadEngine })
    await send('/verify', json({ identity: 'nobody-at-all', image }))
    await send('/verify', json({ identity: 'no good id', image }))
    await send('/detect', { method: 'POST', headers: bearer(appKey) })
    expect(loadEngine).not.toHaveBeenCalled()
  })
})

describe('failures', () => {
  const fromEngine: ErrorCode[] = [
    'no_face',
    'multiple_faces',
    'face_too_small',
    'image_unreadable',
    'image_unsupported',
    'image_too_large',
  ]

  it.each(fromEngine)(
    '%s of the engine reach the caller, with the hint of the table',
    async (code) => {
      const { send } = createTestApp()
      await enroll(send, 'younes')
      const response = await send('/verify', json({ identity: 'younes', image: base64(code) }))
      const { hint, retryable } = await response
        .clone()
        .json<{ hint: string; retryable: boolean }>()
      expect({ hint, retryable }).toEqual({
        hint: errorTable[code].hint,
        retryable: errorTable[code].retryable,
      })
      await expectProblem(response, code)
      expect(log).not.toHaveBeenCalled()
    },
  )

  it.each(['crash', 'throw-text', 'nan', 'zeros', 'short'])(
    'that nobody expected (%s) are a bland 500 and one line in the log',
    async (text) => {
      const { send } = createTestApp()
      await enroll(send, 'younes')
      const response = await send('/verify', json({ identity: 'younes', image: base64(text) }))
      const requestId = response.headers.get('x-request-id')
      const detail = await expectProblem(response, 'internal')
      expect(detail).toBe('The request could not be answered.')
      expect(log).toHaveBeenCalledTimes(1)
      expect(JSON.parse(String(log.mock.calls[0][0]))).toMatchObject({
        code: 'internal',
        requestId,
      })
    },
  )

  it('of an answer that holds what JSON cannot are a 500, never a match', async () => {
    const engine = createFakeEngine()
    const quality = { ...fakeQuality, sharpness: Number.NaN }
    const encode: typeof engine.encode = async (photo, options) => ({
      ...(await engine.encode(photo, options)),
      quality,
    })
    const { send } = createTestApp({ loadEngine: async () => ({ ...engine, encode }) })
    const response = await send('/compare', json({ left: image, right: image }))
    await expectProblem(response, 'internal')
  })
})

describe('calibration', () => {
  it('that is missing for the model is not_configured, never a guess', async () => {
    const loadEngine = async () => createFakeEngine('other-network@00000001')
    const { send } = createTestApp({ loadEngine })
    const detail = await expectProblem(
      await send('/compare', json({ left: image, right: image })),
      'not_configured',
    )
    expect(detail).toContain('other-network@00000001')
  })

  it('comes with the Worker unless given', async () => {
    const app = createApp({
      loadEngine: async () => createFakeEngine('uncalibrated@0'),
      checkHealth: async () => {},
      galleryKernel,
    })
    const response = await app.request('/compare', json({ left: image, right: image }), env)
    await expectProblem(response, 'not_configured')
  })
})

describe('GET /health', () => {
  it('takes no key and says what runs', async () => {
    const { send } = createTestApp()
    expect(await (await send('/health')).json()).toEqual({
      ok: true,
      network: 'fake-network',
      model: 'fake-network@0123abcd',
      calibrated: true,
      fmr: 0.001,
      liveness: { policy: 'off' },
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    })
  })

  it('encodes once in ten seconds, however often it is asked, and whatever comes of it', async () => {
    for (const outcome of [() => Promise.resolve(), () => Promise.reject(new Error('drift'))]) {
      let nowMs = Date.UTC(2026, 10, 24)
      const checkHealth = vi.fn(outcome)
      const { send } = createTestApp({ checkHealth, now: () => new Date(nowMs) })
      await Promise.all(Array.from({ length: 20 }, () => send('/health')))
      await send('/health')
      expect(checkHealth).toHaveBeenCalledTimes(1)
      nowMs += 10_000
      await send('/health')
      expect(checkHealth).toHaveBeenCalledTimes(2)
    }
  })

  it.each([
    ['an Error', new Error('distance 0.9')],
    ['a FaceError', new FaceError('no_face', 'no face in the built-in photo')],
  ])('is engine_unavailable when the check fails with %s', async (_, error) => {
    const { send } = createTestApp({ checkHealth: () => Promise.reject(error) })
    await expectProblem(await send('/health'), 'engine_unavailable')
  })
})
