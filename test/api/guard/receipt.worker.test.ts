import { env } from 'cloudflare:workers'
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bytesToBase64 } from '../../../src/lib/base64.ts'
import { createFakeEngine } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { guardOf } from '../../support/app/stored-people.ts'
import { base64, createTestApp, enroll, json } from '../../support/app/test-app.ts'

interface Verification {
  decision: string
  receipt: string
  requestId: string
}

const origin = 'https://facegate.example.com'
const keyId = 'my-app'
const namedKey = { APP_KEY: `${keyId}:test-app-key` }

/** The answer to a request, and its receipt as a backend checks it that knows only the origin. */
async function verify(
  text: string,
  options: Parameters<typeof createTestApp>[0] = {},
  bindings: object = { ...env, ...namedKey, ISSUER: origin },
) {
  const { send } = createTestApp(options)
  const request = json({ identity: 'younes', image: base64(text) })
  const response = await send(`${origin}/verify`, request, bindings)
  expect(response.status).toBe(200)
  const answer = await response.json<Verification>()
  const published = await send(`${origin}/.well-known/jwks.json`, {}, bindings)
  const keys = createLocalJWKSet(await published.json<JSONWebKeySet>())
  const { payload } = await jwtVerify(answer.receipt, keys, {
    issuer: origin,
    audience: keyId,
    algorithms: ['EdDSA'],
    typ: 'facegate-receipt+jwt',
  })
  return { answer, payload }
}

afterEach(() => {
  vi.restoreAllMocks()
})
beforeEach(async () => {
  await enroll(createTestApp().send, 'younes')
})

describe('the receipt of /verify', () => {
  it.each([
    ['match', 'face younes 0.2'],
    ['no_match', 'face benoit 0'],
  ])(
    'says %s, of whom, at which rate, by which model, for which request',
    async (decision, text) => {
      const { answer, payload } = await verify(text)
      expect(answer.decision).toBe(decision)
      expect(payload).toEqual({
        iss: origin,
        aud: keyId,
        sub: 'younes',
        decision,
        fmr: 0.001,
        model: 'fake-network@0123abcd',
        liveness: 'not_checked',
        jti: answer.requestId,
        iat: expect.any(Number),
        exp: payload.iat! + 60,
      })
    },
  )

  it('is good from the moment of its signature on, however long the photo took to arrive', async () => {
    let nowMs = Date.UTC(2026, 10, 24)
    const engine = createFakeEngine()
    const slow: typeof engine.encode = (photo, options) => {
      nowMs += 70_000
      return engine.encode(photo, options)
    }
    const options = {
      loadEngine: async () => ({ ...engine, encode: slow }),
      now: () => new Date(nowMs),
    }
    const { send } = createTestApp(options)
    const request = json({ identity: 'younes', image: base64('face younes 0.2') })
    const { receipt } = await (await send('/verify', request)).json<Verification>()
    expect(decodeJwt(receipt).iat).toBe(Date.UTC(2026, 10, 24) / 1000 + 70)
  })

  it('is for the backend whose key asked, and for no other', async () => {
    const bindings = { ...env, APP_KEY: 'shop:test-app-key,gate:second-app-key' }
    const { send } = createTestApp()
    const request = (key: string) =>
      json({ identity: 'younes', image: base64('face younes 0.2') }, key)
    const audienceOf = async (key: string) => {
      const answer = await (await send('/verify', request(key), bindings)).json<Verification>()
      return decodeJwt(answer.receipt).aud
    }
    expect(await audienceOf('test-app-key')).toBe('shop')
    expect(await audienceOf('second-app-key')).toBe('gate')
  })

  it('is from whom ISSUER says, whatever host was called', async () => {
    const bindings = { ...env, ISSUER: origin }
    const { send } = createTestApp()
    const request = json({ identity: 'younes', image: base64('face younes 0.2') })
    const response = await send('https://evil.example/verify', request, bindings)
    expect(decodeJwt((await response.json<Verification>()).receipt).iss).toBe(origin)
  })

  it('is from nobody without ISSUER: nothing is decided, counted, or called healthy', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { send } = createTestApp()
    const request = json({ identity: 'younes', image: base64('face benoit 0') })
    const before = await guardOf('younes')
    const detail = await expectProblem(await send(`${origin}/verify`, request), 'not_configured')
    expect(detail).toMatch(/^ISSUER is not set/)
    expect(await guardOf('younes')).toEqual(before)
    await expectProblem(await send(`${origin}/health`), 'not_configured')
  })

  it('claims no rate that was never measured', async () => {
    const engine = createFakeEngine('other-network@00000001')
    const options = { loadEngine: async () => engine }
    const bindings = { ...env, UNCALIBRATED: 0.5 }
    const { send } = createTestApp(options)
    const put = json({ image: base64('face amy 0'), allowDuplicate: true }, 'test-admin-key', 'PUT')
    expect((await send('/admin/identities/amy', put, bindings)).ok).toBe(true)
    const request = json({ identity: 'amy', image: base64('face amy 0') })
    const answer = await (await send('/verify', request, bindings)).json<Verification>()
    expect(answer.decision).toBe('match')
    expect(decodeJwt(answer.receipt)).not.toHaveProperty('fmr')
  })
})

describe('GET /.well-known/jwks.json', () => {
  it('takes no key and tells no private one', async () => {
    const response = await createTestApp().send('/.well-known/jwks.json')
    expect(response.status).toBe(200)
    const { keys } = await response.json<JSONWebKeySet>()
    expect(keys).toEqual([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.stringMatching(/^[\w-]{43}$/),
        kid: 'local',
        alg: 'EdDSA',
        use: 'sig',
      },
    ])
  })

  it('is not_configured, by name, when a key is none', async () => {
    const secret = 'bm90IGEga2V5LCBub3QgYSBrZXksIG5vdCBhIGtleSwgbm8='
    const bindings = { ...env, RECEIPT_KEYS: `one:${secret}` }
    const response = await createTestApp().send('/.well-known/jwks.json', {}, bindings)
    const detail = await expectProblem(response, 'not_configured')
    expect(detail).toBe('RECEIPT_KEYS: the key "one" is not an Ed25519 private key in PKCS #8.')
  })

  it.each<[string, SubtleCryptoGenerateKeyAlgorithm, string[]]>([
    ['X25519', { name: 'X25519' }, ['deriveBits']],
    [
      'RSA',
      {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-256',
        modulusLength: 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
      },
      ['sign'],
    ],
  ])('is so too when it is a key of another kind: %s', async (_, algorithm, uses) => {
    const { privateKey } = (await crypto.subtle.generateKey(algorithm, true, uses)) as CryptoKeyPair
    const pkcs8 = (await crypto.subtle.exportKey('pkcs8', privateKey)) as ArrayBuffer
    const secret = bytesToBase64(new Uint8Array(pkcs8))
    const bindings = { ...env, RECEIPT_KEYS: `one:${secret}` }
    const response = await createTestApp().send('/.well-known/jwks.json', {}, bindings)
    const detail = await expectProblem(response, 'not_configured')
    expect(detail).toBe('RECEIPT_KEYS: the key "one" is not an Ed25519 private key in PKCS #8.')
  })
})
