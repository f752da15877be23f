/** A photo in JSON as its text comes: base64, base64url, or a data URI with either. What kind of image it is, its bytes say later. */
import { Base64Bytes } from './base64-bytes.ts'

/** What stands before the comma of a data URI is far shorter. */
const maxHeadBytes = 1024

const scheme = 'data:'

export class PhotoText {
  readonly #bytes: Base64Bytes
  /** What has come so far, until it is known whether it begins a data URI; null from then on. */
  #head: string | null = ''
  #isValid = true

  /** @param expected bytes of the photo, at most or most likely */
  constructor(expected: number) {
    this.#bytes = new Base64Bytes(expected)
  }

  append(text: Uint8Array): void {
    // In Latin-1, since anything beyond ASCII is wrong anyway.
    let at = 0
    while (this.#head !== null && at < text.length) {
      this.#head += String.fromCharCode(text[at++]!)
      this.#readHead(this.#head)
    }
    if (at < text.length) this.#bytes.append(text.subarray(at))
  }

  /** Null when it was neither. */
  finish(): Uint8Array<ArrayBuffer> | null {
    const head = this.#head ?? ''
    if (isUri(head)) return null
    this.#bytes.append(latin1(head))
    const bytes = this.#bytes.finish()
    return this.#isValid ? bytes : null
  }

  #readHead(head: string): void {
    const begun = head.trimStart().toLowerCase()
    if (!isUri(head)) {
      if (scheme.startsWith(begun) && head.length < maxHeadBytes) return
      this.#bytes.append(latin1(head))
      this.#head = null
    } else if (head.endsWith(',')) {
      this.#isValid = /;\s*base64\s*,$/i.test(head)
      this.#head = null
    } else if (head.length === maxHeadBytes) {
      this.#isValid = false
      this.#head = null
    }
  }
}

function isUri(head: string): boolean {
  return head.trimStart().toLowerCase().startsWith(scheme)
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
