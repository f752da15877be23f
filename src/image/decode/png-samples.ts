/**
 * The samples of PNG rows as RGB, laid on white: grey, colour, palette, with or without transparency, 1 to 16 bits. Of 16 bits the
 * lower byte is dropped, fewer than 8 are stretched. PNG specification, third edition, sections 11.2 and 13.
 */
import { onWhite } from './flatten.ts'
import type { PngPicture } from './png-header.ts'

/** Writes a row to `to` from `at`, a pixel every `step` bytes. */
type ToRgb = (row: Uint8Array, to: Uint8Array, at: number, step: number) => void

/** For rows of so many pixels. */
export function rgbRow(picture: PngPicture, columns: number): ToRgb {
  if (picture.bitDepth < 8 || picture.palette) return fromTable(picture, columns)
  const { channels, transparent } = picture
  const size = picture.bitDepth / 8
  const isGrey = channels <= 2
  const hasAlpha = channels === 2 || channels === 4
  return (row, to, at, step) => {
    let from = 0
    for (let i = 0; i < columns; i++, at += step) {
      const red = row[from]!
      const green = isGrey ? red : row[from + size]!
      const blue = isGrey ? red : row[from + 2 * size]!
      let alpha = hasAlpha ? row[from + (channels - 1) * size]! : 255
      if (transparent?.every((byte, k) => byte === row[from + k])) alpha = 0
      to[at] = onWhite(red, alpha)
      to[at + 1] = onWhite(green, alpha)
      to[at + 2] = onWhite(blue, alpha)
      from += channels * size
    }
  }
}

/** One sample a pixel, which stands for one of at most 256 colours. */
function fromTable(picture: PngPicture, columns: number): ToRgb {
  const { bitDepth } = picture
  const colours = coloursOf(picture)
  const mask = 2 ** bitDepth - 1
  return (row, to, at, step) => {
    for (let i = 0; i < columns; i++, at += step) {
      const bit = i * bitDepth
      const value = (row[bit >> 3]! >> (8 - bitDepth - (bit & 7))) & mask
      to[at] = colours[3 * value]!
      to[at + 1] = colours[3 * value + 1]!
      to[at + 2] = colours[3 * value + 2]!
    }
  }
}

/** RGB of each value. A palette may be shorter than the values that the bits allow: the rest is black. */
function coloursOf({ bitDepth, palette, paletteAlpha, transparent }: PngPicture): Uint8Array {
  const count = 2 ** bitDepth
  return Uint8Array.from({ length: 3 * count }, (_, i) => {
    const value = Math.floor(i / 3)
    if (palette) return onWhite(palette[i] ?? 0, paletteAlpha?.[value] ?? 255)
    const isTransparent = transparent !== undefined && transparent.at(-1) === value
    return isTransparent ? 255 : Math.round((value * 255) / (count - 1))
  })
}
