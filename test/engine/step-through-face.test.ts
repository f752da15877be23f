/** Photos that are lighter from some row on, as damage makes them and an edge behind somebody may: only the former goes through a face. */
import { beforeAll, expect, it } from 'vitest'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { realModels } from '../support/networks/node-models.ts'
import { addExif, makeTiff } from '../support/photos/add-exif.ts'
import { makeJpeg } from '../support/photos/make-photo.ts'
import { drawImage, pixelAt, sampleImage } from '../support/photos/sample-photos.ts'

const refusal = {
  code: 'image_unreadable',
  message: 'The JPEG is damaged: from some block on it is lighter, darker or of another colour.',
}
const unit = 16
let models: Models
let portrait: RgbImage
beforeAll(async () => {
  models = await realModels()
  portrait = await sampleImage('bea')
})

/** @param first row of units */
function lighterFrom(image: RgbImage, first: number): Promise<Uint8Array> {
  const lighter = drawImage(image.width, image.height, (x, y) =>
    Uint8ClampedArray.from(pixelAt(image, x, y), (value) =>
      y < first * unit ? value : value + 20,
    ),
  )
  return makeJpeg(lighter, { quality: 88, auto_subsample: false, chroma_subsample: 2 })
}

it('refuses a photo that is lighter from the middle of the face on', async () => {
  const { face } = await encodePhoto(models, await lighterFrom(portrait, 0))
  const middle = Math.round((face.box.y + face.box.height / 2) / unit)
  const damaged = await lighterFrom(portrait, middle)
  await expect(encodePhoto(models, damaged)).rejects.toMatchObject(refusal)
})

it('refuses it from the forehead on, above the box, and from the chin on', async () => {
  const { face } = await encodePhoto(models, await lighterFrom(portrait, 0))
  const { y, height } = face.box
  expect(unit).toBeLessThan(height / 10)
  for (const place of [y - height / 10, y + 0.9 * height]) {
    const first = Math.ceil(place / unit)
    const damaged = await lighterFrom(portrait, first)
    await expect(encodePhoto(models, damaged), `${first}`).rejects.toMatchObject(refusal)
  }
})

it('refuses it whichever way the photo lies', async () => {
  const { width, height } = portrait
  const lying = drawImage(height, width, (x, y) => pixelAt(portrait, width - 1 - y, x))
  const whole = addExif('jpeg', await lighterFrom(lying, 0), makeTiff(6))
  const { face } = await encodePhoto(models, whole)
  const middle = Math.round((width - face.box.x - face.box.width / 2) / unit)
  const damaged = addExif('jpeg', await lighterFrom(lying, middle), makeTiff(6))
  await expect(encodePhoto(models, damaged)).rejects.toMatchObject(refusal)
})

it('accepts one that is lighter from above the face on, or from below', async () => {
  const { face } = await encodePhoto(models, await lighterFrom(portrait, 0))
  const below = Math.ceil((face.box.y + face.box.height) / unit) + 1
  for (const first of [1, below]) {
    const { face: found } = await encodePhoto(models, await lighterFrom(portrait, first))
    expect(Math.abs(found.box.y - face.box.y)).toBeLessThan(20)
  }
})
