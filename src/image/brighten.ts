/** How much more light a photo that was taken in the dark needs to be as bright as one in ordinary light. Pure. */
import { toLuma } from './luma.ts'
import type { RgbImage } from './rgb-image.ts'
import { samplePixels } from './sample-pixels.ts'

/** Luma 0..255: what the lightest part of an ordinary photo reaches. */
const usualLight = 200
/** A photo whose lightest part reaches this is not dark. */
const dimLight = 120
/** Share of the pixels that counts as the lightest part; less is a lamp, or noise. */
const lightestShare = 0.01
/** Beyond, nothing but noise comes out. */
const maxGain = 12

/** What its values are multiplied by; null for a photo that is bright enough as it is, and for one in which nothing is left to be seen. */
export function gainOf(image: RgbImage): number | null {
  const gain = usualLight / lightestLuma(image)
  return gain < usualLight / dimLight || gain > maxGain ? null : gain
}

/** In place. @param values 0..255 */
export function brighten(values: Float32Array, gain: number): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.min(255, values[i]! * gain)
}

/** Luma 0..255 that only the lightest part of the photo exceeds. */
export function lightestLuma(image: RgbImage): number {
  const counts = new Uint32Array(256)
  let left = 0
  samplePixels(image, (red, green, blue) => {
    counts[Math.round(toLuma(red, green, blue))]++
    left += lightestShare
  })
  let luma = 255
  for (; luma > 0; luma--) {
    left -= counts[luma]
    if (left < 0) break
  }
  return luma
}
