/**
 * Pseudonyms of people, keys and devices for the log, Analytics Engine and rate limiters. An HMAC under a key that HKDF
 * derives from the first of TEMPLATE_KEYS: without that secret nobody can resolve a pseudonym by trying identities, and with
 * it all enrolled data can be read anyway, so no separate secret is needed. When another key becomes the first, the
 * pseudonyms change, and older lines can no longer be resolved. Pure.
 */
import { createHmac, hkdfSync } from 'node:crypto'

/** Pseudonyms of different kinds are unrelated. */
export type PseudonymKind = 'person' | 'key' | 'unknown' | 'device' | 'session'

/** The pseudonym of a value: 32 hexadecimal digits. */
export type Pseudonym = (kind: PseudonymKind, text: string) => string

const digits = 32

/** Of a device. One phone may speak to several backends: each has its own. @param name as the backend gave it */
export function pseudonymOfDevice(pseudonym: Pseudonym, keyId: string, name: string): string {
  return pseudonym('device', `${keyId}\n${name}`)
}

/** @param secret of 32 bytes */
export function createPseudonym(secret: Uint8Array): Pseudonym {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'facegate pseudonyms', 32))
  return (kind, text) =>
    createHmac('sha256', key).update(`${kind}\n${text}`).digest('hex').slice(0, digits)
}
