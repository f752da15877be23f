/**
 * Where the detector looks. A look is a rectangle of the photo at one scale, laid out so that the network's input is as small as the
 * faces allow that are to be seen in it. Pure.
 */

import type { Point, Similarity } from '../image/similarity.ts'
import type { QuarterTurn } from '../image/turn.ts'

export interface Look {
  /** Takes pixels of the look to pixels of the photo. */
  readonly place: Similarity
  /** Pixels, multiples of the network's. */
  readonly width: number
  readonly height: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** Both sides of a look are multiples of this many pixels. */
const step = 32

/** Longer side in pixels of the first look at a photo, and of those that look for a face that fills it. */
export const firstSide = 128
export const coarseSide = 64

/**
 * Widths of a face in pixels of a look between which next to none is missed, once what scores little is looked at again, close up.
 * Measured on 100 LFW faces at random places of looks of 96 to 256 pixels: of 12 pixels 98 % score 0.17 and more, of 16 to 112 pixels
 * 0.5, of 160 pixels 0.4, whatever the size of the look.
 */
export const surelySeen = { least: 12, most: 112 } as const

/** A face of so many pixels is mostly seen: of 60 in clutter 98 % score 0.1 and more; of 9 pixels 95 %, of 8 83 %. */
const leastInTile = 10

/** Pixels of a tile: more take more memory, and no less time, since they no longer fit into a processor's cache. */
const mostInTile = 320 * 256

/** Pixels that a tile has in common with the next one: a face that is no wider is whole in one of them. */
export const tileOverlap = 32

/** Side of a look at a face by itself, and widths of the face in it, near and less near: pixels. */
const closeSide = 64
export const closeWidths = { near: 32, lessNear: 25 } as const

/** Of photo pixels, the scale of the first look. */
export function firstScale(photo: Size): number {
  return firstSide / Math.max(photo.width, photo.height)
}

/** The scale at which a face of so many pixels is surely seen. */
export function scaleFor(facePixels: number): number {
  return surelySeen.least / facePixels
}

/** The scale at which the smallest face that is looked for, of so many pixels, is seen well enough. */
export function finestScaleFor(facePixels: number): number {
  return leastInTile / facePixels
}

/**
 * The whole photo in one look.
 *
 * @param turn clockwise by which the photo is turned before it is looked at
 * @param border around the photo, as a share of its longer side
 * @param side the longer one of the look, in pixels
 */
export function wholeLook(
  photo: Size,
  turn: QuarterTurn = 0,
  border = 0,
  side: number = firstSide,
): Look {
  const margin = 2 * border * Math.max(photo.width, photo.height)
  const scale = side / (Math.max(photo.width, photo.height) + margin)
  const { width, height } = turnedSize(photo, turn)
  const size = {
    width: toStep((width + margin) * scale),
    height: toStep((height + margin) * scale),
  }
  return lookAround([photo.width / 2, photo.height / 2], scale, size, -turn)
}

/**
 * The photo at `scale`, in overlapping tiles: of the ways to lay them the one that has the fewest pixels.
 *
 * @param turn clockwise by which the photo is turned before it is looked at
 */
export function tiledLooks(photo: Size, scale: number, turn: QuarterTurn = 0): Look[] {
  const turned = turnedSize(photo, turn)
  const { columns, rows } = fewestPixels(turned.width * scale, turned.height * scale)
  // From the middle of the photo to the middle of the tile, in pixels of the photo, before it is turned back.
  const along = ({ start, side }: Stretch, length: number): number =>
    (start + side / 2) / scale - length / 2
  return rows.flatMap((row) =>
    columns.map((column) => {
      const [x, y] = rotate([along(column, turned.width), along(row, turned.height)], -turn)
      const size = { width: column.side, height: row.side }
      return lookAround([photo.width / 2 + x, photo.height / 2 + y], scale, size, -turn)
    }),
  )
}

/** A face by itself, upright as it leans. */
export function closeLook(
  centre: Point,
  side: number,
  lean: number,
  width: number = closeWidths.near,
): Look {
  return lookAround(centre, width / side, { width: closeSide, height: closeSide }, lean)
}

/** @param lean degrees clockwise by which the look is turned in the photo */
function lookAround([x, y]: Point, scale: number, { width, height }: Size, lean: number): Look {
  const [a, b] = rotate([1 / scale, 0], lean)
  const place = {
    a,
    b,
    x0: x - (a * width - b * height) / 2,
    y0: y - (b * width + a * height) / 2,
  }
  return { place, width, height }
}

function rotate([x, y]: Point, degrees: number): Point {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return [x * cos - y * sin, x * sin + y * cos]
}

function turnedSize({ width, height }: Size, turn: QuarterTurn): Size {
  return turn === 90 || turn === 270 ? { width: height, height: width } : { width, height }
}

/** What a column or a row of tiles covers: whole pixels. */
interface Stretch {
  readonly start: number
  readonly side: number
}

interface Layout {
  readonly columns: readonly Stretch[]
  readonly rows: readonly Stretch[]
}

function fewestPixels(width: number, height: number): Layout {
  const layouts: Layout[] = []
  for (const columns of divisionsOf(width)) {
    const rows = divisionsOf(height).find((some) => some[0]!.side * columns[0]!.side <= mostInTile)
    if (rows) layouts.push({ columns, rows })
  }
  const pixelsOf = ({ columns, rows }: Layout): number => sumOfSides(columns) * sumOfSides(rows)
  return layouts.reduce((best, other) => (pixelsOf(other) < pixelsOf(best) ? other : best))
}

function sumOfSides(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { side }) => sum + side, 0)
}

/** `length` pixels in one stretch, in two that overlap, in three, and so on, the longest of each first. */
function divisionsOf(length: number): Stretch[][] {
  const most = Math.ceil(Math.max(1, length - tileOverlap) / tileOverlap)
  return Array.from({ length: most }, (_, i) => divide(length, i + 1))
}

/** Sides differ by a step at most, and what rounding adds to the sum widens the overlaps. */
function divide(length: number, count: number): Stretch[] {
  const needed = Math.ceil(length - 1e-9) + (count - 1) * tileOverlap
  const steps = toStep(needed) / step
  const spare = steps * step - needed
  let before = 0
  return Array.from({ length: count }, (_, i) => {
    const side = step * Math.floor((steps + count - 1 - i) / count)
    const start = before - i * tileOverlap - (i && Math.floor((spare * i) / (count - 1)))
    before += side
    return { start, side }
  })
}

function toStep(pixels: number): number {
  return Math.max(step, Math.ceil(pixels / step - 1e-9) * step)
}
