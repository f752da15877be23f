/** A portrait in the middle of a large photo that is grainy, as those of phones are, so that its file has the size of theirs. */
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { seededRandom } from '../random.ts'
import { makeJpeg } from './make-photo.ts'
import { placePortrait } from './place-portrait.ts'

/** A baseline JPEG. @param side pixels of the portrait in it */
export async function grainyPhoto(
  portrait: RgbImage,
  width: number,
  height: number,
  side: number,
): Promise<Uint8Array> {
  const random = seededRandom(12)
  const square = placePortrait(portrait, width, height, side)
  const values = square.map((value, i) =>
    Math.max(0, Math.min(255, (value || 90 + 60 * Math.sin(i / 9000)) + 30 * (random() - 0.5))),
  )
  const data = new Uint8Array(values)
  return await makeJpeg({ width, height, data }, { quality: 88, progressive: false })
}
