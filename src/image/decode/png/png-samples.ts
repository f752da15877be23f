/**
 * The samples of PNG rows as RGB, laid on white: grey, colour, palette, with or without transparency, 1 to 16 bits. Of 16 bits the
 * lower byte is dropped, fewer than 8 are stretched. PNG specification, third edition, sections 11.2 and 13.
 */

import { onWhite, type Transparency } from '../transparency.ts'
import type { PngPicture } from './png-header.ts'

/** Writes a row to `to` from `at`, a pixel every `step` bytes. */
type ToRgb = (row: Uint8Array, to: Uint8Array, at: number, step: number) => void

/** For rows of so many pixels of a picture whose transparency is noted. */
export function rgbRow(picture: PngPicture, columns: number, { note }: Transparency): ToRgb {
  if (picture.bitDepth < 8 || picture.palette) return fromTable(picture, columns, note)
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
      if (alpha < 255) note(at / 3, alpha)
      from += channels * size
    }
  }
}

/**
 * One sample a pixel, which stands for one of at most 256 colours. Throws an Error for one that the palette does not have: a part of it is
 * missing then, and black is no colour of the picture.
 */
function fromTable(picture: PngPicture, columns: number, note: Transparency['note']): ToRgb {
  const { bitDepth } = picture
  const alphas = alphasOf(picture)
  const colours = coloursOf(picture, alphas)
  const count = picture.palette ? picture.palette.length / 3 : alphas.length
  const mask = 2 ** bitDepth - 1
  return (row, to, at, step) => {
    for (let i = 0; i < columns; i++, at += step) {
      const bit = i * bitDepth
      const value = (row[bit >> 3]! >> (8 - bitDepth - (bit & 7))) & mask
      if (value >= count) throw new Error('The PNG has a pixel without a colour.')
      to[at] = colours[3 * value]!
      to[at + 1] = colours[3 * value + 1]!
      to[at + 2] = colours[3 * value + 2]!
      if (alphas[value]! < 255) note(at / 3, alphas[value]!)
    }
  }
}

/** Of each value. */
function alphasOf({ bitDepth, palette, paletteAlpha, transparent }: PngPicture): Uint8Array {
  return Uint8Array.from({ length: 2 ** bitDepth }, (_, value) => {
    if (palette) return paletteAlpha?.[value] ?? 255
    return transparent?.at(-1) === value ? 0 : 255
  })
}

/** RGB of each value. A palette may be shorter than the values that the bits allow. */
function coloursOf({ palette }: PngPicture, alphas: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: 3 * alphas.length }, (_, i) => {
    const value = Math.floor(i / 3)
    const colour = palette ? (palette[i] ?? 0) : Math.round((value * 255) / (alphas.length - 1))
    return onWhite(colour, alphas[value]!)
  })
}
