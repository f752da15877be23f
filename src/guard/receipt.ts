/**
 * A signed statement of what /verify decided, so that the app's backend need not take a phone's word for it: a JWT (RFC 7519), signed with
 * Ed25519 (RFC 8037) and valid for a minute. Checking it takes only the public keys from GET /.well-known/jwks.json. The first key signs
 * and all are published, so that one can be replaced without a gap. The clock is passed in.
 */

import { exportJWK, importPKCS8, SignJWT } from 'jose'
import { FaceError } from '../errors/face-error.ts'
import type { LivenessLevel } from '../liveness/judge-frames.ts'
import type { Decided, LivenessResult, SessionTerms } from './session.ts'

/** How long a receipt is valid. */
export const receiptSeconds = 60

/** `typ` of the header: no other token signed with these keys passes for a receipt. */
export const receiptType = 'facegate-receipt+jwt'

const algorithm = 'EdDSA'

/** A private key as the secret RECEIPT_KEYS holds it. */
export interface ReceiptKey {
  /** Key id, as verifiers see it. */
  readonly kid: string
  /** PKCS #8 of an Ed25519 key, DER in base64. */
  readonly pkcs8: string
}

/** The contents of a receipt, without its issuer and time. */
export interface ReceiptClaims {
  /** The Worker that decided, such as `https://facegate.example.com` (issuer.ts). */
  readonly issuer: string
  /** Id of the requesting key: the audience of the receipt. */
  readonly audience: string
  readonly identity: string
  readonly decision: 'match' | 'no_match'
  /** False-match rate of the threshold; absent when the model is not calibrated. */
  readonly fmr?: number
  readonly model: string
  /** The result of the liveness check. */
  readonly liveness: LivenessResult
  /** Of `active`: what showed that it is a live head. */
  readonly livenessLevel?: LivenessLevel
  /** The challenge that this request spent, if any. */
  readonly challenge?: string
  /** The session that this was a try of, if any, and what the backend wanted it for. */
  readonly sid?: string
  readonly purpose?: string
  /** Present when the decision rests on copies alone. */
  readonly consistency?: 'edge'
  readonly requestId: string
}

/** What a decision's receipt says, whether it is signed for the answer or, later, from a session's record: the same. */
export function claimsOf(
  { decision, identity, fmr, model, liveness, livenessLevel }: Decided,
  about: Pick<ReceiptClaims, 'issuer' | 'audience' | 'challenge' | 'consistency' | 'requestId'> & {
    readonly session?: Pick<SessionTerms, 'id' | 'purpose'>
  },
): ReceiptClaims {
  if (decision === 'ambiguous' || identity === undefined) throw new Error('a receipt is about one')
  const { session, ...rest } = about
  return {
    ...rest,
    identity,
    decision,
    ...(fmr !== undefined && { fmr }),
    model,
    liveness,
    ...(livenessLevel && { livenessLevel }),
    ...(session && { sid: session.id }),
    ...(session?.purpose !== undefined && { purpose: session.purpose }),
  }
}

/** A public key as a JSON Web Key (RFC 7517). */
export interface PublicKey {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  /** The public key, 32 bytes in base64url. */
  readonly x: string
  readonly kid: string
  readonly alg: typeof algorithm
  readonly use: 'sig'
}

export interface ReceiptSigner {
  readonly publicKeys: readonly PublicKey[]
  /** @param nowMs time of the signature, when validity begins */
  sign(claims: ReceiptClaims, nowMs: number): Promise<string>
}

/** Throws `not_configured` for a key that is not Ed25519 in PKCS #8. `keys` has at least one. */
export async function createReceiptSigner(keys: readonly ReceiptKey[]): Promise<ReceiptSigner> {
  const [{ kid, pkcs8 }] = keys
  const publicKeys = await Promise.all(keys.map(derivePublicKey))
  const signingKey = await importKey(kid, pkcs8, false)
  return {
    publicKeys,
    sign({ issuer, audience, identity, requestId, ...claims }, nowMs) {
      const nowSeconds = Math.floor(nowMs / 1000)
      return new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, kid, typ: receiptType })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(identity)
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + receiptSeconds)
        .setJti(requestId)
        .sign(signingKey)
    },
  }
}

async function derivePublicKey({ kid, pkcs8 }: ReceiptKey): Promise<PublicKey> {
  const key = await importKey(kid, pkcs8, true)
  try {
    // workerd imports private keys of other kinds too, and fails only when they are used.
    await crypto.subtle.sign('Ed25519', key, new Uint8Array())
    const { x, crv } = await exportJWK(key)
    if (x !== undefined && crv === 'Ed25519')
      return { kty: 'OKP', crv, x, kid, alg: algorithm, use: 'sig' }
  } catch {}
  throw notAKey(kid)
}

/** The private key; extractable only because the public half is derived from it. */
async function importKey(kid: string, pkcs8: string, extractable: boolean): Promise<CryptoKey> {
  const pem = `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`
  try {
    return await importPKCS8(pem, algorithm, { extractable })
  } catch {
    // The library's message is not repeated: it may quote the secret.
    throw notAKey(kid)
  }
}

function notAKey(kid: string): FaceError {
  return new FaceError(
    'not_configured',
    `RECEIPT_KEYS: the key "${kid}" is not an Ed25519 private key in PKCS #8.`,
  )
}
