/**
 * Who may call what. A caller shows a key as `Authorization: Bearer <key>`; keys of the role `admin` may do everything
 * that `app` may, and not the other way round. Several keys may be live per role, so that one can be replaced without a
 * gap. The shown key is compared as a SHA-256 digest with every live one, in a time that says nothing about any of them.
 */
import { FaceError } from '../errors.ts'

export type Role = 'app' | 'admin'

interface LiveKey {
  readonly role: Role
  /** SHA-256, 32 bytes. */
  readonly digest: Uint8Array
}

export type KeyRing = readonly LiveKey[]

/** Digests of all live keys, to be made once. */
export async function createKeyRing(keys: Readonly<Record<Role, readonly string[]>>) {
  const ofRole = (role: Role) =>
    Promise.all(keys[role].map(async (key) => ({ role, digest: await sha256(key) })))
  const ring: KeyRing = [...(await ofRole('app')), ...(await ofRole('admin'))]
  return ring
}

/**
 * Returns the caller's role, or throws `unauthorized` (no live key) or `forbidden` (a live key that may not do this).
 * `authorization` is the header as sent, null when there was none.
 */
export async function authorize(
  authorization: string | null,
  needed: Role,
  ring: KeyRing,
): Promise<Role> {
  const shown = /^Bearer +([!-~]+) *$/i.exec(authorization ?? '')?.[1]
  if (shown === undefined) {
    throw new FaceError('unauthorized', 'Expected the header "Authorization: Bearer <key>".')
  }
  const role = findRole(await sha256(shown), ring)
  if (role === null) throw new FaceError('unauthorized', 'The key is not a live key.')
  if (needed === 'admin' && role !== 'admin') {
    throw new FaceError('forbidden', 'This endpoint asks for a key of the role admin.')
  }
  return role
}

/** Looks at every key even after a hit, so that the time taken does not tell which one it was. */
function findRole(digest: Uint8Array, ring: KeyRing): Role | null {
  let role: Role | null = null
  for (const key of ring) {
    if (equalInConstantTime(digest, key.digest)) role = key.role
  }
  return role
}

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i]
  return difference === 0
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}
