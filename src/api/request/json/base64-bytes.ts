/**
 * Base64 or base64url that comes in pieces, decoded as it comes: with or without padding, blanks and line ends in it do not count, as `atob`
 * has it.
 */
import { GrowingBytes } from '../body/growing-bytes.ts'

const blank = 64
const padding = 65
const none = 255

/** What a byte of the text stands for: six bits, or one of those. */
const meanings = new Uint8Array(256).fill(none)
for (const [i, character] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries()) {
  meanings[character.charCodeAt(0)] = i
}
meanings['-'.charCodeAt(0)] = meanings['+'.charCodeAt(0)]!
meanings['_'.charCodeAt(0)] = meanings['/'.charCodeAt(0)]!
meanings['='.charCodeAt(0)] = padding
for (const character of '\t\n\f\r ') meanings[character.charCodeAt(0)] = blank

/** Bytes that a piece may become beyond three for each four of its characters: a group may end that began before. */
const slack = 3

export class Base64Bytes {
  readonly #bytes: GrowingBytes
  /** Of the group of four that is read: how many of its characters have come, and their bits. */
  #place = 0
  #bits = 0
  #padding = 0
  #isValid = true

  /** @param expected bytes, at most or most likely */
  constructor(expected: number) {
    this.#bytes = new GrowingBytes(expected + slack)
  }

  append(text: Uint8Array): void {
    const to = this.#bytes.room(Math.floor((3 * text.length) / 4) + slack)
    let written = 0
    for (let at = 0; at < text.length; at++) {
      if (this.#place === 0 && this.#padding === 0) {
        const groups = decodeGroups(text, at, to, written)
        at += 4 * groups
        written += 3 * groups
        if (at === text.length) break
      }
      written += this.#take(meanings[text[at]!]!, to, written)
    }
    this.#bytes.advance(written)
  }

  /** One character; returns how many bytes were written. */
  #take(meaning: number, to: Uint8Array, at: number): 0 | 1 {
    if (meaning === blank) return 0
    if (meaning === padding) this.#padding++
    else if (meaning === none || this.#padding > 0) this.#isValid = false
    else {
      this.#bits = (this.#bits << 6) | meaning
      this.#place = (this.#place + 1) & 3
      if (this.#place === 1) return 0
      // Of two characters four bits are left for later, of three two, of four none.
      const left = this.#place === 2 ? 4 : this.#place === 3 ? 2 : 0
      to[at] = this.#bits >> left
      return 1
    }
    return 0
  }

  /** Null when the text was no base64. */
  finish(): Uint8Array<ArrayBuffer> | null {
    const isPadded =
      this.#padding === 0 || (this.#padding <= 2 && ((this.#place + this.#padding) & 3) === 0)
    return this.#isValid && isPadded && this.#place !== 1 ? this.#bytes.finish() : null
  }
}

/** As many whole groups of four as follow each other without a blank; returns how many. */
function decodeGroups(text: Uint8Array, from: number, to: Uint8Array, at: number): number {
  let groups = 0
  for (let i = from, j = at; i + 4 <= text.length; i += 4, j += 3, groups++) {
    const a = meanings[text[i]!]!
    const b = meanings[text[i + 1]!]!
    const c = meanings[text[i + 2]!]!
    const d = meanings[text[i + 3]!]!
    if ((a | b | c | d) > 63) break
    to[j] = (a << 2) | (b >> 4)
    to[j + 1] = (b << 4) | (c >> 2)
    to[j + 2] = (c << 6) | d
  }
  return groups
}
