/** When a person is to be deleted: the stored form of the field `expiresAt`. Pure. */
import { invalidRequest } from '../errors/face-error.ts'

/** In UTC. Throws `invalid_request` unless the time is in the future. @param text a date-time of ISO 8601 */
export function readExpiry(text: string, now: Date): string {
  const expiry = new Date(text)
  // The last hours of 9999 may fall into the year 10000 in UTC, which has another format.
  if (expiry <= now || expiry.getUTCFullYear() > 9999) {
    throw invalidRequest('field "expiresAt": expected a time in the future, up to the year 9999')
  }
  return expiry.toISOString()
}
