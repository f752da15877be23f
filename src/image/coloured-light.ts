/**
 * Photos in light of one colour, as of a stage or a coloured lamp: what they show is in their light and dark alone, and seen better without
 * the colour. Pure.
 */
import type { RgbImage } from './rgb-image.ts'

/** Of all light of a photo, the share that is colour: of grey none, of pure red all. Above, the light itself is coloured. */
const mostColour = 0.65

/** Of larger photos rows and columns are left out: that is enough to tell. */
const enoughPixels = 2 ** 14

export function isInColouredLight(image: RgbImage): boolean {
  return colourShare(image) > mostColour
}

function colourShare({ width, height, data }: RgbImage): number {
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / enoughPixels)))
  let [light, colour] = [0, 0]
  for (let y = 0; y < height; y += step) {
    for (let i = 3 * y * width; i < 3 * (y + 1) * width; i += 3 * step) {
      const [red, green, blue] = [data[i]!, data[i + 1]!, data[i + 2]!]
      const most = Math.max(red, green, blue)
      light += most
      colour += most - Math.min(red, green, blue)
    }
  }
  return light === 0 ? 0 : colour / light
}

/** In place. @param values red, green, blue of each pixel */
export function takeColourAway(values: Float32Array): void {
  for (let i = 0; i < values.length; i += 3) {
    const luma = 0.299 * values[i]! + 0.587 * values[i + 1]! + 0.114 * values[i + 2]!
    values[i] = values[i + 1] = values[i + 2] = luma
  }
}
