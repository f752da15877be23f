/** A portrait in the middle of a larger photo. */
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { warp } from '../../../src/image/warp.ts'

/** [height, width, 3], zeros around the portrait. @param side pixels of the portrait in it */
export function placePortrait(
  portrait: RgbImage,
  width: number,
  height: number,
  side: number,
): Float32Array {
  const a = portrait.width / side
  const corner = { x0: (portrait.width - width * a) / 2, y0: (portrait.height - height * a) / 2 }
  return warp(portrait, { a, b: 0, ...corner }, width, height)
}
