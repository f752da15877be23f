/**
 * Whom to count failed authentications by: the client's address as Cloudflare tells it, hashed, because nothing but
 * equality is needed. One subscriber has a whole /64 of IPv6 addresses, so those count as one. Pure but for the digest.
 */
import { base64url } from 'jose'

/** Set by Cloudflare on every request from outside; what a client sends under this name is replaced. */
export const addressHeader = 'CF-Connecting-IP'

/** The same short text for the same client. Callers without an address, such as other Workers, count as one client. */
export async function hashClientAddress(address: string | null | undefined): Promise<string> {
  const client = address ? networkOf(address.trim().toLowerCase()) : 'unknown'
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(client))
  return base64url.encode(new Uint8Array(digest, 0, 16))
}

/** An IPv4 address as it is; of an IPv6 address the first four of its eight groups. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head, tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const end = tail === '' ? [] : tail.split(':')
    groups.push(...Array(Math.max(0, 8 - groups.length - end.length)).fill('0'), ...end)
  }
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
