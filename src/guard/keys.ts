/**
 * Who is calling. A caller shows a key as `Authorization: Bearer <key>`. Several keys may be live per role, so that one can
 * be replaced without a gap. The shown key is compared as a SHA-256 digest with every live one, in a time that says nothing
 * about any of them.
 */
import { timingSafeEqual } from 'node:crypto'

export type Role = 'app' | 'admin'

export interface Caller {
  readonly role: Role
  /** Names the key in the log: the first 8 hexadecimal digits of its SHA-256. */
  readonly keyId: string
}

interface LiveKey extends Caller {
  /** SHA-256, 32 bytes. */
  readonly digest: Uint8Array
}

export type KeyRing = readonly LiveKey[]

/** Digests of all live keys, to be made once. */
export async function createKeyRing(
  keys: Readonly<Record<Role, readonly string[]>>,
): Promise<KeyRing> {
  const ofRole = (role: Role) =>
    Promise.all(
      keys[role].map(async (key) => {
        const digest = await sha256(key)
        return { role, keyId: toHex(digest.subarray(0, 4)), digest }
      }),
    )
  return [...(await ofRole('app')), ...(await ofRole('admin'))]
}

/** The key that is shown in the header Authorization, null when none is. */
export function readShownKey(authorization: string | null): string | null {
  return /^Bearer +([!-~]+) *$/i.exec(authorization ?? '')?.[1] ?? null
}

/** Whose live key this is; null when it is none. */
export async function findCaller(shown: string, ring: KeyRing): Promise<Caller | null> {
  const digest = await sha256(shown)
  let found: Caller | null = null
  // Looks at every key even after a hit, so that the time taken does not tell which one it was.
  for (const { role, keyId, digest: live } of ring) {
    if (timingSafeEqual(digest, live)) found = { role, keyId }
  }
  return found
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
