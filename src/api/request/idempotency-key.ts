/**
 * The header `Idempotency-Key` of POST /verify: a request whose answer was lost is sent again under the same key, and is the same
 * attempt, if it asks the very same. So what names an attempt covers the photo and everything that the decision rests on: under one key
 * nobody tries a second photo, or a second rate, for the price of one.
 */
import { z } from '@hono/zod-openapi'
import { base64url } from 'jose'
import { invalidRequest } from '../../errors/face-error.ts'
import { repeatableMs } from '../../guard/running-attempts.ts'

const keyPattern = /^[!-~]{16,128}$/
const minutes = repeatableMs / 60_000

export const idempotencyKey = z.object({
  'Idempotency-Key': z
    .string()
    .regex(keyPattern)
    .optional()
    .openapi({
      example: '6f1c2b8e-93c4-4f0a-8a57-0f6a3f3b7a51',
      description: `Random text, another for each attempt. The same request sent again with the same key within ${minutes} minutes is the same attempt, and counts once.`,
    }),
})

export interface AttemptQuestion {
  /** In the order sent. */
  readonly photos: readonly Uint8Array[]
  readonly identity: string
  readonly fmr?: number
  readonly challenge?: string
  readonly sessionId?: string
  /** Whose key asks, or opened the session. */
  readonly keyId: string
}

/** What names the attempt; undefined without a key. Throws `invalid_request` for a key that is none. */
export async function attemptIdOf(
  headers: Headers,
  { photos, identity, fmr, challenge, sessionId, keyId }: AttemptQuestion,
): Promise<string | undefined> {
  const key = headers.get('idempotency-key')
  if (key === null) return undefined
  if (!keyPattern.test(key)) {
    throw invalidRequest('Idempotency-Key: expected 16 to 128 visible ASCII characters')
  }
  const fields = [key, identity, fmr ?? null, challenge ?? null, sessionId ?? null, keyId]
  const digests = await Promise.all(photos.map(digest))
  const asked = JSON.stringify([...fields, ...digests])
  return await digest(new TextEncoder().encode(asked))
}

async function digest(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return base64url.encode(new Uint8Array(hash))
}
