import { generateKeyPairSync } from 'node:crypto'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import {
  claimsOf,
  createReceiptSigner,
  type ReceiptClaims,
  type ReceiptSigner,
  receiptSeconds,
  receiptType,
} from '../../src/guard/receipt.ts'

const issuer = 'https://facegate.example.com'
const nowMs = Date.UTC(2026, 10, 24, 12, 0, 0, 789)
const claims: ReceiptClaims = {
  issuer,
  audience: 'my-app',
  identity: 'younes',
  decision: 'match',
  fmr: 0.001,
  model: 'dlib-resnet@4f1c2a90',
  liveness: 'not_checked',
  challenge: 'a-challenge',
  requestId: '01KAVQ6Z4R8M3N5T7W9XBCDFGH',
}

function drawKey(kid: string, type: 'ed25519' | 'ed448' | 'x25519' = 'ed25519') {
  // The overloads of generateKeyPairSync take one literal each.
  const { privateKey } =
    type === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : type === 'ed448'
        ? generateKeyPairSync('ed448')
        : generateKeyPairSync('x25519')
  return { kid, pkcs8: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64') }
}

/** As a backend checks one that reached it `afterSeconds` later. */
function check(receipt: string, { publicKeys }: ReceiptSigner, afterSeconds = 0) {
  const keys = createLocalJWKSet({ keys: publicKeys.map((key) => ({ ...key })) })
  const currentDate = new Date(nowMs + afterSeconds * 1000)
  return jwtVerify(receipt, keys, {
    issuer,
    audience: 'my-app',
    algorithms: ['EdDSA'],
    typ: receiptType,
    currentDate,
  })
}

describe('a receipt', () => {
  it('says who was decided about, how, by what, for which challenge, and when', async () => {
    const signer = await createReceiptSigner([drawKey('one')])
    const { payload, protectedHeader } = await check(await signer.sign(claims, nowMs), signer)
    const seconds = Math.floor(nowMs / 1000)
    expect(payload).toEqual({
      iss: issuer,
      aud: 'my-app',
      sub: 'younes',
      decision: 'match',
      fmr: 0.001,
      model: 'dlib-resnet@4f1c2a90',
      liveness: 'not_checked',
      challenge: 'a-challenge',
      iat: seconds,
      exp: seconds + 60,
      jti: '01KAVQ6Z4R8M3N5T7W9XBCDFGH',
    })
    expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: 'one', typ: 'facegate-receipt+jwt' })
  })

  it('has no rate and no challenge when there were none', async () => {
    const signer = await createReceiptSigner([drawKey('one')])
    const { fmr: _, challenge: __, ...bare } = claims
    const { payload } = await check(await signer.sign(bare, nowMs), signer)
    expect(payload).not.toHaveProperty('fmr')
    expect(payload).not.toHaveProperty('challenge')
  })

  it('is believed for 60 seconds and no longer', async () => {
    const signer = await createReceiptSigner([drawKey('one')])
    const receipt = await signer.sign(claims, nowMs)
    expect(receiptSeconds).toBe(60)
    await expect(check(receipt, signer, 59)).resolves.toBeDefined()
    await expect(check(receipt, signer, 60)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' })
  })

  it('is refused with any claim changed', async () => {
    const signer = await createReceiptSigner([drawKey('one')])
    const [header, , signature] = (
      await signer.sign({ ...claims, decision: 'no_match' }, nowMs)
    ).split('.')
    const [, payload] = (await signer.sign(claims, nowMs)).split('.')
    await expect(check(`${header}.${payload}.${signature}`, signer)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    })
  })

  it('is refused when another key made it under the same id', async () => {
    const signer = await createReceiptSigner([drawKey('one')])
    const forger = await createReceiptSigner([drawKey('one')])
    await expect(check(await forger.sign(claims, nowMs), signer)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    })
  })
})

describe('several keys', () => {
  it('are all published, and the first one signs', async () => {
    const [old, young] = [drawKey('2026-11'), drawKey('2026-12')]
    const before = await createReceiptSigner([old])
    const after = await createReceiptSigner([young, old])
    expect(after.publicKeys.map(({ kid }) => kid)).toEqual(['2026-12', '2026-11'])
    const receipt = await after.sign(claims, nowMs)
    expect(decodeProtectedHeader(receipt).kid).toBe('2026-12')
    // A receipt of the moment before the change is still good.
    await expect(check(await before.sign(claims, nowMs), after)).resolves.toBeDefined()
    await expect(check(receipt, before)).rejects.toMatchObject({
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    })
  })

  it('are published without their private halves', async () => {
    const { publicKeys } = await createReceiptSigner([drawKey('one'), drawKey('two')])
    for (const key of publicKeys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
    }
  })
})

describe('a key that is not Ed25519 in PKCS #8', () => {
  it.each([
    ['noise', { kid: 'two', pkcs8: 'bm90IGEga2V5' }],
    ['Ed448', drawKey('two', 'ed448')],
    ['X25519', drawKey('two', 'x25519')],
  ])('is not_configured, by its id, wherever it stands: %s', async (_, bad) => {
    for (const keys of [[bad], [drawKey('one'), bad]]) {
      const refused = createReceiptSigner(keys)
      await expect(refused).rejects.toMatchObject({ code: 'not_configured' })
      await expect(refused).rejects.toThrow(/^RECEIPT_KEYS: the key "two" is not an Ed25519/)
      await expect(refused).rejects.not.toThrow(bad.pkcs8)
    }
  })
})

describe('what a receipt says of a decision', () => {
  const decided = { identity: 'eve', model: 'made-up@1', liveness: 'active' } as const
  const about = { issuer, audience: 'shop', requestId: 'r' }

  it('is the decision with all that it depends on, and the session that it was a try of', () => {
    const whole = { ...decided, decision: 'match', fmr: 0.001, livenessLevel: 'one_take' } as const
    expect(claimsOf(whole, { ...about, session: { id: 'p-1', purpose: 'pay' } })).toEqual({
      ...about,
      ...whole,
      sid: 'p-1',
      purpose: 'pay',
    })
    expect(claimsOf({ ...decided, decision: 'no_match' }, about)).toEqual({
      ...about,
      ...decided,
      decision: 'no_match',
    })
  })

  it('is nothing where it is about nobody, or about two', () => {
    const { identity, ...nobody } = decided
    for (const one of [
      { ...decided, decision: 'ambiguous' },
      { ...nobody, decision: 'match' },
    ] as const) {
      expect(() => claimsOf(one, about)).toThrow(new Error('a receipt is about one'))
    }
  })
})
