/** What a browser's fake camera sees: a film of one picture, made from the sample people. */
import { writeFile } from 'node:fs/promises'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { makeJpeg } from '../photos/make-photo.ts'
import {
  drawImage,
  pixelAt,
  placeImages,
  type SamplePerson,
  sampleImage,
  shrinkImage,
} from '../photos/sample-photos.ts'

const width = 640
const height = 480
/** Chromium plays a film over and over. */
const frames = 4

export async function writeFilm(file: string, image: RgbImage): Promise<string> {
  const jpeg = await makeJpeg(image, { quality: 95 })
  await writeFile(file, Buffer.concat(Array.from({ length: frames }, () => jpeg)))
  return file
}

/** In the middle of the picture. */
export function inFront(image: RgbImage): RgbImage {
  return placeImages(width, height, [
    {
      image,
      x: Math.round((width - image.width) / 2),
      y: Math.round((height - image.height) / 2),
    },
  ])
}

export async function sideBySide(left: SamplePerson, right: SamplePerson): Promise<RgbImage> {
  const [one, other] = [await sampleImage(left), await sampleImage(right)]
  return placeImages(width, height, [
    { image: shrinkImage(one, 2), x: 50, y: 120 },
    { image: shrinkImage(other, 2), x: 350, y: 120 },
  ])
}

/** As in a room without a lamp. */
export function inTheDark(image: RgbImage): RgbImage {
  return drawImage(image.width, image.height, (x, y) =>
    Array.from(pixelAt(image, x, y), (value) => Math.round(value * 0.04)),
  )
}
