/** Lossy WebPs whose data ends elsewhere than their picture, and whole ones of many kinds. */
import { beforeAll, describe, expect, it } from 'vitest'
import { FaceError } from '../../../src/errors/face-error.ts'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { addWebpChunk } from '../../support/photos/add-exif.ts'
import { largestDifference, makeWebp } from '../../support/photos/make-photo.ts'
import { createNodeCodecs } from '../../support/photos/node-codecs.ts'
import { sampleImage } from '../../support/photos/sample-photos.ts'
import { seededRandom } from '../../support/random.ts'

const codecs = createNodeCodecs()
let portrait: RgbImage
beforeAll(async () => {
  portrait = await sampleImage('cleo')
})

async function isRefused(
  bytes: Uint8Array,
  message = /^The WebP is damaged: it cannot be decoded\.$/,
): Promise<boolean> {
  try {
    await decodePhoto(bytes, codecs)
    return false
  } catch (error) {
    expect(error).toBeInstanceOf(FaceError)
    expect(error).toMatchObject({
      code: 'image_unreadable',
      message: expect.stringMatching(message),
    })
    return true
  }
}

describe('a lossy WebP', () => {
  it.each([
    ['coarse', { quality: 10 }, 64],
    ['fine', { quality: 100 }, 16],
    ['in eight partitions', { quality: 80, partitions: 3 }, 32],
    ['with a simple filter', { quality: 60, filter_type: 0 }, 32],
    ['of the slowest method', { quality: 75, method: 6 }, 32],
  ])('that is whole is the picture, or nearly so: %s', async (_, options, most) => {
    const webp = await makeWebp(portrait, options)
    expect(largestDifference(await decodePhoto(webp, codecs), portrait)).toBeLessThan(most)
  })

  it('that is whole, and transparent, is accepted', async () => {
    const webp = await makeWebp(portrait, { quality: 80 }, (x) => (x < 100 ? 128 : 255))
    expect(await isRefused(webp)).toBe(false)
  })

  it.each([
    ['opaque', undefined],
    ['transparent', (x: number) => (x < 100 ? 128 : 255)],
  ])('with one byte of its picture changed is refused: %s', async (_, alpha) => {
    const webp = await makeWebp(portrait, { quality: 80 }, alpha)
    const picture = Buffer.from(webp).indexOf('VP8 ')
    const random = seededRandom(3)
    let refused = 0
    for (let i = 0; i < 100; i++) {
      const at = picture + 100 + Math.floor(random() * (webp.length - picture - 200))
      if (await isRefused(webp.with(at, webp[at]! ^ 0x10) as Uint8Array)) refused++
    }
    expect(refused).toBeGreaterThanOrEqual(95)
  })
})

describe('a WebP without its last byte', () => {
  it('is the same picture where that byte is padding', async () => {
    const webp = await makeWebp(portrait, { quality: 70 })
    const whole = await decodePhoto(webp, codecs)
    // A chunk of an odd length behind the picture, and the byte that makes it even.
    const padded = addWebpChunk(webp, 'XMP ', new Uint8Array(7))
    expect(await decodePhoto(padded.subarray(0, -1), codecs)).toEqual(whole)
    expect(await isRefused(padded.subarray(0, -2), /cut short/)).toBe(true)
  })

  it('is refused where that byte is data', async () => {
    const webp = await makeWebp(portrait, { quality: 70 })
    expect(await isRefused(webp.subarray(0, -1), /ends behind the file/)).toBe(true)
  })
})
