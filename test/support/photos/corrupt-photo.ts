/** A photo made worse in one or two ways at random, the same for the same seed: what an attacker or a bad camera may send. */
import { blur } from '../../../lab/quality/degrade.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { seededRandom } from '../random.ts'
import { makeJpeg } from './make-photo.ts'
import { drawImage, mirrorImage, pixelAt } from './sample-photos.ts'

/** Of the JPEG standard; the encoder's own are too coarse for baseline JPEG at low quality. */
const standardTable = 0

type Random = () => number
/** A square image to another. */
type Corruption = (image: RgbImage, random: Random) => RgbImage

const changePixels = (image: RgbImage, change: (value: number, i: number) => number): RgbImage => ({
  ...image,
  data: image.data.map((value, i) => Math.round(Math.min(255, Math.max(0, change(value, i))))),
})

const corruptions: readonly Corruption[] = [
  function light(image, random) {
    const gain = 2 ** (3 * random() - 2)
    return changePixels(image, (value) => value * gain)
  },
  function haze(image, random) {
    const [kept, grey] = [0.2 + 0.7 * random(), 255 * random()]
    return changePixels(image, (value) => grey + (value - grey) * kept)
  },
  function tint(image, random) {
    const gains = [0, 1, 2].map(() => 0.5 + random())
    return changePixels(image, (value, i) => value * gains[i % 3]!)
  },
  function noise(image, random) {
    const most = 80 * random()
    return changePixels(image, (value) => value + most * (2 * random() - 1))
  },
  function outOfFocus(image, random) {
    return defocus(image, 0.5 + 3 * random())
  },
  function pixels(image, random) {
    const block = 2 + Math.floor(random() * image.width * 0.04)
    return drawImage(image.width, image.height, (x, y) =>
      pixelAt(image, x - (x % block), y - (y % block)),
    )
  },
  function bar(image, random) {
    const [top, height, grey] = [random(), 0.03 + 0.12 * random(), 255 * random()]
    return drawImage(image.width, image.height, (x, y) =>
      y / image.height > top && y / image.height < top + height
        ? [grey, grey, grey]
        : pixelAt(image, x, y),
    )
  },
  function squeeze(image, random) {
    const [wide, high] = [1 + 0.3 * random(), 1 + 0.3 * random()]
    return drawImage(image.width, image.height, (x, y) =>
      pixelAt(image, Math.floor(x / wide), Math.floor(y / high)),
    )
  },
  function mirror(image) {
    return mirrorImage(image)
  },
]

/** @param image square @param sigma in pixels */
export function defocus(image: RgbImage, sigma: number): RgbImage {
  const blurred = blur(new Float32Array(image.data), image.width, sigma)
  return { ...image, data: new Uint8Array(blurred) }
}

/** @param image square @returns a JPEG, in one case of ten with a few bytes changed */
export async function corruptPhoto(image: RgbImage, seed: number): Promise<Uint8Array> {
  const random = seededRandom(seed)
  let worse = image
  const count = 1 + Math.floor(random() * 2)
  for (let i = 0; i < count; i++) {
    worse = corruptions[Math.floor(random() * corruptions.length)]!(worse, random)
  }
  const photo = await makeJpeg(worse, {
    quality: 30 + Math.floor(65 * random()),
    quant_table: standardTable,
  })
  if (random() < 0.1) {
    const header = 600
    for (let i = 0; i < 4; i++) {
      photo[header + Math.floor(random() * (photo.length - header))] = Math.floor(random() * 256)
    }
  }
  return photo
}
