/**
 * Crude drawings of what a camera sees when a photo is held before it, on a screen or on paper. They show whether a liveness score
 * moves at all. They are no attacks, and no test of presentation-attack detection: real ones look otherwise.
 */
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { type Look, putColour, readAt } from './draw-mesh.ts'

/** Share of the picture's sides that the held photo takes. */
const held = 0.9
/** Rows of light-emitting triads on the screen for each row of the picture; near 1, so that the two beat. */
const screenRowsPerRow = 1.07
const wall = 118

/** A screen: bright, bluish, in rows of red, green and blue stripes, with a reflection and a black frame. */
export function onScreen(photo: RgbImage): RgbImage {
  return hold(photo, 12, screenLook(photo.height * held * screenRowsPerRow))
}

/** A print: less contrast, warmer, in dots, with a white margin. */
export function onPaper(photo: RgbImage): RgbImage {
  return hold(photo, 240, printLook)
}

/** @param rows of light-emitting triads, and as many columns */
export function screenLook(rows: number): Look {
  return (colour, u, v) => {
    const row = 0.92 + 0.08 * Math.cos(2 * Math.PI * v * rows)
    const reflection = 45 * Math.max(0, 1 - 3 * Math.hypot(u - 0.75, v - 0.2))
    for (let k = 0; k < 3; k++) {
      const triad = u * rows + (1 - k) / 3
      const stripe = 0.9 + 0.1 * Math.cos(2 * Math.PI * triad)
      const tint = k === 2 ? 1.12 : 1
      colour[k] = colour[k]! * 1.1 * stripe * row * tint + reflection + 8
    }
  }
}

const printTints = [1.03, 1, 0.9] as const

export const printLook: Look = (colour, u, v) => {
  const dots = 6 * Math.sin(2 * Math.PI * u * 170) * Math.sin(2 * Math.PI * v * 170)
  for (let k = 0; k < 3; k++) colour[k] = (38 + colour[k]! * 0.72) * printTints[k]! + dots
}

/** The photo seen a little from the side before a grey wall, within a frame of one tone. */
function hold(photo: RgbImage, frame: number, look: Look): RgbImage {
  const { width, height } = photo
  const seen = { width, height, data: new Uint8Array(width * height * 3) }
  const colour = new Float64Array(3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // The right side is farther away: it looks lower, and everything narrows towards it.
      const across = (x + 0.5) / width
      const lean = 1 + 0.12 * across
      const u = (across - 0.5) / held + 0.5
      const v = (((y + 0.5) / height - 0.5) * lean) / held + 0.5
      const outside = Math.max(-u, u - 1, -v, v - 1)
      if (outside > 0) {
        colour.fill(outside < 0.02 ? frame : wall)
      } else {
        readAt(colour, photo, u * width, v * height)
        look(colour, u, v)
      }
      putColour(seen, y * width + x, colour)
    }
  }
  return seen
}
