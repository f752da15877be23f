/**
 * Who a receipt says it is from: what ISSUER says. A request's own address must not say it, for whoever calls chooses that:
 * with one signing key on two Workers, a receipt of the test system would pass for one of production. Only on this machine,
 * where nothing is at stake, may the address stand in. Pure.
 */
import { FaceError } from '../errors/face-error.ts'

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
