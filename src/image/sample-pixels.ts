/** Pixels that stand for a whole photo, where its light or colour alone is asked for: of a larger one rows and columns are left out. Pure. */
import type { RgbImage } from './rgb-image.ts'

/** From this many on. */
const enoughPixels = 2 ** 14

/** @param use gets red, green and blue, 0..255, of each */
export function samplePixels(
  { width, height, data }: RgbImage,
  use: (red: number, green: number, blue: number) => void,
): void {
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / enoughPixels)))
  for (let y = 0; y < height; y += step) {
    for (let i = 3 * y * width; i < 3 * (y + 1) * width; i += 3 * step) {
      use(data[i]!, data[i + 1]!, data[i + 2]!)
    }
  }
}
