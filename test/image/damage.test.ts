/** Photos cut and garbled at random: decodePhoto gives an image of the header's size or a FaceError, never anything else. */

import { beforeAll, describe, expect, it } from 'vitest'
import { FaceError } from '../../src/errors/face-error.ts'
import type { Codecs } from '../../src/image/decode/codecs.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import { inspectPhoto } from '../../src/image/decode/inspect.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { addExif, makeTiff } from '../support/photos/add-exif.ts'
import { makeJpeg, makePicture, makeRgbPng, makeWebp } from '../support/photos/make-photo.ts'
import { createNodeCodecs } from '../support/photos/node-codecs.ts'

const picture = makePicture(16, 12)
const flips = 400
const imageCodes = ['image_unreadable', 'image_unsupported', 'image_too_large']

const makers: Record<string, () => Promise<Uint8Array>> = {
  'baseline JPEG': async () => addExif('jpeg', await makeJpeg(picture), makeTiff(6)),
  'progressive JPEG': () => makeJpeg(picture, { progressive: true }),
  PNG: async () => addExif('png', makeRgbPng(picture), makeTiff(6)),
  'lossy WebP': () => makeWebp(picture),
  'lossless WebP': async () =>
    addExif('webp', await makeWebp(picture, { lossless: 1, exact: 1 }), makeTiff(6)),
}

/** Bytes: JPEG's end marker, PNG's end chunk and the checksum of the chunk before it. */
const behindPixels: Readonly<Record<string, number>> = {
  'baseline JPEG': 2,
  'progressive JPEG': 2,
  PNG: 12 + 4,
  'lossy WebP': 0,
  'lossless WebP': 0,
}

/** Mulberry32: the same bytes are flipped on every run. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

describe.each(Object.keys(makers))('a damaged %s', (kind) => {
  let codecs: Codecs
  let photo: Uint8Array
  let whole: RgbImage

  beforeAll(async () => {
    codecs = createNodeCodecs()
    photo = await makers[kind]()
    whole = await decodePhoto(photo, codecs)
  })

  /** The image, or undefined after a proper refusal; anything else fails the test. */
  async function decodeOrRefuse(bytes: Uint8Array): Promise<RgbImage | undefined> {
    try {
      return await decodePhoto(bytes, codecs)
    } catch (error) {
      if (!(error instanceof FaceError)) throw error
      expect(imageCodes).toContain(error.code)
      expect(error.message).toMatch(/^The .*\.$/)
      return undefined
    }
  }

  it('is refused when cut at any byte, unless every pixel is there', async () => {
    for (let length = 0; length < photo.length; length++) {
      const image = await decodeOrRefuse(photo.subarray(0, length))
      // Without what stands behind the pixels it is the same picture.
      const isWhole = length >= photo.length - behindPixels[kind]!
      expect(image, `cut at ${length}`).toEqual(isWhole ? whole : undefined)
    }
    expect(await decodePhoto(photo, codecs)).toEqual(whole)
  })

  it('is refused or keeps the size of its header when bytes flip', async () => {
    const random = seededRandom(20_240)
    let refused = 0
    for (let round = 0; round < flips; round++) {
      const bytes = photo.slice()
      for (let i = 0; i <= round % 3; i++) {
        bytes[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8)
      }
      const image = await decodeOrRefuse(bytes)
      if (image === undefined) {
        refused++
        continue
      }
      const { width, height, orientation } = inspectPhoto(bytes)
      const upright = orientation < 5 ? [width, height] : [height, width]
      expect([image.width, image.height]).toEqual(upright)
      expect(image.data.length).toBe(width * height * 3)
    }
    expect(refused).toBeGreaterThan(0)
    expect(await decodePhoto(photo, codecs)).toEqual(whole)
  })
})
