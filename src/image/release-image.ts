/** Gives the memory of pixels back at once: the garbage collector would free it too, but only after tens of MiB of such copies have piled up. */
import type { RgbImage } from './rgb-image.ts'

/** Empties `image.data`; nothing may use the image afterwards. */
export function releaseImage(image: RgbImage): void {
  releasePixels(image.data)
}

/** Empties a square that was cut out, or a photo's bytes, and whatever else lies in the same buffer. */
export function releasePixels({ buffer }: Float32Array | Float64Array | RgbImage['data']): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}
