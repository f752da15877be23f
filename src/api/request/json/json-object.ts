/** A body that is a JSON object. Pure. */
import { invalidRequest } from '../../../errors/face-error.ts'
import { decodeText } from '../decode-text.ts'
import { checkJsonShape } from './json-shape.ts'

/** Its fields, not yet checked. Throws `invalid_request`. */
export function parseJsonObject(body: Uint8Array): Map<string, unknown> {
  checkJsonShape(body)
  const text = decodeText(body, 'body')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own message quotes the body, which may hold a photo.
    throw invalidRequest('body: expected JSON in UTF-8')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidRequest('body: expected a JSON object')
  }
  return new Map(Object.entries(value))
}
