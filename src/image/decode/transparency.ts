/**
 * Pictures with transparency are laid on white, as a viewer with a white page shows them. A viewer with a dark page shows another picture,
 * which can be another person's. So it is noted how transparent each place is, and a face must be opaque. Pure.
 */
import { FaceError } from '../../errors/face-error.ts'
import type { Rectangle } from '../resize.ts'
import type { RgbImage } from '../rgb-image.ts'

/** How transparent the squares of a picture are. */
export interface Transparency {
  /** @param pixel its number, row by row; each at most once */
  note(pixel: number, alpha: number): void
  /** 0..1, in the mean over the squares whose middles lie there. */
  meanOf(area: Rectangle): number
  /** The picture, which is laid on white, laid on black: a pixel for each square; null where none of it is transparent. */
  onBlack(onWhite: RgbImage): OnBlack | null
}

export interface OnBlack {
  readonly image: RgbImage
  /** Pixels of the picture for one of the image, along each side. */
  readonly scale: number
}

/** Pixels along a side of a square, at most, and how many squares a small picture has along its longer side. */
const mostSide = 8
const manySquares = 480

/** What is cut off each side of a face's box: what is left are eyes, nose and mouth, and nothing of what a cut-out leaves away. */
const rim = 0.2

/** As much as changes the picture by 8 of 255 levels from a black page to a white one, which nobody sees. */
const mostTransparent = 8 / 255

/** @param photo `transparencyOf` a part of it. Throws FaceError image_unsupported */
export function requireOpaqueFace(
  photo: { transparencyOf(area: Rectangle): number },
  { x, y, width, height }: Rectangle,
): void {
  const inner = {
    x: x + rim * width,
    y: y + rim * height,
    width: (1 - 2 * rim) * width,
    height: (1 - 2 * rim) * height,
  }
  if (photo.transparencyOf(inner) > mostTransparent) throw transparentFace()
}

export function transparentFace(): FaceError {
  return new FaceError(
    'image_unsupported',
    'The face is partly transparent, so it looks different on every background; expected an opaque photo.',
  )
}

export function noteTransparency(width: number, height: number): Transparency {
  const side = Math.min(mostSide, Math.ceil(Math.max(width, height) / manySquares))
  const columns = Math.ceil(width / side)
  const rows = Math.ceil(height / side)
  const missing = new Float32Array(columns * rows)
  /** The first and last squares of a line that have their middles between two places, one at least. */
  const squares = (from: number, length: number, count: number): [first: number, last: number] => {
    const within = (square: number): number => Math.max(0, Math.min(count - 1, square))
    const first = within(Math.ceil(from / side - 0.5))
    return [first, Math.max(first, within(Math.floor((from + length) / side - 0.5)))]
  }
  return {
    note(pixel, alpha) {
      const square = Math.floor(Math.floor(pixel / width) / side) * columns
      missing[square + Math.floor((pixel % width) / side)]! += 255 - alpha
    },
    meanOf(area) {
      const [left, right] = squares(area.x, area.width, columns)
      const [top, bottom] = squares(area.y, area.height, rows)
      let [sum, pixels] = [0, 0]
      for (let row = top; row <= bottom; row++) {
        for (let column = left; column <= right; column++) {
          sum += missing[row * columns + column]!
          pixels += Math.min(side, width - column * side) * Math.min(side, height - row * side)
        }
      }
      return sum / (255 * pixels)
    },
    onBlack({ data }) {
      if (!missing.some((sum) => sum > 0)) return null
      const dark = new Uint8Array(columns * rows * 3)
      for (let square = 0; square < missing.length; square++) {
        const left = (square % columns) * side
        const top = Math.floor(square / columns) * side
        const [right, bottom] = [Math.min(width, left + side), Math.min(height, top + side)]
        const sums: [number, number, number] = [0, 0, 0]
        for (let y = top; y < bottom; y++) {
          for (let at = 3 * (y * width + left); at < 3 * (y * width + right); at += 3) {
            sums[0] += data[at]!
            sums[1] += data[at + 1]!
            sums[2] += data[at + 2]!
          }
        }
        const pixels = (right - left) * (bottom - top)
        sums.forEach((sum, c) => {
          dark[3 * square + c] = Math.max(0, Math.round((sum - missing[square]!) / pixels))
        })
      }
      return { image: { width: columns, height: rows, data: dark }, scale: side }
    },
  }
}

/**
 * `rgba` is [pixels, 4], not premultiplied; `rgb` is [pixels, 3]. Both may share one buffer from its start: writing
 * never overtakes reading.
 */
export function flattenOntoWhite(
  rgba: Uint8Array | Uint8ClampedArray,
  rgb: Uint8Array,
  transparency?: Pick<Transparency, 'note'>,
): void {
  let to = 0
  for (let from = 0; from < rgba.length; from += 4) {
    const alpha = rgba[from + 3]!
    rgb[to] = onWhite(rgba[from]!, alpha)
    rgb[to + 1] = onWhite(rgba[from + 1]!, alpha)
    rgb[to + 2] = onWhite(rgba[from + 2]!, alpha)
    if (alpha < 255) transparency?.note(from / 4, alpha)
    to += 3
  }
}

/** A sample of 0..255 under `alpha` of 0..255. */
export function onWhite(value: number, alpha: number): number {
  return alpha === 255 ? value : Math.floor((value * alpha + 255 * (255 - alpha) + 127) / 255)
}
