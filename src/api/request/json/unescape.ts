/**
 * The escapes of a JSON string that comes in pieces, replaced as they come, in one pass: a string of nothing else costs hardly more than one
 * without any. Only characters of a single byte are of use to whoever reads base64, so any other becomes one that is none.
 */
import { backslash, quote } from './json-bytes.ts'

const letterU = 'u'.charCodeAt(0)

/** What stands for a character beyond Latin-1, and for an escape that is none: neither is of base64. */
const [beyond, wrong] = [255, 0]

/** By the letter behind the backslash. */
const letters = new Uint8Array(256).fill(wrong)
for (const [letter, character] of Object.entries({
  ...{ '"': '"', '\\': '\\', '/': '/' },
  ...{ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
})) {
  letters[letter.charCodeAt(0)] = character.charCodeAt(0)
}

const noDigit = 16
const digits = new Uint8Array(256).fill(noDigit)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  digits[digit.charCodeAt(0)] = value
  digits[digit.toUpperCase().charCodeAt(0)] = value
}

export interface Unescaped {
  readonly text: Uint8Array
  /** Of the quote that ends the string, or of the end of the piece. */
  readonly end: number
}

export class Unescape {
  /** Characters behind the backslash of an escape that is read; null outside of one. */
  #read: number | null = null
  /** Of its digits. */
  #code = 0

  /** Up to the end of the string, or of the piece. */
  read(piece: Uint8Array, from: number): Unescaped {
    const simple = this.#read === null ? withoutEscapes(piece, from) : null
    if (simple !== null) return simple
    const text = new Uint8Array(piece.length - from)
    let length = 0
    let at = from
    for (; at < piece.length; at++) {
      const byte = piece[at]!
      if (this.#read !== null) {
        const character = this.#readEscape(byte, this.#read)
        if (character !== null) text[length++] = character
      } else if (byte === backslash) this.#read = 0
      else if (byte === quote) break
      else text[length++] = byte
    }
    return { text: text.subarray(0, length), end: at }
  }

  /** What the escape stands for; null while it goes on. */
  #readEscape(byte: number, read: number): number | null {
    if (read === 0 && byte === letterU) {
      this.#read = 1
      this.#code = 0
      return null
    }
    const digit = read === 0 ? noDigit : digits[byte]!
    this.#code = 16 * this.#code + digit
    this.#read = digit === noDigit || read === 4 ? null : read + 1
    if (read === 0) return letters[byte]!
    if (digit === noDigit) return wrong
    return read === 4 ? Math.min(beyond, this.#code) : null
  }
}

/** Null where there is an escape. */
function withoutEscapes(piece: Uint8Array, from: number): Unescaped | null {
  const found = piece.indexOf(quote, from)
  const end = found < 0 ? piece.length : found
  const text = piece.subarray(from, end)
  return text.includes(backslash) ? null : { text, end }
}
