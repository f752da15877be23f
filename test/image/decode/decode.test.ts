import { beforeAll, describe, expect, it } from 'vitest'
import type { Codecs } from '../../../src/image/decode/codecs.ts'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import type { PhotoFormat } from '../../../src/image/decode/formats.ts'
import type { Orientation } from '../../../src/image/orientation.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { turnUpright } from '../../../src/image/turn.ts'
import { addExif, makeTiff } from '../../support/photos/add-exif.ts'
import {
  largestDifference,
  makeJpeg,
  makePhoto,
  makePicture,
  makeRgbPng,
  makeWebp,
} from '../../support/photos/make-photo.ts'
import { joinBytes } from '../../support/photos/make-png.ts'
import { createNodeCodecs } from '../../support/photos/node-codecs.ts'

const orientations: Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8]
/** The picture is turned by the orientation that undoes the wanted one; only 6 and 8 are not their own inverse. */
const inverse: Record<Orientation, Orientation> = {
  1: 1,
  2: 2,
  3: 3,
  4: 4,
  5: 5,
  6: 8,
  7: 7,
  8: 6,
}

let codecs: Codecs
beforeAll(() => {
  codecs = createNodeCodecs()
})

describe('orientation', () => {
  // Multiples of 16 with no edge inside a block: JPEG blocks stay the same however the picture is turned.
  const upright = makePicture(64, 48)

  it.each<[PhotoFormat, number]>([
    ['png', 0],
    ['webp', 0],
    ['jpeg', 12],
  ])('all eight values give the upright picture in %s', async (format, tolerance) => {
    for (const orientation of orientations) {
      const stored = turnUpright(upright, inverse[orientation])
      const photo = await makePhoto(format, stored)
      for (const order of ['II', 'MM'] as const) {
        const decoded = await decodePhoto(
          addExif(format, photo, makeTiff(orientation, order)),
          codecs,
        )
        expect(largestDifference(decoded, upright)).toBeLessThanOrEqual(tolerance)
      }
    }
  })

  it('turns exactly the pixels that are stored in a JPEG, and only once', async () => {
    const jpeg = await makeJpeg(makePicture(37, 21))
    const stored = await decodePhoto(jpeg, codecs)
    for (const orientation of orientations) {
      const decoded = await decodePhoto(addExif('jpeg', jpeg, makeTiff(orientation)), codecs)
      expect(decoded).toEqual(turnUpright(stored, orientation))
    }
  })
})

describe('JPEG', () => {
  it('decodes baseline and progressive alike', async () => {
    const picture = makePicture(50, 35)
    const baseline = await decodePhoto(await makeJpeg(picture), codecs)
    const progressive = await decodePhoto(await makeJpeg(picture, { progressive: true }), codecs)
    expect(largestDifference(progressive, baseline)).toBeLessThan(12)
    expect(largestDifference(progressive, picture)).toBeLessThan(60)
  })

  it('decodes grey', async () => {
    const grey = makePicture(32, 32)
    for (let i = 0; i < grey.data.length; i += 3) grey.data.fill(grey.data[i], i, i + 3)
    const jpeg = await makeJpeg(grey, { color_space: 1 } as Parameters<typeof makeJpeg>[1])
    expect(largestDifference(await decodePhoto(jpeg, codecs), grey)).toBeLessThan(12)
  })

  it('refuses pixels that are missing before the end marker', async () => {
    const jpeg = await makeJpeg(makePicture(64, 64))
    const cut = joinBytes(jpeg.subarray(0, jpeg.length - 60), Uint8Array.of(0xff, 0xd9))
    await expect(decodePhoto(cut, codecs)).rejects.toMatchObject({
      code: 'image_unreadable',
      message: 'The JPEG is damaged: it cannot be decoded.',
    })
  })

  it('decodes the first of two pictures, and one with stray bytes at its end', async () => {
    const jpeg = await makeJpeg(makePicture(20, 20))
    const image = await decodePhoto(jpeg, codecs)
    const other = await makeJpeg(makePicture(30, 30))
    expect(await decodePhoto(joinBytes(jpeg, other), codecs)).toEqual(image)
    const stray = joinBytes(jpeg.subarray(0, -2), new Uint8Array(9), jpeg.subarray(-2))
    expect(await decodePhoto(stray, codecs)).toEqual(image)
  })
})

describe('WebP', () => {
  it('decodes lossy within a tolerance and lossless exactly', async () => {
    const picture = makePicture(40, 28)
    const lossless = await makeWebp(picture, { lossless: 1, exact: 1 })
    expect(await decodePhoto(lossless, codecs)).toEqual(picture)
    expect(
      largestDifference(await decodePhoto(await makeWebp(picture), codecs), picture),
    ).toBeLessThan(80)
  })

  it('lays transparency on white', async () => {
    const picture = makePicture(8, 4)
    const alpha = (x: number) => (x < 2 ? 0 : x < 4 ? 128 : 255)
    const webp = await makeWebp(picture, { lossless: 1, exact: 1 }, alpha)
    expect(await decodePhoto(webp, codecs)).toEqual(onWhite(picture, alpha))
  })
})

describe('every format', () => {
  it('gives an image whose buffer holds the pixels and nothing else', async () => {
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const { data } = await decodePhoto(await makePhoto(format, makePicture(9, 7)), codecs)
      expect(data.constructor).toBe(Uint8Array)
      expect(data.buffer.byteLength).toBe(9 * 7 * 3)
    }
  })

  it('leaves the bytes it was given as they were', async () => {
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const photo = addExif(format, await makePhoto(format, makePicture(9, 7)), makeTiff(6))
      const before = photo.slice()
      await decodePhoto(photo, codecs)
      expect(photo).toEqual(before)
    }
  })

  it('refuses a picture that has not the size of its header', async () => {
    const lying: Codecs = {
      room: 'isolate',
      decode: () => makePicture(9, 8),
      heapBytes: () => 0,
    }
    await expect(decodePhoto(makeRgbPng(makePicture(9, 7)), lying)).rejects.toMatchObject({
      code: 'image_unreadable',
      message: "The photo's header says 9 x 7 pixels, its picture has 9 x 8.",
    })
  })
})

function onWhite(image: RgbImage, alpha: (x: number) => number): RgbImage {
  const data = image.data.map((value, i) => {
    const a = alpha(Math.floor(i / 3) % image.width)
    return Math.round((value * a + 255 * (255 - a)) / 255)
  })
  return { ...image, data }
}
