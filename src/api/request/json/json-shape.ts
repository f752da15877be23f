/**
 * Looks over a JSON text before it is parsed: how deep it nests, how many values it has, and whether the object names a
 * field twice. Parsing builds objects of some 50 bytes for every two characters of `[[[[`, so twelve megabytes of them would
 * not fit in an isolate; this pass allocates nothing. Pure.
 */

import { invalidRequest } from '../../../errors/face-error.ts'
import { quoteField } from '../../../lib/field-faults.ts'
import { backslash, colon, comma, isClosing, isOpening, quote } from './json-bytes.ts'

/** The object, the array `images` in it, and nothing below that. */
export const maxJsonDepth = 2

/** Fields and photos together; an endpoint takes 13 at most. */
export const maxJsonValues = 64

/** A field's name as it stands in the text; all of ours are far shorter. */
const maxNameBytes = 256

/**
 * Throws `invalid_request` when the text is deeper or longer than any request may be, or names a field twice (readers
 * disagree on which one counts). Says nothing on whether it is JSON: parsing does.
 */
export function checkJsonShape(text: Uint8Array): void {
  const names = new Set<string>()
  let depth = 0
  let values = 0
  let lastString: readonly [start: number, end: number] | null = null
  for (let i = 0; i < text.length; i++) {
    const byte = text[i]
    if (byte === quote) {
      const end = endOfString(text, i)
      lastString = [i, end]
      i = end
    } else if (isOpening(byte)) {
      if (++depth > maxJsonDepth)
        throw invalidRequest(
          `body: expected at most ${maxJsonDepth} levels; a photo is text in base64`,
        )
    } else if (isClosing(byte)) {
      depth--
    } else if (byte === comma) {
      if (++values === maxJsonValues)
        throw invalidRequest(`body: expected at most ${maxJsonValues} values`)
    } else if (byte === colon && depth === 1 && lastString !== null) {
      const name = readName(text.subarray(lastString[0], lastString[1] + 1))
      if (names.has(name)) throw invalidRequest(`${quoteField(name)}: sent twice, expected once`)
      names.add(name)
    }
  }
}

/** Position of the quote that ends the string, or the last position when none does. */
function endOfString(text: Uint8Array, start: number): number {
  let end = text.indexOf(quote, start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf(quote, end + 1)
  return end === -1 ? text.length - 1 : end
}

/** A quote after an odd number of backslashes is part of the string. */
function isEscaped(text: Uint8Array, position: number): boolean {
  let backslashes = 0
  while (text[position - 1 - backslashes] === backslash) backslashes++
  return backslashes % 2 === 1
}

/** A name may be written in several ways (`\u0061` is `a`); they are one name. */
export function readName(quoted: Uint8Array): string {
  if (quoted.length > maxNameBytes) throw invalidRequest('body: expected shorter names of fields')
  const name = new TextDecoder().decode(quoted)
  try {
    return JSON.parse(name)
  } catch {
    // Not JSON, as parsing will say of the whole.
    return name
  }
}
