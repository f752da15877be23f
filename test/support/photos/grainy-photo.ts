/** A portrait in the middle of a large photo that is grainy, as those of phones are, so that its file has the size of theirs. */
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { warp } from '../../../src/image/warp.ts'
import { seededRandom } from '../random.ts'
import { makeJpeg } from './make-photo.ts'

/** A baseline JPEG. @param side pixels of the portrait in it */
export async function grainyPhoto(
  portrait: RgbImage,
  width: number,
  height: number,
  side: number,
): Promise<Uint8Array> {
  const random = seededRandom(12)
  const a = portrait.width / side
  const square = warp(
    portrait,
    { a, b: 0, x0: (portrait.width - width * a) / 2, y0: (portrait.height - height * a) / 2 },
    width,
    height,
  )
  const data = Uint8Array.from(square, (value, i) =>
    Math.max(0, Math.min(255, (value || 90 + 60 * Math.sin(i / 9000)) + 30 * (random() - 0.5))),
  )
  return await makeJpeg({ width, height, data }, { quality: 88, progressive: false })
}
