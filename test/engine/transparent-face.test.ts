/** Photos with transparency: those that show one person on white and another on black, and people who are cut out of what was behind them. */
import { beforeAll, expect, it } from 'vitest'
import { distance } from '../../src/encoding/distance.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { onWhite } from '../../src/image/decode/transparency.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { realModels } from '../support/networks/node-models.ts'
import { addExif, makeTiff } from '../support/photos/add-exif.ts'
import { makeRgbPng, makeWebp } from '../support/photos/make-photo.ts'
import { makePng } from '../support/photos/make-png.ts'
import {
  drawImage,
  pixelAt,
  placeImages,
  sampleImage,
  shrinkImage,
} from '../support/photos/sample-photos.ts'

const refusal = {
  code: 'image_unsupported',
  message:
    'The face is partly transparent, so it looks different on every background; expected an opaque photo.',
}
let models: Models
let eve: RgbImage
let ada: RgbImage
beforeAll(async () => {
  models = await realModels()
  eve = await sampleImage('eve')
  ada = await sampleImage('ada')
})

type Pixel = readonly [grey: number, alpha: number]

/** A lighter picture of eve on white, a darker one of ada on black. */
function twoFaced(x: number, y: number): Pixel {
  const grey = (image: RgbImage): number =>
    pixelAt(image, x, y).reduce((sum, value) => sum + value / 3, 0)
  const [light, dark] = [128 + grey(eve) / 2, grey(ada) / 2]
  const alpha = Math.max(1, Math.round(255 - light + dark))
  return [Math.min(255, Math.round((dark * 255) / alpha)), alpha]
}

/** Without a part of the picture. */
function cutOut(image: RgbImage, isLeft: (x: number, y: number) => boolean) {
  return makePng({
    ...size(image),
    colourType: 6,
    bitDepth: 8,
    sample: (x, y) => [...pixelAt(image, x, y), isLeft(x, y) ? 255 : 0],
  })
}

const size = ({ width, height }: RgbImage) => ({ width, height })

it('refuses a PNG that shows somebody else on black', async () => {
  const white = drawImage(eve.width, eve.height, (x, y) => {
    const [grey, alpha] = twoFaced(x, y)
    return Array(3).fill(onWhite(grey, alpha)) as [number, number, number]
  })
  const black = drawImage(eve.width, eve.height, (x, y) => {
    const [grey, alpha] = twoFaced(x, y)
    return Array(3).fill((2 * grey * alpha) / 255) as [number, number, number]
  })
  const [onPaper, atNight] = await Promise.all(
    [white, black].map((image) => encodePhoto(models, makeRgbPng(image))),
  )
  expect(distance(onPaper!.encoding, atNight!.encoding)).toBeGreaterThan(0.6)

  const greyAndAlpha = { colourType: 4, bitDepth: 8, sample: twoFaced } as const
  const png = makePng({ ...size(eve), ...greyAndAlpha })
  await expect(encodePhoto(models, png)).rejects.toMatchObject(refusal)
  const interlaced = makePng({ ...size(eve), ...greyAndAlpha, interlaced: true })
  await expect(encodePhoto(models, interlaced)).rejects.toMatchObject(refusal)
  const turned = addExif('png', png, makeTiff(3))
  await expect(encodePhoto(models, turned)).rejects.toMatchObject(refusal)
})

it('refuses one whose palette does', async () => {
  // Four bits of grey, four of transparency.
  const colours = Array.from({ length: 256 }, (_, i) => (i >> 4) * 17)
  const png = makePng({
    ...size(eve),
    colourType: 3,
    bitDepth: 8,
    palette: colours.flatMap((grey) => [grey, grey, grey]),
    transparency: colours.map((_, i) => (i & 15) * 17),
    sample: (x, y) => {
      const [grey, alpha] = twoFaced(x, y)
      return [Math.round(grey / 17) * 16 + Math.round(alpha / 17)]
    },
  })
  await expect(encodePhoto(models, png)).rejects.toMatchObject(refusal)
})

it('refuses such a WebP, with and without loss', async () => {
  const image = drawImage(eve.width, eve.height, (x, y) => {
    const [grey] = twoFaced(x, y)
    return [grey, grey, grey]
  })
  for (const options of [{ lossless: 1, exact: 1 }, { quality: 90 }]) {
    const webp = await makeWebp(image, options, (x, y) => twoFaced(x, y)[1])
    await expect(encodePhoto(models, webp)).rejects.toMatchObject(refusal)
  }
})

it('refuses such a WebP, too, if its header says that it is opaque', async () => {
  const image = drawImage(eve.width, eve.height, (x, y) => Array(3).fill(twoFaced(x, y)[0]))
  const webp = await makeWebp(image, { quality: 90 }, (x, y) => twoFaced(x, y)[1])
  expect(String.fromCharCode(...webp.subarray(12, 16))).toBe('VP8X')
  expect(webp[20]).toBe(0x10)
  const saidOpaque = webp.with(20, 0) as Uint8Array
  await expect(encodePhoto(models, saidOpaque)).rejects.toMatchObject(refusal)
})

it('looks at the face where it stands in a photo that is turned', async () => {
  const upright = placeImages(960, 640, [{ image: eve, x: 960 - eve.width, y: 0 }])
  const { face } = await encodePhoto(models, makeRgbPng(upright))
  const { x: left, y: top, width, height } = face.box
  /** As it is stored: orientation 6 says that its rows run from top to bottom, its columns from right to left. */
  const turned = (alphaOf: (isFace: boolean) => number): Uint8Array =>
    addExif(
      'png',
      makePng({
        width: upright.height,
        height: upright.width,
        colourType: 6,
        bitDepth: 8,
        sample: (column, row) => {
          const [x, y] = [upright.width - 1 - row, column]
          const isFace = x >= left && x < left + width && y >= top && y < top + height
          return [...pixelAt(upright, x, y), alphaOf(isFace)]
        },
      }),
      makeTiff(6),
    )
  await expect(
    encodePhoto(
      models,
      turned((isFace) => (isFace ? 200 : 255)),
    ),
  ).rejects.toMatchObject(refusal)
  const around = await encodePhoto(
    models,
    turned((isFace) => (isFace ? 255 : 200)),
  )
  expect(around.face.box.x).toBeGreaterThan(480)
})

it('takes a face that is cut out, as closely as its box', async () => {
  for (const image of [eve, ada]) {
    const { face, encoding } = await encodePhoto(models, makeRgbPng(image))
    const { x: left, y: top, width, height } = face.box
    const [middleX, middleY] = [left + width / 2, top + height / 2]
    const isOval = (x: number, y: number): boolean =>
      ((x - middleX) / (0.5 * width)) ** 2 + ((y - middleY) / (0.65 * height)) ** 2 <= 1
    const cut = await encodePhoto(models, cutOut(image, isOval))
    expect(distance(cut.encoding, encoding)).toBeLessThan(0.3)
  }
})

it('refuses one that hides a large face in transparent white, beside a small one or around it', async () => {
  const small = shrinkImage(eve, 5)
  const { box } = (await encodePhoto(models, makeRgbPng(ada))).face
  const places = [
    [0, 0],
    [Math.round(box.x + box.width / 2 - small.width / 2), Math.round(box.y - small.height / 2)],
  ] as const
  for (const [left, top] of places) {
    const photo = (isHidden: boolean) =>
      makePng({
        ...size(ada),
        colourType: 6,
        bitDepth: 8,
        sample(x, y) {
          const isSmall = x >= left && x < left + small.width && y >= top && y < top + small.height
          if (isSmall) return [...pixelAt(small, x - left, y - top), 255]
          return [255, 255, 255, isHidden ? pixelAt(ada, x, y)[1]! : 0]
        },
      })
    await expect(encodePhoto(models, photo(true))).rejects.toMatchObject(refusal)
    const { face } = await encodePhoto(models, photo(false))
    expect(face.box.width).toBeLessThan(small.width)
  }
})
