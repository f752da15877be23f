/**
 * The id of a session, and the token that a phone holds. The id says which Durable Object keeps the session and which of its sessions it
 * is; it is not secret, and receipts repeat it. The token is what the phone sends in place of a key: id, person and the key that opened the
 * session, encrypted under keys of its own, which derive from TEMPLATE_KEYS. So the phone cannot read it, nobody can forge one, and one
 * that does not open is refused without asking any object.
 */
import { Buffer } from 'node:buffer'
import { hkdfSync } from 'node:crypto'
import { base64url } from 'jose'
import { z } from 'zod'
import type { SessionClaims } from '../guard/session.ts'
import { parseJson } from '../lib/parse-json.ts'
import { createVault, type TemplateKey, type Vault } from './vault.ts'

/** Tells a token from a key, for people and for scanners of leaked secrets. */
const tokenPrefix = 'session.'

/** For one person, kept by that person's object; or for whoever is recognized, with an object of its own. */
export type SessionKind = 'person' | 'anybody'

const letters = { person: 'p', anybody: 'a' } as const satisfies Record<SessionKind, string>

export const sessionIdPattern = /^[pa][A-Za-z0-9_-]{64}$/
const objectIdBytes = 32
/** Random bytes of an id. */
const randomIdBytes = 16

export interface SessionPlace {
  readonly kind: SessionKind
  /** The id of the object, as `idFromString` takes it. */
  readonly objectId: string
}

/** A new id. @param objectId 64 hexadecimal digits */
export function makeSessionId({ kind, objectId }: SessionPlace): string {
  const bytes = new Uint8Array(objectIdBytes + randomIdBytes)
  bytes.set(Buffer.from(objectId, 'hex'))
  crypto.getRandomValues(bytes.subarray(objectIdBytes))
  return letters[kind] + base64url.encode(bytes)
}

/** Null for a text that is no id. */
export function placeOfSession(id: string): SessionPlace | null {
  if (!sessionIdPattern.test(id)) return null
  const kind = id.startsWith(letters.person) ? 'person' : 'anybody'
  const bytes = base64url.decode(id.slice(1))
  return { kind, objectId: Buffer.from(bytes.subarray(0, objectIdBytes)).toString('hex') }
}

export interface SessionTokens {
  seal(claims: SessionClaims): Promise<string>
  /** Null for a text that is no token of ours; `unread` for one that another version of this code sealed, which may ask for more. */
  open(token: string): Promise<SessionClaims | 'unread' | null>
}

const sealedClaims = z.strictObject({
  id: z.string().regex(sessionIdPattern),
  identity: z.string().optional(),
  keyId: z.string(),
  device: z.string().optional(),
  fmr: z.number().optional(),
  purpose: z.string().optional(),
  liveness: z.literal('active').optional(),
})

/** @param keys of the secret TEMPLATE_KEYS: the first seals, all of them open */
export async function createSessionTokens(keys: readonly TemplateKey[]): Promise<SessionTokens> {
  const vault: Vault = await createVault(keys.map(deriveKey))
  return {
    seal: async (claims) =>
      tokenPrefix + (await vault.seal('session', subject, JSON.stringify(claims))),
    async open(token) {
      if (!token.startsWith(tokenPrefix)) return null
      const text = await vault.open('session', subject, token.slice(tokenPrefix.length))
      return text === null ? null : (sealedClaims.safeParse(parseJson(text)).data ?? 'unread')
    },
  }
}

/** A token is about whatever it says. */
const subject = 'token'

function deriveKey({ id, bytes }: TemplateKey): TemplateKey {
  return { id, bytes: new Uint8Array(hkdfSync('sha256', bytes, '', 'facegate sessions', 32)) }
}
