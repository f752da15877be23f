/** A photo that is fit to be compared, from another: as good phones, cheap ones and messengers have it. */

import { warpedPhoto } from '../../scripts/photos/warped-photo.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { compress } from '../datasets/picture-files.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import { changePixels } from './draw/change-pixels.ts'
import { clearGlasses, type FaceOnPhoto } from './spoil-face.ts'

/** Smaller, sharper, paler, a little noisy, compressed; some with the frame of glasses. */
export async function makeGood(
  image: RgbImage,
  face: FaceOnPhoto,
  random: SeededRandom,
  models: Models,
): Promise<RgbImage> {
  const is = (chance: number): boolean => random.next() < chance
  let made = is(0.15) ? clearGlasses(image, face, random) : image
  if (is(0.4)) made = scaled(made, random.between(0.35, 0.8))
  if (is(0.3)) {
    const gains = [0, 1, 2].map(() => random.between(0.65, 1.15))
    made = changePixels(made, (value, _x, _y, channel) => value * gains[channel]!)
  }
  if (is(0.3)) {
    const [gain, lift] = [random.between(0.3, 1.2), random.between(0, 60)]
    made = changePixels(made, (value) => value * gain + lift)
  }
  if (is(0.3)) {
    const strength = random.between(2, 8)
    made = changePixels(made, (value) => value + strength * random.normal())
  }
  if (is(0.4)) made = sharpened(made, random.between(0.3, 1))
  return is(0.6) ? compress(made, Math.round(random.between(15, 70)), models.codecs) : made
}

function scaled(image: RgbImage, factor: number): RgbImage {
  const [width, height] = [image.width, image.height].map((side) => Math.round(side * factor))
  return warpedPhoto(image, { a: 1 / factor, b: 0, x0: 0, y0: 0 }, width!, height)
}

/** By what a pixel has more than its neighbours. */
function sharpened(image: RgbImage, strength: number): RgbImage {
  const { width, height, data } = image
  return changePixels(image, (value, x, y, channel) => {
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return value
    const at = (y * width + x) * 3 + channel
    const around =
      (data[at - 3]! + data[at + 3]! + data[at - 3 * width]! + data[at + 3 * width]!) / 4
    return value + strength * (value - around)
  })
}
