/** Gives an image's memory back at once. */
import type { RgbImage } from './rgb-image.ts'

/**
 * Empties `image.data`; nothing may use the image afterwards. The garbage collector would free it too, but only after
 * tens of MiB of such copies have piled up.
 */
export function releaseImage(image: RgbImage): void {
  const { buffer } = image.data
  if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}
