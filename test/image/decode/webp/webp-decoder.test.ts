/** WebPs whose data ends elsewhere than their picture, and whole ones of many kinds. */
import { beforeAll, describe, expect, it } from 'vitest'
import { FaceError } from '../../../../src/errors/face-error.ts'
import { decodePhoto } from '../../../../src/image/decode/decode.ts'
import type { RgbImage } from '../../../../src/image/rgb-image.ts'
import { addWebpChunk } from '../../../support/photos/add-exif.ts'
import { largestDifference, makeWebp } from '../../../support/photos/make-photo.ts'
import { joinBytes } from '../../../support/photos/make-png.ts'
import { createNodeCodecs } from '../../../support/photos/node-codecs.ts'
import { drawImage, sampleImage } from '../../../support/photos/sample-photos.ts'
import { seededRandom } from '../../../support/random.ts'

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

/** Three fewer. The decoder reads on in the byte that makes the length even. */
function withoutLastZeros(webp: Uint8Array): Uint8Array {
  expect([...webp.subarray(-3)]).toEqual([0, 0, 0])
  const short = webp.slice(0, -2)
  const view = new DataView(short.buffer)
  view.setUint32(4, short.length - 8, true)
  view.setUint32(16, short.length - 20 - 1, true)
  return short
}

describe('a lossy WebP', () => {
  it.each([
    ['coarse', { quality: 10 }, 64],
    ['fine', { quality: 100 }, 16],
    ['in eight partitions', { quality: 80, method: 0, partitions: 3 }, 32],
    ['with a simple filter', { quality: 60, filter_type: 0 }, 32],
    ['of the slowest method', { quality: 75, method: 6 }, 32],
  ])('that is whole is the picture, or nearly so: %s', async (_, options, most) => {
    const webp = await makeWebp(portrait, options)
    expect(largestDifference(await decodePhoto(webp, codecs), portrait)).toBeLessThan(most)
  })

  it('that is whole is accepted, however many blocks it has across and down', async () => {
    for (let side = 1; side <= 8; side++) {
      for (let other = 1; other <= 8; other++) {
        const image = drawImage(16 * side, 16 * other, (x, y) => [x * y, 3 * x, 5 * y])
        for (const partitions of [0, 2]) {
          const webp = await makeWebp(image, { quality: 60, method: 0, partitions })
          expect(await isRefused(webp), `${side} x ${other}, ${partitions}`).toBe(false)
        }
      }
    }
  })

  // Of these qualities, so that the data ends before the last three zeros do.
  it.each([
    { parts: 1, partitions: 0, flatQuality: 40, drawnQuality: 45 },
    { parts: 2, partitions: 1, flatQuality: 40, drawnQuality: 15 },
    { parts: 4, partitions: 2, flatQuality: 30, drawnQuality: 75 },
    { parts: 8, partitions: 3, flatQuality: 30, drawnQuality: 15 },
  ])(
    'that is small is the picture with hardly a zero at its end, too: $parts parts',
    async ({ parts, partitions, flatQuality, drawnQuality }) => {
      // A row of blocks for each part.
      const [width, height] = [48, 16 * parts]
      const flat = drawImage(width, height, () => [192, 128, 96])
      const drawn = drawImage(width, height, (x, y) => [x * y, 3 * x, 5 * y])
      for (const [image, quality] of [
        [flat, flatQuality],
        [drawn, drawnQuality],
      ] as const) {
        const webp = await makeWebp(image, { quality, method: 0, partitions })
        const whole = await decodePhoto(webp, codecs)
        expect(await decodePhoto(withoutLastZeros(webp), codecs)).toEqual(whole)
      }
    },
  )

  it('that is small is accepted, though an earlier part ends near the end of the file, too', async () => {
    for (const side of [16, 32, 48, 64, 96]) {
      const flat = drawImage(side, side, () => [192, 128, 96])
      const drawn = drawImage(side, side, (x, y) => [x * y, 3 * x, 5 * y])
      for (const image of [flat, drawn]) {
        for (const partitions of [1, 2, 3]) {
          const webp = await makeWebp(image, { quality: 60, method: 0, partitions })
          const withChunk = addWebpChunk(webp, 'XMP ', new Uint8Array(0))
          expect(await isRefused(withChunk), `${side}, ${partitions}`).toBe(false)
        }
      }
    }
  })

  it('that is whole, and transparent, is accepted', async () => {
    const webp = await makeWebp(portrait, { quality: 80 }, (x) => (x < 100 ? 128 : 255))
    expect(await isRefused(webp)).toBe(false)
  })

  it('that is whole is accepted, whatever the bytes of another chunk behind its picture', async () => {
    const webp = await makeWebp(portrait, { quality: 80, method: 0, partitions: 2 })
    const image = await decodePhoto(webp, codecs)
    for (const length of [1, 2, 3, 40]) {
      const behind = new Uint8Array(length).fill(0xff)
      expect(await decodePhoto(addWebpChunk(webp, 'XMP ', behind), codecs)).toEqual(image)
    }
  })

  it.each([
    ['opaque', {}, undefined],
    ['transparent', {}, (x: number) => (x < 100 ? 128 : 255)],
    ['in eight partitions', { method: 0, partitions: 3 }, undefined],
  ])('with one byte of its picture changed is refused: %s', async (_, options, alpha) => {
    const webp = await makeWebp(portrait, { quality: 80, ...options }, alpha)
    const picture = Buffer.from(webp).indexOf('VP8 ')
    const random = seededRandom(3)
    let refused = 0
    for (let i = 0; i < 100; i++) {
      const at = picture + 100 + Math.floor(random() * (webp.length - picture - 200))
      if (await isRefused(webp.with(at, webp[at]! ^ 0x10) as Uint8Array)) refused++
    }
    expect(refused).toBeGreaterThanOrEqual(98)
  })

  it('with one byte changed is refused if it is small and most of its eight partitions are empty', async () => {
    const random = seededRandom(3)
    const image = drawImage(48, 48, () => [random() * 256, random() * 256, random() * 256])
    const webp = await makeWebp(image, { quality: 90, method: 0, partitions: 3 })
    expect(await isRefused(webp)).toBe(false)
    let refused = 0
    for (let i = 0; i < 100; i++) {
      const at = 120 + Math.floor(random() * (webp.length - 200))
      if (await isRefused(webp.with(at, webp[at]! ^ 0x10) as Uint8Array)) refused++
    }
    expect(refused).toBeGreaterThanOrEqual(98)
  })

  it('with a part of its transparency in another place too is refused mostly: it ends elsewhere', async () => {
    const random = seededRandom(3)
    // Of an ellipse with a soft, grainy edge.
    const cutOut = (x: number, y: number): number => {
      const away = Math.hypot(x - 230, y - 230) / 230
      return Math.max(0, Math.min(255, Math.round(1020 * (1.25 - away) + 12 * random())))
    }
    const webp = await makeWebp(portrait, { quality: 80 }, cutOut)
    expect(await isRefused(webp)).toBe(false)
    const start = Buffer.from(webp).indexOf('ALPH') + 8
    const length = new DataView(webp.buffer).getUint32(start - 4, true)
    const place = (): number => start + 50 + Math.floor(random() * (length - 90))
    let refused = 0
    for (let i = 0; i < 100; i++) {
      const from = place()
      const changed = webp.slice()
      changed.set(webp.subarray(from, from + 40), place())
      if (await isRefused(changed)) refused++
    }
    expect(refused).toBeGreaterThanOrEqual(90)
  })

  it('with its last bits changed is refused: they say where it ends', async () => {
    const webp = await makeWebp(portrait, { quality: 80 })
    const end = 20 + new DataView(webp.buffer).getUint32(16, true)
    const last = webp.subarray(0, end).findLastIndex((byte) => byte !== 0)
    for (const bit of [1, 2, 4]) {
      expect(await isRefused(webp.with(last, webp[last]! ^ bit) as Uint8Array)).toBe(true)
      expect(await isRefused(webp.with(end - 1, bit) as Uint8Array)).toBe(true)
    }
  })
})

describe('a lossless WebP', () => {
  const halfClear = (x: number): number => (x < 100 ? 128 : 255)

  it.each([
    ['opaque', 4, undefined],
    ['transparent', 4, halfClear],
    ['of the quickest method', 0, undefined],
    ['of the slowest method', 6, undefined],
  ])('that is whole is the picture: %s', async (_, method, alpha) => {
    const webp = await makeWebp(portrait, { lossless: 1, exact: 1, method }, alpha)
    const image = await decodePhoto(webp, codecs)
    if (!alpha) expect(largestDifference(image, portrait)).toBe(0)
    expect(await decodePhoto(addWebpChunk(webp, 'XMP ', new Uint8Array(9)), codecs)).toEqual(image)
  })

  it('that is whole is the picture, however small and of however few colours', async () => {
    for (const [width, height] of [
      [1, 1],
      [2, 3],
      [17, 5],
      [64, 1],
      [40, 40],
    ] as const) {
      for (const colours of [1, 2, 4, 16, 300]) {
        const image = drawImage(width, height, (x, y) => {
          const colour = ((x * 7 + y * 13) % colours) * 31
          return [colour & 255, (colour >> 3) & 255, 90]
        })
        const webp = await makeWebp(image, { lossless: 1, exact: 1 })
        expect(await decodePhoto(webp, codecs), `${width} x ${height}, ${colours}`).toEqual(image)
      }
    }
  })

  it('with some bytes of its picture changed is refused in one case of three at least: where it ends elsewhere', async () => {
    const webp = await makeWebp(portrait, { lossless: 1, exact: 1 })
    const random = seededRandom(3)
    const rounds = 20
    let refused = 0
    for (let i = 0; i < rounds; i++) {
      const at = 100 + Math.floor(random() * (webp.length - 400))
      const [from, to] = [at, at + 100]
      const noise = Uint8Array.from({ length: 100 }, () => 256 * random())
      const changed = [
        webp.with(at, webp[at]! ^ 0x10) as Uint8Array,
        joinBytes(webp.subarray(0, from), noise, webp.subarray(to)),
        joinBytes(webp.subarray(0, from), webp.subarray(to), webp.subarray(from, to)),
      ]
      for (const bytes of changed) if (await isRefused(bytes)) refused++
    }
    expect(refused).toBeGreaterThanOrEqual(rounds)
  })

  /** In the picture's own chunk. */
  const withByteBehind = (webp: Uint8Array, byte: number): Uint8Array => {
    const length = 20 + new DataView(webp.buffer).getUint32(16, true)
    const longer = joinBytes(
      webp.subarray(0, length),
      Uint8Array.of(byte, 0).subarray(0, 2 - (length & 1)),
    )
    const view = new DataView(longer.buffer)
    view.setUint32(4, longer.length - 8, true)
    view.setUint32(16, length - 20 + 1, true)
    return longer
  }

  it('may have one byte behind its data, a zero', async () => {
    const webp = await makeWebp(portrait, { lossless: 1, exact: 1 })
    expect(await isRefused(withByteBehind(webp, 0))).toBe(false)
    expect(await isRefused(withByteBehind(webp, 1))).toBe(true)
    expect(await isRefused(withByteBehind(withByteBehind(webp, 0), 0))).toBe(true)
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
