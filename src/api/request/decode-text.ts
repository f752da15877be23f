/** Bytes of a body as text. Pure. */
import { invalidRequest } from '../../errors/face-error.ts'

/** Throws `invalid_request` unless it is UTF-8. @param where for the message: `body`, `field "name"` */
export function decodeText(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    throw invalidRequest(`${where}: expected text in UTF-8`)
  }
}
