import { invalidRequest } from '../errors/face-error.ts'
/** When a person is to be forgotten: the field `expiresAt` as it is stored. Pure. */

/** In UTC. Throws `invalid_request` unless the time is still to come. @param text a date-time of ISO 8601 */
export function readExpiry(text: string, now: Date): string {
  const expiry = new Date(text)
  // The last hours of 9999 are in the year 10000 elsewhere, which is written otherwise.
  if (expiry <= now || expiry.getUTCFullYear() > 9999) {
    throw invalidRequest('field "expiresAt": expected a time in the future, up to the year 9999')
  }
  return expiry.toISOString()
}
