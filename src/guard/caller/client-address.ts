/**
 * The client that failed authentications are counted for: its address as Cloudflare reports it, hashed, because only equality
 * matters. A subscriber has a whole /64 of IPv6 addresses, so a /64 counts as one client. Pure except for the digest.
 */
import { base64url } from 'jose'

/** Set by Cloudflare on every external request; a client's own header of this name is replaced. */
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
