/**
 * A JSON text with photos in it, read as it comes: each photo is decoded at once, and what is left of the text is short, with the number of
 * the photo in its place. So a photo of megabytes is held once, as bytes, and not as text three times over. Says nothing on whether the
 * rest is JSON: parsing does.
 */
import { invalidRequest } from '../../../errors/face-error.ts'
import { GrowingBytes } from '../body/growing-bytes.ts'
import {
  backslash,
  colon,
  comma,
  isClosing,
  isOpening,
  openBrace,
  openBracket,
  quote,
} from './json-bytes.ts'
import { checkJsonShape, readName } from './json-shape.ts'
import { PhotoText } from './photo-text.ts'
import { Unescape } from './unescape.ts'

/** What no field but a photo needs. A longer text is dropped, and null stands in its place: a photo under a wrong name. */
const maxTextBytes = 16 * 1024

export interface PhotoJson {
  /** Without its photos. */
  readonly text: Uint8Array<ArrayBuffer>
  /** By their number; null for one that was not base64. */
  readonly photos: readonly (Uint8Array | null)[]
}

export interface PhotoJsonLimits {
  /** Photos that are decoded; null stands in the place of any more. */
  readonly photos: number
  /** Bytes of all photos, at most or most likely. */
  readonly photoBytes: number
  /** Bytes that the rest may have. */
  readonly textBytes: number
}

export class PhotoJsonReader {
  readonly #names: ReadonlySet<string>
  readonly #limits: PhotoJsonLimits
  readonly #text: GrowingBytes
  readonly #photos: (Uint8Array | null)[] = []
  /** Whether more came than may. */
  #isFull = false
  /** Brackets that are open. */
  readonly #open: number[] = []
  /** Of the value at depth 1 that is read. */
  #name = ''
  #isValue = false
  /** The string that is read: a photo, or another one, quotes included. */
  #photo: PhotoText | null = null
  #string: number[] | null = null
  /** Whether null will stand in its place. */
  #isDropped = false
  readonly #unescape = new Unescape()
  /** Whether the character before, of a string that is no photo, was the backslash of an escape. */
  #isEscaped = false

  /** @param names of the fields that are photos, or arrays of them */
  constructor(names: readonly string[], limits: PhotoJsonLimits) {
    this.#names = new Set(names)
    this.#limits = limits
    this.#text = new GrowingBytes(limits.textBytes)
  }

  append(piece: Uint8Array): void {
    let at = 0
    while (at < piece.length && !this.#isFull) {
      if (this.#photo !== null) at = this.#readPhoto(this.#photo, piece, at)
      else if (this.#string !== null) at = this.#readString(this.#string, piece, at)
      else this.#readToken(piece[at++]!)
    }
  }

  /** Throws `invalid_request` when the rest is too long. */
  finish(): PhotoJson {
    // Of a text that ends within a string, so that parsing says so.
    if (this.#string !== null) this.#keep(this.#string)
    if (this.#photo !== null) this.#keep([quote])
    const text = this.#text.finish()
    if (!this.#isFull) return { text, photos: this.#photos }
    // What is wrong with it is often seen by then.
    checkJsonShape(text)
    throw invalidRequest(
      `body: expected at most ${this.#limits.textBytes} bytes besides the photos`,
    )
  }

  #readToken(byte: number): void {
    if (byte === quote) {
      const isPhoto = this.#isPhotoNext()
      this.#isDropped = isPhoto && this.#photos.length === this.#limits.photos
      if (isPhoto && !this.#isDropped) this.#photo = new PhotoText(this.#limits.photoBytes)
      else this.#string = [quote]
      return
    }
    this.#keep([byte])
    if (isOpening(byte)) {
      this.#open.push(byte)
      this.#isValue = byte === openBracket
    } else if (isClosing(byte)) {
      this.#open.pop()
      this.#isValue = false
    } else if (byte === comma) {
      this.#isValue = this.#open.at(-1) === openBracket
    } else if (byte === colon) {
      this.#isValue = true
    }
  }

  #isPhotoNext(): boolean {
    const isOfField = this.#open.length === 1 && this.#open[0] === openBrace
    const isOfList =
      this.#open.length === 2 && this.#open[0] === openBrace && this.#open[1] === openBracket
    return this.#isValue && (isOfField || isOfList) && this.#names.has(this.#name)
  }

  /** Up to the end of the string or of the piece; returns where. */
  #readPhoto(photo: PhotoText, piece: Uint8Array, from: number): number {
    const { text, end } = this.#unescape.read(piece, from)
    photo.append(text)
    if (end < piece.length) {
      this.#keep(asciiOf(`"${this.#photos.length}"`))
      this.#photos.push(photo.finish())
      this.#photo = null
    }
    return end + 1
  }

  #readString(string: number[], piece: Uint8Array, from: number): number {
    let at = from
    while (at < piece.length) {
      const byte = piece[at++]!
      const isEscaped = this.#isEscaped
      this.#isEscaped = !isEscaped && byte === backslash
      if (string.length < maxTextBytes) string.push(byte)
      else this.#isDropped = true
      if (byte !== quote || isEscaped) continue
      this.#endString(string)
      break
    }
    return at
  }

  #endString(string: number[]): void {
    const isName = this.#open.length === 1 && !this.#isValue
    if (isName) this.#name = readName(Uint8Array.from(string))
    this.#keep(this.#isDropped ? asciiOf('null') : string)
    this.#string = null
  }

  #keep(bytes: readonly number[]): void {
    this.#isFull ||= this.#text.length + bytes.length > this.#limits.textBytes
    if (!this.#isFull) this.#text.append(Uint8Array.from(bytes))
  }
}

function asciiOf(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0))
}
