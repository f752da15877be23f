/**
 * Photos in light of one colour, as of a stage or a coloured lamp: what they show is in their light and dark alone, and seen better without
 * the colour. Pure.
 */
import { toLuma } from './luma.ts'
import type { RgbImage } from './rgb-image.ts'
import { samplePixels } from './sample-pixels.ts'

/** Of all light of a photo, the share that is colour: of grey none, of pure red all. Above, the light itself is coloured. */
const mostColour = 0.65

export function isInColouredLight(image: RgbImage): boolean {
  return colourShare(image) > mostColour
}

function colourShare(image: RgbImage): number {
  let [light, colour] = [0, 0]
  samplePixels(image, (red, green, blue) => {
    const most = Math.max(red, green, blue)
    light += most
    colour += most - Math.min(red, green, blue)
  })
  return light === 0 ? 0 : colour / light
}

/** In place. @param values red, green, blue of each pixel */
export function takeColourAway(values: Float32Array): void {
  for (let i = 0; i < values.length; i += 3) {
    const luma = toLuma(values[i]!, values[i + 1]!, values[i + 2]!)
    values[i] = values[i + 1] = values[i + 2] = luma
  }
}
