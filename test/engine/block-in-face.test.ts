/** Photos with a block that belongs to another picture, as damage makes them: refused where it is in the face. */
import { beforeAll, expect, it } from 'vitest'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import type { FaceReport } from '../../src/engine/stages/face-report.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { realModels } from '../support/networks/node-models.ts'
import { addExif, makeTiff } from '../support/photos/add-exif.ts'
import { makeJpeg, makeRgbPng } from '../support/photos/make-photo.ts'
import { drawImage, pixelAt, sampleImage } from '../support/photos/sample-photos.ts'
import { seededRandom } from '../support/random.ts'

const refusal = {
  code: 'image_unreadable',
  message: 'The JPEG is damaged: the face breaks off at the sides of a block.',
}
let models: Models
let portrait: RgbImage
let face: FaceReport
beforeAll(async () => {
  models = await realModels()
  portrait = await sampleImage('bea')
  face = (await encodePhoto(models, await makeJpeg(portrait))).face
})

/** Noise in 8x8 pixels of the cheek, so many pixels from where a block begins. */
function spoilt(right: number, down = right): RgbImage {
  const random = seededRandom(2)
  const left = 8 * Math.round((face.box.x + 0.3 * face.box.width) / 8) + right
  const top = 8 * Math.round((face.box.y + 0.6 * face.box.height) / 8) + down
  return drawImage(portrait.width, portrait.height, (x, y) =>
    x >= left && x < left + 8 && y >= top && y < top + 8
      ? [255 * random(), 255 * random(), 255 * random()]
      : pixelAt(portrait, x, y),
  )
}

const fine = { quality: 95, auto_subsample: false, chroma_subsample: 1 }

it('refuses a JPEG with one in the face', async () => {
  const photo = await makeJpeg(spoilt(0), fine)
  await expect(encodePhoto(models, photo)).rejects.toMatchObject(refusal)
})

it('refuses it whichever way the photo lies', async () => {
  const { width, height } = portrait
  // The blocks of the lying photo begin at the right side of the upright one.
  const upright = spoilt(width % 8, 0)
  const lying = drawImage(height, width, (x, y) => pixelAt(upright, width - 1 - y, x))
  const photo = addExif('jpeg', await makeJpeg(lying, fine), makeTiff(6))
  await expect(encodePhoto(models, photo)).rejects.toMatchObject(refusal)
})

it('accepts one that lies across blocks, and a photo that has none', async () => {
  for (const photo of [await makeJpeg(spoilt(4), fine), makeRgbPng(spoilt(0))]) {
    await expect(encodePhoto(models, photo)).resolves.toHaveProperty('encoding')
  }
})
