/**
 * What people, keys and devices are called where others may read it: in the log, in Analytics Engine and in rate limiters. An
 * HMAC, under a key that HKDF derives from the first of TEMPLATE_KEYS: without a secret nobody can find out whom a name
 * means by trying identities, and whoever has that secret can read everybody who is enrolled anyway, so it needs none of
 * its own that could be lost or forgotten. When another key becomes the first, the names change: lines of before can no
 * longer be led back to anybody. Pure.
 */
import { createHmac, hkdfSync } from 'node:crypto'

/** A name of one kind says nothing about one of another. */
export type PseudonymKind = 'person' | 'key' | 'device'

/** The same short text for the same thing: 32 hexadecimal digits. */
export type Pseudonym = (kind: PseudonymKind, text: string) => string

const digits = 32

/** @param secret of 32 bytes */
export function createPseudonym(secret: Uint8Array): Pseudonym {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'facegate pseudonyms', 32))
  return (kind, text) =>
    createHmac('sha256', key).update(`${kind}\n${text}`).digest('hex').slice(0, digits)
}
