/** The characters that JSON is built of, as bytes. */

export const quote = 0x22
export const backslash = 0x5c
export const comma = 0x2c
export const colon = 0x3a
export const openBrace = 0x7b
export const openBracket = 0x5b
const closeBrace = 0x7d
const closeBracket = 0x5d

export function isOpening(byte: number | undefined): boolean {
  return byte === openBrace || byte === openBracket
}

export function isClosing(byte: number | undefined): boolean {
  return byte === closeBrace || byte === closeBracket
}
