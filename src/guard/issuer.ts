/**
 * Who a receipt says it is from: what ISSUER says. A request's own address must not say it, for whoever calls chooses that:
 * with one signing key on two Workers, a receipt of the test system would pass for one of production. Only on this machine,
 * where nothing is at stake, may the address stand in. And what an encrypted address promises is held. Pure.
 */
import { FaceError, invalidRequest } from '../errors/face-error.ts'

/** Names of this machine. */
export function isLoopback({ hostname }: Pick<URL, 'hostname'>): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

/** Throws `not_configured` when nothing says who it is. @param requestUrl of any request to this Worker */
export function issuerOf(configured: string | undefined, requestUrl: string): string {
  if (configured !== undefined) return configured
  const url = new URL(requestUrl)
  if (isLoopback(url)) return url.origin
  throw new FaceError(
    'not_configured',
    'ISSUER is not set, expected the address of this Worker, such as https://facegate.example.com.',
  )
}

/**
 * Throws `invalid_request` for a request that came without encryption to a Worker that says it is reached with it: key and photo
 * lay open on the way. On this machine nobody is on the way.
 */
export function requireEncryption(configured: string | undefined, requestUrl: string): void {
  const url = new URL(requestUrl)
  const isExpected = configured?.startsWith('https:') ?? false
  if (!isExpected || url.protocol !== 'http:' || isLoopback(url)) return
  throw invalidRequest(
    'expected https: the key was sent without encryption, so put another in its place',
  )
}
