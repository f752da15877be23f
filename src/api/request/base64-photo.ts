/** A photo inside JSON: base64, base64url, or a data URI with either. What kind of image it is, its bytes say later. Pure. */

import { invalidRequest } from '../../errors/face-error.ts'
import { bytesFromBase64 } from '../../lib/base64.ts'
import { quoteField } from '../../lib/field-faults.ts'

/** `name` is the field, for the message of the `invalid_request` that anything but base64 throws. */
export function decodeBase64Photo(name: string, value: unknown): Uint8Array {
  if (typeof value !== 'string') throw notBase64(name)
  const isUri = /^\s*data:/i.test(value)
  const comma = isUri ? value.indexOf(',') : -1
  if (isUri && !/;\s*base64\s*$/i.test(value.slice(0, comma))) throw notBase64(name)
  const bytes = bytesFromBase64(value.slice(comma + 1))
  if (bytes === null) throw notBase64(name)
  return bytes
}

function notBase64(name: string) {
  return invalidRequest(`${quoteField(name)}: expected the photo in base64 or as a base64 data URI`)
}
