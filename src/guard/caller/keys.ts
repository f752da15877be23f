/**
 * Identifies the caller by `Authorization: Bearer <key>`. Several keys may be live per role, so that one can be replaced
 * without a gap. The log and receipts name a key by its id: the entry is `id:key`, or the key alone, and then the id is
 * derived from it. The presented key is compared as a SHA-256 digest with every live one, in constant time.
 */
import { timingSafeEqual } from 'node:crypto'
import type { SessionClaims } from '../session.ts'
import type { Pseudonym } from './pseudonym.ts'

export type Role = 'app' | 'admin'

/** Whoever holds a key. */
export interface KeyHolder {
  readonly role: Role
  /** Names the key in the log and, as `aud`, in receipts. */
  readonly keyId: string
}

/** Whoever holds the token of a session; `keyId` is the key that opened it. */
export interface SessionHolder {
  readonly role: 'session'
  readonly keyId: string
  readonly session: SessionClaims
}

export type Caller = KeyHolder | SessionHolder

/** An entry of the secrets ADMIN_KEY and APP_KEY. */
export interface KeyEntry {
  readonly id?: string
  readonly key: string
}

const keyIdPattern = /^([A-Za-z0-9._-]{1,32}):(.*)$/

/** The text before the first colon is the id, if it is a valid one. */
export function parseKeyEntry(entry: string): KeyEntry {
  const [, id, key] = keyIdPattern.exec(entry) ?? []
  return id !== undefined && key !== undefined ? { id, key } : { key: entry }
}

/** Every text by which a caller shows the key of an entry. */
export function shownAs(entry: string): string[] {
  return [...new Set([parseKeyEntry(entry).key, entry])]
}

interface LiveKey extends KeyHolder {
  /** SHA-256, 32 bytes. */
  readonly digest: Uint8Array
}

export type KeyRing = readonly LiveKey[]

/** Digits of an id derived from the key. */
const madeIdDigits = 8

/**
 * Digests of all live keys, computed once. `id:key`, as written in the secret, is accepted too.
 *
 * @param entries `id:key` or the key alone
 */
export async function createKeyRing(
  entries: Readonly<Record<Role, readonly string[]>>,
  pseudonym: Pseudonym,
): Promise<KeyRing> {
  const ofRole = (role: Role) =>
    entries[role].flatMap((entry) => {
      const { id, key } = parseKeyEntry(entry)
      const keyId = id ?? pseudonym('key', key).slice(0, madeIdDigits)
      return shownAs(entry).map(async (shown) => {
        return { role, keyId, digest: await sha256(shown) }
      })
    })
  return await Promise.all([...ofRole('app'), ...ofRole('admin')])
}

/** The key in the header Authorization; null without one. */
export function readShownKey(authorization: string | null): string | null {
  return /^Bearer +([!-~]+) *$/i.exec(authorization ?? '')?.[1] ?? null
}

/** The holder of this live key; null for an unknown key. */
export async function findCaller(shown: string, ring: KeyRing): Promise<KeyHolder | null> {
  const digest = await sha256(shown)
  let found: KeyHolder | null = null
  // Checks every key even after a hit, so that timing does not reveal which one matched.
  for (const { role, keyId, digest: live } of ring) {
    if (timingSafeEqual(digest, live)) found = { role, keyId }
  }
  return found
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}
