/**
 * The issuer of receipts: the setting ISSUER. The request's address cannot be used, because the caller chooses it: with one
 * signing key on two Workers, a receipt of the test system would pass for one of production. Only on localhost does the
 * address stand in. An https issuer also requires encrypted requests. Pure.
 */
import { FaceError, invalidRequest } from '../errors/face-error.ts'

/** Names of localhost. */
function isLoopback({ hostname }: Pick<URL, 'hostname'>): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

/** Whether what is signed in this name was asked for with encryption, or on this machine. @param origin of the setting */
export function mayBeIssuer(origin: string): boolean {
  const url = new URL(origin)
  return url.protocol === 'https:' || isLoopback(url)
}

/** Throws `not_configured` without an issuer. @param requestUrl of any request to this Worker */
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
 * Throws `invalid_request` for an unencrypted request to a Worker whose issuer is https: key and photo were readable in
 * transit. Requests on localhost are exempt.
 */
export function requireEncryption(configured: string | undefined, requestUrl: string): void {
  if (!configured?.startsWith('https:')) return
  const url = new URL(requestUrl)
  if (url.protocol !== 'http:' || isLoopback(url)) return
  throw invalidRequest(
    'expected https: the key was sent without encryption, so put another in its place',
  )
}
