/** What resembles a face beside one: a pattern of stripes of a photo, mirrored, as wallpaper has it. */
import { beforeAll, describe, expect, it } from 'vitest'
import { scaledPhoto } from '../../../scripts/photos/warped-photo.ts'
import { encodePhoto } from '../../../src/engine/pipeline.ts'
import type { Models } from '../../../src/engine/stages/models.ts'
import { withoutPhantoms } from '../../../src/engine/stages/without-phantoms.ts'
import { findFaces } from '../../../src/face/find-faces.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { realModels } from '../../support/networks/node-models.ts'
import { makeRgbPng } from '../../support/photos/make-photo.ts'
import { drawImage, pixelAt, placeImages, sampleImage } from '../../support/photos/sample-photos.ts'

let models: Models
beforeAll(async () => {
  models = await realModels()
})

const viewOf = (image: RgbImage) => ({ image, x: 0, y: 0, scale: 1 })

async function scaled(person: 'bea' | 'cleo', side: number): Promise<RgbImage> {
  return scaledPhoto(await sampleImage(person), side)
}

/** A piece of eve's photo over and over, every other one mirrored, in which the detector sees a face. */
async function wallpaper(): Promise<RgbImage> {
  const image = await sampleImage('eve')
  const side = Math.floor(image.width / 4)
  const [x0, y0] = [Math.floor(image.width * 0.5), Math.floor(image.width * 0.55)]
  const mirrored = (place: number): number => {
    const at = place % (2 * side)
    return at < side ? at : 2 * side - 1 - at
  }
  return drawImage(720, 540, (x, y) => pixelAt(image, x0 + mirrored(x), y0 + mirrored(y)))
}

/** Bea beside the face that the detector sees in the wallpaper. */
async function beforeWallpaper() {
  const paper = await wallpaper()
  const alone = findFaces(models.detector, paper)
  const { x, width } = alone[0]!.box
  const bea = await scaled('bea', 240)
  const at = x + width / 2 > 360 ? 20 : 460
  const photo = drawImage(720, 540, (u, v) =>
    u >= at && u < at + 240 && v >= 150 && v < 390
      ? pixelAt(bea, u - at, v - 150)
      : pixelAt(paper, u, v),
  )
  return { paper, alone, at, photo, found: findFaces(models.detector, photo) }
}

describe('a phantom beside a face', () => {
  it('is left out, and who stands before it is encoded', async () => {
    const { paper, alone, at, photo, found } = await beforeWallpaper()
    // Nobody is surely there, so nothing is left out: the gate says what is wrong with it.
    expect(alone).toHaveLength(1)
    expect(withoutPhantoms(models, viewOf(paper), alone)).toEqual(alone)
    expect(found).toHaveLength(2)
    expect(withoutPhantoms(models, viewOf(photo), found)).toHaveLength(1)
    const { face } = await encodePhoto(models, makeRgbPng(photo), { purpose: 'probe' })
    expect(Math.abs(face.box.x + face.box.width / 2 - at - 120)).toBeLessThan(40)
  })

  it('is looked for among the ten largest faces only, so that a crowd costs no more', async () => {
    const { photo, found } = await beforeWallpaper()
    const [bea, phantom] = found.toSorted((left, right) => right.score - left.score)
    const { box } = phantom!
    const large = Array.from({ length: 9 }, () => ({ ...phantom! }))
    const small = Array.from({ length: 30 }, () => ({ ...phantom!, box: { ...box, width: 1 } }))
    const real = withoutPhantoms(models, viewOf(photo), [...small, bea!, ...large])
    expect(real).toEqual([...small, bea])
  })

  it('two people are two, whichever way up', async () => {
    const photo = placeImages(900, 500, [
      { image: await scaled('bea', 400), x: 20, y: 50 },
      { image: await scaled('cleo', 400), x: 470, y: 50 },
    ])
    const found = findFaces(models.detector, photo)
    expect(found).toHaveLength(2)
    expect(withoutPhantoms(models, viewOf(photo), found)).toHaveLength(2)
    await expect(encodePhoto(models, makeRgbPng(photo))).rejects.toMatchObject({
      code: 'multiple_faces',
    })
  })
})
