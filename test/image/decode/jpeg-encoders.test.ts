/** Ways to write a sound JPEG that no encoder at hand has, and the damage that looks like them. */
import { describe, expect, it } from 'vitest'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { writeJpeg } from '../../support/photos/jpeg/write-jpeg.ts'
import { writeProgressive } from '../../support/photos/jpeg/write-progressive.ts'
import { largestDifference, makePicture } from '../../support/photos/make-photo.ts'
import { createNodeCodecs } from '../../support/photos/node-codecs.ts'

const codecs = createNodeCodecs()
const refused = { code: 'image_unreadable', message: expect.stringMatching(/^The JPEG is damaged/) }

function decode(photo: Uint8Array): Promise<RgbImage> {
  return decodePhoto(photo, codecs)
}

/**
 * Plain above, unless told otherwise, below it blocks of a few waves each: strong ones, so that no coefficient begins with the last bit, and a run is full of bits that
 * refine others.
 */
function makeWaves(
  width: number,
  height: number,
  isPlain = (_: number, y: number): boolean => y < height / 3,
): RgbImage {
  const data = new Uint8Array(width * height * 3).fill(128)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (isPlain(x, y)) continue
      const strength = 4 + ((7 * (x >> 3) + 5 * (y >> 3)) % 8)
      let value = 128
      for (const wave of [1, 2, 4, 6]) {
        value += strength * Math.cos(((2 * (x & 7) + 1) * wave * Math.PI) / 16)
        value += strength * Math.cos(((2 * (y & 7) + 1) * wave * Math.PI) / 16)
      }
      data.fill(value, (y * width + x) * 3, (y * width + x) * 3 + 3)
    }
  }
  return { width, height, data }
}

describe('a progressive JPEG', () => {
  const picture = makeWaves(320, 240)

  it.each([255, 937])(
    'is whole where a run of blocks ends before %i bits refine coefficients in it',
    async (mostRefined) => {
      const photo = writeProgressive(picture, { mostRefined })
      expect(photo).not.toEqual(writeProgressive(picture, { mostRefined: 63 * 1200 }))
      const sequential = writeJpeg(picture, { sampling: [[1, 1]], step: 4 })
      expect(largestDifference(await decode(photo), await decode(sequential))).toBe(0)
    },
  )

  it.each<[string, (block: number) => boolean]>([
    ['each block, as the encoder of Rust writes them', () => true],
    ['each row', (block) => block % 40 === 39],
  ])('is whole where runs end with %s, and few blocks are empty', async (_, endsAfter) => {
    const busy = makeWaves(320, 240, (x, y) => y < 16 && (x < 40 || x >= 280))
    const sequential = writeJpeg(busy, { sampling: [[1, 1]], step: 4 })
    const photo = writeProgressive(busy, { endsAfter })
    expect(largestDifference(await decode(photo), await decode(sequential))).toBe(0)
  })

  it('is damaged where one run is two for no reason', async () => {
    await expect(decode(writeProgressive(picture, { splitOnce: true }))).rejects.toMatchObject(
      refused,
    )
  })
})

describe('a quantisation table', () => {
  const picture = makePicture(64, 64)
  const photo = writeJpeg(picture, { step: 10 })
  const table = photo.findIndex((byte, i) => byte === 0xff && photo[i + 1] === 0xdb) + 5
  const withStep = (place: number, step: number): Uint8Array =>
    photo.with(table + place, step) as Uint8Array

  it('may have a coarse last step, as those of jpegli have in every 4:2:0 file', async () => {
    expect(largestDifference(await decode(withStep(63, 99)), await decode(photo))).toBeLessThan(30)
  })

  it('may have a fine first step, as some encoders send means exactly', async () => {
    expect(largestDifference(await decode(withStep(0, 1)), await decode(photo))).toBeGreaterThan(0)
  })

  it('is damaged where any other step is coarse or fine alone', async () => {
    for (let place = 0; place < 64; place++) {
      const alone = [...(place < 63 ? [99] : []), ...(place > 0 ? [1] : [])]
      for (const step of alone) {
        await expect(decode(withStep(place, step)), `${place}`).rejects.toMatchObject(refused)
      }
    }
  })
})
